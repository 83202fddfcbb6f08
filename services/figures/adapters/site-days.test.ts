import { expect, test } from '@jest/globals';
import { createSiteDays } from './site-days.js';
import { createSlots } from './slots.js';

const MINUTE_MS = 60_000;
const isIn = (spans: readonly { readonly fromMs: number; readonly untilMs: number }[], atMs: number): boolean =>
  spans.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);

test.each([
  ['no change', 'Asia/Shanghai', '2026-11-22'],
  ['the hour at two does not exist', 'Europe/Berlin', '2026-03-29'],
  ['the hour at two is there twice', 'Europe/Berlin', '2026-10-25'],
  ['half an hour is there twice', 'Australia/Lord_Howe', '2026-04-05'],
])('the times of an hour of the week are those that the report counts in it: %s', (_name, zone, sunday) => {
  const days = createSiteDays(zone);
  const { span } = days.daysOf(sunday, sunday);
  const slotOf = createSlots('hour-of-week', zone);
  const hours = Array.from({ length: 24 }, (_, hour) => `7-${String(hour).padStart(2, '0')}`);
  const spansOf = new Map(hours.map((key) => [key, days.hoursIn(span, key)]));
  for (let atMs = span.fromMs; atMs < span.untilMs; atMs += 15 * MINUTE_MS)
    expect([new Date(atMs), hours.filter((key) => isIn(spansOf.get(key) ?? [], atMs))]).toEqual([new Date(atMs), [slotOf(atMs).key]]);
});
