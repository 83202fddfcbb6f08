import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BareSeat } from '../support/bare-seat.js';
import { Stack } from '../support/stack.js';
import { proofOf, runTool } from '../support/tools.js';
import { until } from '../support/until.js';
import { ValkeyGroup } from '../support/servers/valkey-group.js';
import { converse } from './support/conversation.js';

// The product on a Valkey with two replicas and three sentinels, whose primary dies or hangs while people talk.

/** A second to notice, the vote of the sentinels, and reconnecting. */
const BACK_WITHIN_MS = 15_000;

let group: ValkeyGroup;
let stack: Stack;

beforeAll(async () => {
  group = await ValkeyGroup.start();
  stack = await Stack.start({ env: group.settings });
}, 180_000);
afterAll(async () => {
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  await (group as ValkeyGroup | undefined)?.[Symbol.asyncDispose]();
}, 60_000);

test('the primary is killed: the conversation goes on, ends with its record and its recording, and the next call rings', async () => {
  const seat = await BareSeat.open(stack, 'agent1');
  const first = await converse(seat, stack.sip);
  const before = await group.primaryPort();
  const killedAtMs = performance.now();
  (await group.primary()).kill('SIGKILL');
  await first.heard();
  await until(
    () => group.primaryPort(),
    (port) => port !== before,
    BACK_WITHIN_MS,
  );
  // An agent's action is repeated: it goes through the commands and the state.
  await until(
    () =>
      seat.ask('call:hold', { callId: first.callId }).then(
        () => true,
        () => false,
      ),
    Boolean,
    BACK_WITHIN_MS,
  );
  expect(performance.now() - killedAtMs).toBeLessThan(BACK_WITHIN_MS);
  await seat.ask('call:resume', { callId: first.callId });
  await first.heard();
  const over = seat.next<{ callId: string }>('call:ended');
  first.caller.hangUp();
  expect((await over).callId).toBe(first.callId);
  first.caller.close();
  const token = await stack.signIn('supervisor');
  await until(
    () => stack.http('GET', `/api/recordings/${first.callId}/audio`, { token }),
    ({ status }) => status === 200,
  );
  const second = await converse(seat, stack.sip);
  second.caller.hangUp();
  second.caller.close();
  await seat.leave();
}, 180_000);

test('a proof call holds in every stage, the ledger and the audit log are whole', async () => {
  const { stages } = await proofOf(stack);
  expect(stages.filter(({ ok }) => !ok)).toEqual([]);
  const { VALKEY_PASSWORD, VALKEY_SENTINEL_PASSWORD } = group.settings;
  for (const tool of ['ledger', 'audit']) {
    const { code, printed } = await runTool(stack, tool, ['--check'], { VALKEY_PASSWORD, VALKEY_SENTINEL_PASSWORD });
    expect({ code, printed: code === 0 ? '' : printed }).toEqual({ code: 0, printed: '' });
  }
}, 180_000);
