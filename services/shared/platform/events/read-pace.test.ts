import { expect, test } from '@jest/globals';
import { createReadPace } from './read-pace.js';

/** Time passes only when a test says so; until then, timers wait here. */
function timeAsGiven() {
  const due = new Set<() => void>();
  return {
    later: (_ms: number, run: () => void) => {
      due.add(run);
      return () => void due.delete(run);
    },
    pass: () => {
      for (const run of due) run();
      due.clear();
    },
  };
}

/** Whether the next read has to wait. */
const waits = async (reading: Promise<void>): Promise<boolean> =>
  (await Promise.race([reading.then(() => 'allowed'), new Promise((resolve) => setImmediate(resolve, 'waits'))])) === 'waits';

test('a reader that asks seldom is never held back, one that asks always waits for its share', async () => {
  let atMs = 0;
  const pace = createReadPace(() => atMs, timeAsGiven().later);
  for (let read = 0; read < 25; read += 1) expect(await waits(pace.allowed())).toBe(false);
  expect(await waits(pace.allowed())).toBe(true);
  for (let read = 0; read < 100; read += 1) {
    atMs += 20;
    expect(await waits(pace.allowed())).toBe(false);
  }
});

test('an event for which a person waits is read at once, and costs no read of its own when it was read already', async () => {
  const { later, pass } = timeAsGiven();
  const pace = createReadPace(() => 0, later);
  for (let read = 0; read < 25; read += 1) await pace.allowed();
  const held = pace.allowed();
  expect(await waits(held)).toBe(true);
  pace.hurry('one');
  expect(await waits(held)).toBe(false);
  pace.wasRead('one');
  pace.hurry('one');
  const next = pace.allowed();
  expect(await waits(next)).toBe(true);
  pass();
  await next;
  // This event came during a read that may have missed it.
  pace.hurry('two');
  expect(await waits(pace.allowed())).toBe(false);
  const last = pace.allowed();
  expect(await waits(last)).toBe(true);
  pass();
  await last;
});
