import { expect, test } from '@jest/globals';
import { createTenure, readOnceHeld } from './tenure.js';

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

test('what an earlier process left is read once the role is confirmed, and not as it was before', async () => {
  const { tenure } = site();
  let left = 'as another process has it';
  let reads = 0;
  let result: string | undefined;
  const reading = readOnceHeld(tenure, async () => {
    reads += 1;
    return left;
  }).then((found) => (result = found));
  await new Promise((resolve) => setImmediate(resolve));
  expect({ reads, result, isHeld: tenure.isHeld() }).toEqual({ reads: 1, result: undefined, isHeld: false });
  left = 'as it was left';
  tenure.confirmed(1_000, false);
  await reading;
  expect({ result, isHeld: tenure.isHeld() }).toEqual({ result: 'as it was left', isHeld: true });
});

test('whoever has the role reads once, and who cannot read does not wait for the role', async () => {
  const { tenure } = site();
  await expect(readOnceHeld(tenure, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  tenure.confirmed(1_000, false);
  let reads = 0;
  await readOnceHeld(tenure, async () => (reads += 1));
  expect(reads).toBe(1);
});
