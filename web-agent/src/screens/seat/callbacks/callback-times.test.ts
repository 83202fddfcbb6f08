import { expect, test } from '@jest/globals';
import { standAt } from '../../../components/time/times.js';
import { tomorrowAtNine } from './callback-times.js';

test.each([
  ['Asia/Shanghai', '2026-12-31T15:59:00Z', '2027-01-01T01:00:00.000Z'],
  ['Asia/Shanghai', '2026-12-31T16:01:00Z', '2027-01-02T01:00:00.000Z'],
  ['Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-29T07:00:00.000Z'],
])('tomorrow at nine in %s, over the end of a year and of winter time', (zone, now, nine) => {
  standAt(zone);
  expect(tomorrowAtNine(new Date(now)).toISOString()).toBe(nine);
});
