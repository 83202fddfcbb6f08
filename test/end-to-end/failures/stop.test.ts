import { expect, test } from '@jest/globals';
import { BareSeat } from '../../support/bare-seat.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

const dial = async (stack: Stack): Promise<SipPhone> => {
  const { address, port } = stack.sip;
  return SipPhone.open({ server: stack.sip, local: '127.0.0.1', from: `sip:13800000001@${address}` }, `sip:4001000@${address}:${port}`);
};

/** A caller who waits in the queue, because the only agent signed in is on a break. */
async function waiting(stack: Stack): Promise<SipPhone> {
  const seat = await BareSeat.open(stack, 'agent1');
  await seat.ask('agent:set-state', { state: 'break', reason: 'lunch' });
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  return caller;
}

const says = (stack: Stack, words: RegExp): Promise<string> =>
  until(
    () => stack.printed(),
    (printed) => words.test(printed),
    20_000,
  );

test('the end of the product waits for its calls, says so, refuses new ones, and ends when the last has ended', async () => {
  await using stack = await Stack.start({ env: { STOP_DRAIN_S: '60' } });
  const caller = await waiting(stack);
  let hungUp = false;
  void caller.ended.then((by) => (hungUp ||= by === 'there'));
  const stopped = stack.stop();
  await says(stack, /Waiting for 1 call\(s\) to end, at most 60 s/);
  const late = await dial(stack);
  expect(await late.call()).toBe(503);
  expect(hungUp).toBe(false);
  const sinceMs = performance.now();
  caller.hangUp();
  await stopped;
  expect(performance.now() - sinceMs).toBeLessThan(20_000);
  expect(hungUp).toBe(false);
  expect(stack.printed()).toContain('Stopped.');
  for (const phone of [caller, late]) phone.close();
}, 180_000);

test('asked a second time it ends at once, and the caller is hung up', async () => {
  await using stack = await Stack.start({ env: { STOP_DRAIN_S: '600' } });
  const caller = await waiting(stack);
  const stopped = stack.stop();
  await says(stack, /Waiting for 1 call/);
  stack.signal('SIGINT');
  expect(await caller.ended).toBe('there');
  await stopped;
  caller.close();
}, 180_000);
