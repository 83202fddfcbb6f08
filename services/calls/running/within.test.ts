import { expect, test } from '@jest/globals';
import { within } from './within.js';

/** A clock whose timers run out at once when the test lets them. */
function clock() {
  const due: (() => void)[] = [];
  let cancelled = 0;
  return {
    later: (_ms: number, run: () => void) => {
      due.push(run);
      return () => void (cancelled += 1);
    },
    runsOut: () => {
      for (const run of due) run();
    },
    cancelled: () => cancelled,
  };
}

test('an answer that comes in time is given, and the clock is stopped', async () => {
  const { later, cancelled } = clock();
  expect(await within(later, 300, Promise.resolve(7))).toBe(7);
  expect(cancelled()).toBe(1);
});

test('a failure is no answer', async () => {
  const { later, cancelled } = clock();
  expect(await within(later, 300, Promise.reject<number>(new Error('no relay')))).toBeUndefined();
  expect(cancelled()).toBe(1);
});

test('who does not answer in time holds nobody up, and may fail afterwards', async () => {
  const { later, runsOut } = clock();
  let fail: (error: Error) => void = () => undefined;
  const asked = within(later, 300, new Promise<number>((_resolve, reject) => (fail = reject)));
  runsOut();
  expect(await asked).toBeUndefined();
  fail(new Error('too late'));
});
