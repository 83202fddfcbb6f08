import { expect, test } from '@jest/globals';
import { createDayFigures, type BoardVisit } from './day-figures.js';

const MIDNIGHT = Date.parse('2026-11-27T16:00:00Z');
const minutes = (count: number): number => MIDNIGHT + count * 60_000;
const entered = (visitId: string, enteredAtMs: number, more: Partial<BoardVisit> = {}): BoardVisit => ({
  visitId,
  queueId: 'q',
  enteredAtMs,
  thresholdMs: 20_000,
  ...more,
});
const answered = (visitId: string, enteredAtMs: number, waitMs = 1_000): BoardVisit =>
  entered(visitId, enteredAtMs, { outcome: 'answered', waitMs });

function today() {
  const figures = createDayFigures();
  figures.turnTo(MIDNIGHT);
  return figures;
}

test('a visit that is published twice, and read from its row, counts once', () => {
  const figures = today();
  figures.saw(entered('v1', minutes(1)));
  figures.saw(answered('v1', minutes(1)));
  figures.saw(answered('v1', minutes(1)));
  figures.saw(entered('v1', minutes(1)));
  expect(figures.of('q', minutes(2)).today).toMatchObject({ entered: 1, answered: 1, waiting: 0 });
});

test('a stored row that says otherwise replaces what an event said', () => {
  const figures = today();
  figures.saw(answered('v1', minutes(1), 30_000));
  figures.saw({ ...answered('v1', minutes(1), 30_000), thresholdMs: 60_000 });
  expect(figures.of('q', minutes(2)).today).toMatchObject({ entered: 1, answeredInTime: 1 });
});

test('who waits is judged by the time waited so far', () => {
  const figures = today();
  figures.saw(entered('v1', minutes(1)));
  expect(figures.of('q', minutes(1) + 20_000).today).toMatchObject({ waiting: 1, waitingInTime: 1 });
  expect(figures.of('q', minutes(1) + 20_001).today).toMatchObject({ waiting: 1, waitingInTime: 0 });
});

test('a visit counts on the day on which it began, and in the last half hour across midnight', () => {
  const figures = today();
  const nextMidnight = minutes(1_440);
  figures.saw(answered('old', minutes(1_300)));
  figures.saw(answered('before', nextMidnight - 60_000));
  figures.saw(entered('across', nextMidnight - 30_000));
  expect(figures.turnTo(nextMidnight)).toBe(true);
  expect(figures.turnTo(nextMidnight)).toBe(false);
  figures.saw(entered('across', nextMidnight - 30_000, { outcome: 'abandoned', waitMs: 60_000 }));
  figures.saw(answered('after', nextMidnight + 1_000));
  const { today: day, lately } = figures.of('q', nextMidnight + 60_000);
  expect([day.entered, day.answered, day.abandoned]).toEqual([1, 1, 0]);
  expect([lately.entered, lately.answered, lately.abandoned]).toEqual([3, 2, 1]);
  expect(figures.of('q', nextMidnight + 1_860_001).lately.entered).toBe(0);
});

test('a queue without visits has nothing to count', () => {
  expect(today().of('none', MIDNIGHT).today).toMatchObject({ entered: 0, waiting: 0 });
});

test('a caller who gives up after hours hides nobody of the last half hour', () => {
  const figures = today();
  figures.saw(entered('patient', minutes(1)));
  for (let place = 0; place < 5; place += 1) figures.saw(answered(`v${place}`, minutes(180 + place)));
  figures.saw(entered('patient', minutes(1), { outcome: 'abandoned', waitMs: 11_000_000 }));
  const { today: day, lately } = figures.of('q', minutes(190));
  expect([day.entered, lately.entered, lately.answered]).toEqual([6, 5, 5]);
});
