import { expect, test } from '@jest/globals';
import { occasionOf, type SiteTime } from './occasion.js';

/** A site eight hours ahead of UTC. */
const siteTimeOf = (atMs: number): SiteTime => {
  const local = new Date(atMs + 8 * 3_600_000).toISOString();
  return { date: local.slice(0, 10), hour: Number(local.slice(11, 13)) };
};
const at = (time: string): number => Date.parse(`${time}+08:00`);
const daily = (time: string): string => occasionOf({ dailyFromHour: 3 }, at(time), siteTimeOf);

test('a daily job has one occasion a day, from its hour on; before it the occasion is that of yesterday', () => {
  expect(daily('2026-11-27T02:59:59')).toBe('2026-11-26');
  expect(daily('2026-11-27T03:00:00')).toBe('2026-11-27');
  expect(daily('2026-11-27T23:59:59')).toBe('2026-11-27');
  expect(daily('2026-11-28T02:00:00')).toBe('2026-11-27');
});

test('a job of every hour has one occasion an hour, whenever it is asked for', () => {
  const hourly = (time: string): string => occasionOf({ everyMs: 3_600_000 }, at(time), siteTimeOf);
  expect(hourly('2026-11-27T10:00:00')).toBe(hourly('2026-11-27T10:59:59'));
  expect(hourly('2026-11-27T11:00:00')).not.toBe(hourly('2026-11-27T10:59:59'));
});
