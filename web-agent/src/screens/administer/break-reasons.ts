import type { BreakReason } from '../../../../services/shared/contracts/queues/queue.js';

/** What is wrong with a reason, in the order in which a person would put it right. */
export type BreakFault = 'id' | 'idTwice' | 'name' | 'nameTwice';

/** Without an English name the Chinese one is used in English pages too. */
export const wholeBreaks = (rows: readonly BreakReason[]): BreakReason[] =>
  rows.map(({ name, ...rest }) => {
    const [chinese, english] = [name['zh-CN'].trim(), name.en.trim()];
    return { ...rest, name: { 'zh-CN': chinese, en: english === '' ? chinese : english } };
  });

/** The faults of each row, by its place. */
export function breakFaults(rows: readonly BreakReason[]): readonly (readonly BreakFault[])[] {
  const isTwice = (value: string, of: (row: BreakReason) => string): boolean => rows.filter((row) => of(row).trim() === value).length > 1;
  return rows.map(({ id, name }) => {
    const chinese = name['zh-CN'].trim();
    return [
      ...(/^[a-z0-9-]{1,30}$/.test(id) ? [] : (['id'] as const)),
      ...(isTwice(id.trim(), (row) => row.id) ? (['idTwice'] as const) : []),
      ...(chinese === '' ? (['name'] as const) : []),
      ...(chinese !== '' && isTwice(chinese, (row) => row.name['zh-CN']) ? (['nameTwice'] as const) : []),
    ];
  });
}

/** A new reason under an id that no other has. */
export function freshBreak(rows: readonly BreakReason[]): BreakReason {
  let n = rows.length + 1;
  while (rows.some(({ id }) => id === `break-${n}`)) n += 1;
  return { id: `break-${n}`, name: { 'zh-CN': '', en: '' } };
}
