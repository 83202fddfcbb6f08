import { expect, test } from '@jest/globals';
import type { Complaint } from './complaint.js';
import { repeats } from './repeats.js';

type Compared = Parameters<typeof repeats>[0];
const dueOn = (day: string): Complaint['clocks'] => [{ dueAt: new Date(`${day}T16:00:00Z`) }] as unknown as Complaint['clocks'];
const first: Compared = {
  id: 'first',
  kind: 'attitude',
  clientUnit: 'bank',
  source: 'phone',
  receivedAt: new Date('2026-03-02T02:00:00Z'),
  clocks: dueOn('2026-03-17'),
};
const again: Compared = { ...first, id: 'again', source: 'web', receivedAt: new Date('2026-03-04T02:00:00Z'), clocks: dueOn('2026-03-19') };

test.each<[string, Partial<Compared>, boolean]>([
  ['the same complaint two days later', {}, true],
  ['one that is due with the first', { clocks: dueOn('2026-03-17') }, true],
  ['one whose province gives it less time', { clocks: dueOn('2026-03-11') }, false],
  ['itself', { id: 'first' }, false],
  ['another kind', { kind: 'waiting' }, false],
  ['another client unit', { clientUnit: 'shop' }, false],
  ['one that the regulator forwards', { source: 'regulator' }, false],
  ['one of the next season', { receivedAt: new Date('2026-06-04T02:00:00Z') }, false],
])('%s', (_name, change, joined) => {
  expect(repeats({ ...again, ...change }, first)).toBe(joined);
});

test('a case whose time was put off takes in no complaint that is due before it', () => {
  expect(repeats(again, { ...first, clocks: dueOn('2026-04-06') })).toBe(false);
});
