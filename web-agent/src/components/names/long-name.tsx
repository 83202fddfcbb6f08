import type { ReactNode } from 'react';

/** A name in a table: cut where it would push the other columns out of sight, whole under the mouse and to a screen reader. */
export function LongName({ name }: { readonly name: string }): ReactNode {
  return (
    <span className="long-name" title={name}>
      {name}
    </span>
  );
}
