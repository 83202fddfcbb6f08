import { expect, test } from '@jest/globals';
import { atWall, standAt } from '../../components/times.js';
import { inputTime, tomorrowAtNine } from './callback-times.js';

test('a time is written by the clock of the site as the input has it, and read back as the same minute', () => {
  standAt('Asia/Shanghai');
  const at = new Date('2026-01-05T00:07:42Z');
  expect(inputTime(at)).toBe('2026-01-05T08:07');
  expect(atWall(inputTime(at)).toISOString()).toBe('2026-01-05T00:07:00.000Z');
});

test.each([
  ['Asia/Shanghai', '2026-12-31T15:59:00Z', '2027-01-01T01:00:00.000Z'],
  ['Asia/Shanghai', '2026-12-31T16:01:00Z', '2027-01-02T01:00:00.000Z'],
  ['Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T07:00:00.000Z'],
])('tomorrow at nine in %s, over the end of a year and of winter time', (zone, now, nine) => {
  standAt(zone);
  expect(tomorrowAtNine(new Date(now)).toISOString()).toBe(nine);
});
