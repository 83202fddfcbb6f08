/**
 * Which column each head of a list is, undefined where it is none. Heads are written as people write them: the column's own name or one of its
 * `heads`, in any case, with the star of a column that must be filled.
 */
export function columnsOf<C extends string>(row: readonly string[], heads: Readonly<Record<C, readonly string[]>>): (C | undefined)[] {
  return row.map((head) => {
    const name = head.trim().replace(/\*$/, '').trimEnd().toLowerCase();
    return (Object.keys(heads) as C[]).find((column) => column.toLowerCase() === name || heads[column].includes(name));
  });
}
