import type { ReactNode } from 'react';

/** A name in a table: shortened when it would push other columns out of view; complete under the pointer and for a screen reader. */
export function LongName({ name }: { readonly name: string }): ReactNode {
  return (
    <span className="long-name" title={name}>
      {name}
    </span>
  );
}
