import { lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { untilFetched } from './until-fetched.js';

/** A part of a page that is loaded after the first one; nothing on the page waits for it. `instead` holds its place until then. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, instead?: (props: P) => ReactNode): (props: P) => ReactNode {
  const Part = lazy(async () => ({ default: await untilFetched(load) }));
  return function Later(props: P): ReactNode {
    return (
      <Suspense fallback={instead?.(props)}>
        <Part {...props} />
      </Suspense>
    );
  };
}
