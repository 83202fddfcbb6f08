import { expect, test } from '@jest/globals';
import { isMember, moved, spellsOf, teamFinder, teamNow, type Membership } from './team.js';

const day = (date: string): Date => new Date(`${date}T00:00:00+08:00`);
const at = (time: string): number => Date.parse(`${time}+08:00`);

test('a move counts for the whole day on which it is made, and for no day before', () => {
  let memberships: Membership[] = moved([], 'a', day('2026-11-02'));
  memberships = moved(memberships, 'b', day('2026-11-10'));
  const teamAt = teamFinder(spellsOf('ann', memberships));
  expect(teamNow(memberships)).toBe('b');
  expect(
    ['2026-11-01T23:59:59', '2026-11-02T00:00:00', '2026-11-09T23:59:59', '2026-11-10T00:00:00'].map((time) => teamAt('ann', at(time))),
  ).toEqual([undefined, 'a', 'a', 'b']);
  expect(teamAt('ann')).toBe('b');
  expect(teamAt('bob')).toBeUndefined();
});

test('moves of one day are one: what was said of the day before is replaced, of earlier days kept', () => {
  const first = moved([], 'a', day('2026-11-02'));
  const there = moved(first, 'b', day('2026-11-10'));
  expect(moved(there, 'c', day('2026-11-10'))).toEqual([...first, { teamId: 'c', fromAt: day('2026-11-10') }]);
  expect(moved(there, 'a', day('2026-11-10'))).toEqual(first);
});

test('whoever leaves every team is of none from that day on, and of the team before', () => {
  const memberships = moved(moved([], 'a', day('2026-11-02')), null, day('2026-11-10'));
  const spells = spellsOf('ann', memberships);
  expect(teamNow(memberships)).toBeUndefined();
  expect([
    isMember(spells, 'ann'),
    isMember(spells, 'ann', at('2026-11-09T12:00:00')),
    isMember(spells, 'ann', at('2026-11-10T12:00:00')),
  ]).toEqual([false, true, false]);
});
