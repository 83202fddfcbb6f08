import type { PageEntry, PageGroup } from '../pages.js';

const groups: readonly PageGroup[] = ['work', 'supervise', 'compliance', 'administer'];

export interface ShownGroup<E> {
  readonly group: PageGroup;
  readonly entries: readonly E[];
}

/** The pages by their groups; a group without a page is not shown. */
export const groupsOf = <E extends Pick<PageEntry, 'group'>>(pages: readonly E[]): ShownGroup<E>[] =>
  groups.map((group) => ({ group, entries: pages.filter((page) => page.group === group) })).filter(({ entries }) => entries.length > 0);

/** What people open on a telephone, the most wanted first. */
const onTelephone = ['seat', 'wallboard', 'alarms', 'calls', 'complaints', 'agents', 'readiness', 'keeping', 'users', 'system', 'audit'];
const MOST_AT_FOOT = 4;

/** The pages that fit at the foot of a telephone; all others are behind the entry for more. */
export function atFoot<E extends Pick<PageEntry, 'word'>>(pages: readonly E[]): readonly E[] {
  if (pages.length <= MOST_AT_FOOT + 1) return pages;
  const wanted = onTelephone.flatMap((word) => pages.filter((page) => page.word === word));
  return [...wanted, ...pages.filter((page) => !wanted.includes(page))].slice(0, MOST_AT_FOOT);
}
