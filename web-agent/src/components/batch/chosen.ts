/** The rows that a step with the arrow keys goes to, and whether they are chosen on the way. */
export interface ArrowStep {
  readonly to: string;
  readonly choose: readonly string[];
}

/** Where an arrow key leads from a row; with Shift both rows are chosen. Undefined at the end of the list, and for any other key. */
export function arrowStep(
  ids: readonly string[],
  from: string,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
): ArrowStep | undefined {
  const way = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  const to = ids[ids.indexOf(from) + way];
  if (way === 0 || !ids.includes(from) || to === undefined) return undefined;
  return { to, choose: shiftKey ? [from, to] : [] };
}

/** The chosen ids that are still rows: who is gone from the list, or no longer found, cannot be changed unseen. */
export const stillThere = (chosen: readonly string[], ids: readonly string[]): string[] => chosen.filter((id) => ids.includes(id));

/** Skills after a batch: those that are given, in their new level, and without those that are taken away. */
export function skillsAfter(
  held: Readonly<Record<string, number>>,
  { give, take }: { readonly give: Readonly<Record<string, number>>; readonly take: readonly string[] },
): Record<string, number> {
  return Object.fromEntries(Object.entries({ ...held, ...give }).filter(([skill]) => !take.includes(skill)));
}

/** A list after a batch, without an entry twice. */
export const listAfter = (
  held: readonly string[],
  { give, take }: { readonly give: readonly string[]; readonly take: readonly string[] },
): string[] => [...new Set([...held, ...give])].filter((each) => !take.includes(each));
