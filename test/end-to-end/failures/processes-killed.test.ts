import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../../support/bare-seat.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import { faultRound, type Fault } from '../../support/centre/fault-round.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start({ layout: 'roles' });
}, 120_000);
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const dial = async (): Promise<SipPhone> => {
  const { address, port } = stack.sip;
  return SipPhone.open({ server: stack.sip, local: '127.0.0.1', from: `sip:13800000001@${address}` }, `sip:4001000@${address}:${port}`);
};

/** Waits until telephony, which may be away, reports exactly these call states. */
async function live(supervisor: string, states: readonly string[]): Promise<void> {
  const wanted = [...states].sort().join();
  await until(
    async () => {
      const { status, body } = await stack.http('GET', '/api/calls/live', { token: supervisor });
      const calls = status === 200 ? (body as { calls: { state: string }[] }).calls : [];
      return {
        status,
        now: calls
          .map(({ state }) => state)
          .sort()
          .join(),
      };
    },
    ({ now }) => now === wanted,
  );
}

async function goneAndBack(supervisor: string, states: readonly string[]): Promise<void> {
  for (let status = 200; status === 200;) ({ status } = await stack.http('GET', '/api/calls/live', { token: supervisor }));
  await live(supervisor, states);
}

test('telephony and routing killed with a call talking and a caller waiting: neither is lost, and no sound is', async () => {
  const supervisor = await stack.signIn('supervisor');
  const seat = await BareSeat.open(stack, 'agent1');
  await seat.ready();
  const offered = seat.next<OfferedCall>('call:offered');
  const caller = await dial();
  expect(await caller.call()).toBe(200);
  const offer = await offered;
  await seat.ask('call:answer', { callId: offer.callId, offerId: offer.offerId });
  caller.sound.play(440);
  seat.phone.sound.play(660);
  await Promise.all([caller.sound.untilHears(660, 8_000), seat.phone.sound.untilHears(440, 8_000)]);
  const waiting = await dial();
  expect(await waiting.call()).toBe(200);
  await live(supervisor, ['connected', 'queued']);

  const before = caller.sound.packetsReceived;
  const sinceMs = performance.now();
  process.kill(stack.pidOf('telephony'), 'SIGKILL');
  // Nobody answers in its place, so this is the new process with the calls of the old.
  await goneAndBack(supervisor, ['connected', 'queued']);
  const lostMs = performance.now() - sinceMs - (caller.sound.packetsReceived - before) * 20;
  // The relay goes on by itself: a busy machine may lose a few packets, but not as much as the restart takes.
  expect(lostMs).toBeLessThan(1_000);
  seat.phone.sound.play(880);
  await caller.sound.untilHears(880, 3_000);
  process.kill(stack.pidOf('routing'), 'SIGKILL');
  caller.sound.play(550);
  await seat.phone.sound.untilHears(550, 3_000);

  const ended = seat.next<{ callId: string }>('call:ended');
  const next = seat.next<OfferedCall>('call:offered');
  caller.hangUp();
  expect((await ended).callId).toBe(offer.callId);
  const second = await next;
  await seat.ask('call:answer', { callId: second.callId, offerId: second.offerId });
  await waiting.sound.untilHears(880, 5_000);
  waiting.hangUp();
  caller.close();
  waiting.close();
  await seat.leave();
}, 150_000);

// The short form of the fault matrix (the long one is `npm run soak`).
const short: readonly Fault[] = ['recorder SIGKILL', 'telephony SIGTERM', 'objects SIGKILL', 'documents SIGKILL', 'rtpengine SIGKILL'];
test.each(short)(
  '%s under live calls: none is dropped, no answered second is lost',
  async (fault) => {
    const seat = await BareSeat.open(stack, 'agent2');
    try {
      await seat.ask('agent:set-state', { state: 'break', reason: 'lunch' });
      const round = await faultRound(stack, fault, { calls: 3, beforeMs: 1_000, afterMs: 3_000 });
      expect(round.answeredMs).toBeGreaterThan(3 * 1_000);
      expect(Object.values(round.ms).reduce((sum, ms) => sum + ms, 0)).toBe(round.answeredMs);
      expect(round).toMatchObject({ dropped: 0, ms: { lost: 0 } });
    } finally {
      await seat.leave();
    }
  },
  240_000,
);
