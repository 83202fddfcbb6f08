import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atWall, foreignZone, standAt, timeText, wallText } from './times.js';

test("times are shown by the clock of the site, not by the reader's", () => {
  standAt('Asia/Shanghai');
  expect(timeText('2026-03-01T16:05:07Z')).toBe('2026-03-02 00:05:07');
  standAt('America/New_York');
  expect(timeText('2026-03-01T16:05:07Z')).toBe('2026-03-01 11:05:07');
  expect(timeText(undefined)).toBe('');
});

test('the zone of the site is named where another clock than its own hangs beside it', () => {
  standAt('Pacific/Chatham');
  expect(foreignZone(new Date('2026-03-01T16:05:07Z'))).toBe('Pacific/Chatham, UTC+13:45');
  standAt(Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(foreignZone()).toBeUndefined();
});

test.each(['Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'UTC'])('what the clock in %s shows names its moment', (zone) => {
  standAt(zone);
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2050-01-01'), noInvalidDate: true }), (at) => {
      // The hour that occurs twice in autumn has two moments that show the same text.
      expect(wallText(atWall(wallText(at)))).toBe(wallText(at));
    }),
  );
  expect(atWall('2026-07-01T08:30').getTime()).toBe(atWall('2026-07-01T08:30:00').getTime());
});
