import { useSyncExternalStore, type ComponentType, type ReactNode } from 'react';
import { untilFetched } from './until-fetched.js';

type Fetched<P> = { readonly Part: ComponentType<P> } | { readonly failure: unknown } | undefined;

/**
 * A part of a page that is loaded when it is first drawn; `instead` holds its place until then. A failure is thrown where the part would stand.
 *
 * React's own way (`lazy` in `Suspense`) shows what it has only 300 ms after it drew what stood instead, however early it came.
 */
export function onceLoaded<P extends object>(
  load: () => Promise<ComponentType<P>>,
  instead?: (props: P) => ReactNode,
): (props: P) => ReactNode {
  let fetched: Fetched<P>;
  let isFetching = false;
  const waiting = new Set<() => void>();
  const came = (what: Fetched<P>): void => {
    fetched = what;
    isFetching = false;
    for (const draw of waiting) draw();
  };
  const fetch = (): void => {
    if (isFetching || fetched !== undefined) return;
    isFetching = true;
    load().then(
      (Part) => came({ Part }),
      (failure: unknown) => came({ failure }),
    );
  };
  const subscribe = (draw: () => void): (() => void) => {
    waiting.add(draw);
    return () => waiting.delete(draw);
  };
  return function OnceLoaded(props: P): ReactNode {
    const now = useSyncExternalStore(subscribe, () => fetched);
    fetch();
    if (now === undefined) return instead?.(props);
    if ('failure' in now) throw now.failure;
    return <now.Part {...props} />;
  };
}

/** The same for a part that nothing waits for: it is asked for again until it comes. */
export const later = <P extends object>(
  load: () => Promise<ComponentType<P>>,
  instead?: (props: P) => ReactNode,
): ((props: P) => ReactNode) => onceLoaded(() => untilFetched(load), instead);
