import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { leaderRound } from '../../cluster/rounds/leader.js';
import { startSecond, type SecondProcess } from '../../cluster/second-process.js';
import { Stack } from '../../support/stack.js';

// The short form of `npm run cluster -- --only T7`.

jest.setTimeout(180_000);

const BESIDE_OTHER_WORK_MS = 8_000;

let stack: Stack;
let second: SecondProcess;

beforeAll(async () => {
  stack = await Stack.start({ layout: 'roles' });
  second = await startSecond(stack, 'routing');
});
afterAll(async () => {
  await (second as SecondProcess | undefined)?.[Symbol.asyncDispose]();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

test('the leader of routing sleeps: another decides, no seat is offered two calls, and when it wakes it does nothing more', async () => {
  const round = await leaderRound(stack, 'SIGSTOP and SIGCONT', BESIDE_OTHER_WORK_MS);
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
  expect(round.longestGapMs).toBeLessThan(1_000);
  expect(stack.logOf('routing')).toContain('another routing process has taken over');
});
