/** A header as a person reads it: without the star of a required column. */
export const headOf = (head: string): string => head.trim().replace(/\*$/, '').trimEnd();
/** Headers are the same in upper and lower case. */
export const headKey = (head: string): string => headOf(head).toLowerCase();

/**
 * The column of each header of a list, undefined for an unknown header. A header is the column's own name or one of its `heads`, in upper
 * or lower case, with or without the star of a required column.
 */
export function columnsOf<C extends string>(row: readonly string[], heads: Readonly<Record<C, readonly string[]>>): (C | undefined)[] {
  return row.map((head) => {
    const name = headKey(head);
    return (Object.keys(heads) as C[]).find((column) => column.toLowerCase() === name || heads[column].includes(name));
  });
}

const MOST_UNREAD = 20;
const LONGEST_HEAD = 40;

/** Headers that name no column, as they are written: whoever imports the list has to know what is not read. */
export const unreadHeads = (row: readonly string[], columns: readonly unknown[]): readonly string[] =>
  row
    .filter((head, i) => columns[i] === undefined && head.trim() !== '')
    .slice(0, MOST_UNREAD)
    .map((head) => head.trim().slice(0, LONGEST_HEAD));
