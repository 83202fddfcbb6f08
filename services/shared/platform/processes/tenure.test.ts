import { expect, test } from '@jest/globals';
import { createTenure } from './tenure.js';

function site() {
  let now = 1_000;
  let ended = 0;
  const tenure = createTenure({ leaseMs: 2_000, end: () => (ended += 1), nowMs: () => now });
  return { tenure, ended: () => ended, pass: (ms: number) => (now += ms) };
}

test('a process whose role another waits for is ended before the other may have it', () => {
  const { tenure, ended, pass } = site();
  tenure.confirmed(1_000, true);
  pass(1_700);
  tenure.check();
  expect(ended()).toBe(0);
  pass(200);
  tenure.check();
  expect(ended()).toBe(1);
});

test('the time is counted from the question, not from the answer', () => {
  const { tenure, ended, pass } = site();
  const askedMs = tenure.nowMs();
  pass(10_000);
  tenure.confirmed(askedMs, true);
  tenure.check();
  expect(ended()).toBe(1);
});

test('a process goes on when nobody waits for its role, however long it cannot be confirmed', () => {
  const { tenure, ended, pass } = site();
  tenure.check();
  tenure.confirmed(1_000, false);
  pass(3_600_000);
  tenure.check();
  expect(ended()).toBe(0);
});
