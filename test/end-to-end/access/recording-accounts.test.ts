import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { OfferedCall, SeatSync } from '../../../services/shared/contracts/calls/seat-socket.js';
import { heardShare, loudness, seconds } from '../../integration/recording/recording-support.js';
import { BareSeat } from '../../support/bare-seat.js';
import { recordedCall, type RecordedCall } from '../../support/centre/recorded-call.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

const CALLER_HZ = 440;
const ANNA_HZ = 660;
const BERT_HZ = 880;
const HEARS_WITHIN_MS = 20_000;
/** Long enough to be told from the edges of what comes before and after. */
const TALK_MS = 1_500;

// Every way that a call can take: what the ledger says of each second of it, and whose voice is in the file and when.
describe('a recording and its account', () => {
  let stack: Stack;
  let anna: BareSeat;
  let bert: BareSeat;
  let caller: SipPhone;
  let bertId: string;

  beforeAll(async () => {
    stack = await Stack.start();
    await shortNotice(stack);
    const body = { name: { 'zh-CN': '客户服务', en: 'Customer service' }, wrapUp: { mode: 'none', ms: 0, extendable: false } };
    expect((await stack.http('PUT', '/api/queues/service', { token: await stack.signIn('admin'), body })).status).toBe(200);
    [anna, bert] = [await BareSeat.open(stack, 'agent1'), await BareSeat.open(stack, 'agent2')];
    anna.phone.sound.play(ANNA_HZ);
    bert.phone.sound.play(BERT_HZ);
    bertId = ((await bert.ask('seat:sync', {})) as SeatSync).agent?.agentId ?? '';
  }, 120_000);
  afterAll(async () => {
    await anna.leave();
    await bert.leave();
    await stack[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    caller = await SipPhone.open(
      { server: stack.sip, local: '127.0.0.1', from: 'sip:13800000002@carrier.test' },
      `sip:4001000@${stack.sip.address}:${stack.sip.port}`,
    );
  });
  afterEach(() => caller.close());

  /** The caller talks from the answer on; `anna` answers and both hear each other. */
  async function connected(): Promise<string> {
    await bert.ask('agent:set-state', { state: 'break', reason: 'lunch' }).catch(() => undefined);
    await anna.ready();
    const offered = anna.next<OfferedCall>('call:offered');
    expect(await caller.call()).toBe(200);
    caller.sound.play(CALLER_HZ);
    const { callId, offerId } = await offered;
    await anna.ask('call:answer', { callId, offerId });
    await Promise.all([caller.sound.untilHears(ANNA_HZ, HEARS_WITHIN_MS), anna.phone.sound.untilHears(CALLER_HZ, HEARS_WITHIN_MS)]);
    await pause(TALK_MS);
    return callId;
  }

  async function hungUp(seat: BareSeat): Promise<void> {
    await pause(TALK_MS);
    const over = seat.next('call:ended');
    caller.hangUp();
    await over;
  }

  async function bertIsAsked(ask: () => Promise<unknown>): Promise<void> {
    const offered = bert.next<OfferedCall>('call:offered');
    await ask();
    const { callId, offerId } = await offered;
    await bert.ask('call:answer', { callId, offerId });
  }

  /** Nothing is missing: every millisecond is accounted for, the file is as long as the call, and the caller is heard from end to end. */
  async function whole(callId: string): Promise<RecordedCall> {
    const recorded = await recordedCall(stack, callId);
    const { account, row, durationMs, left } = recorded;
    expect(row.state).toBe('accounted');
    let atMs = 0;
    for (const { fromMs, toMs } of account.stretches) {
      expect(fromMs).toBe(atMs);
      atMs = toMs;
    }
    expect(atMs).toBe(account.answeredMs);
    expect(account.ms.lost).toBe(0);
    expect(account.ms.paused).toBe(0);
    expect(account.ms.recorded).toBeGreaterThan(account.answeredMs - 500);
    expect(Math.abs(Date.parse(row.endedAt) - Date.parse(row.answeredAt) - account.answeredMs)).toBeLessThanOrEqual(1_500);
    expect(Math.abs(durationMs - account.answeredMs)).toBeLessThanOrEqual(1);
    expect(Math.abs(left.length / 8 - account.answeredMs)).toBeLessThan(500);
    expect(heardShare(seconds(left, 0.5, account.answeredMs / 1_000 - 0.3), CALLER_HZ)).toBeGreaterThan(0.8);
    return recorded;
  }

  const markOf = ({ marks }: RecordedCall, what: string): number => {
    const mark = marks.findLast((one) => one.what === what);
    if (mark === undefined) throw new Error(`no mark ${what} among ${marks.map((one) => one.what).join()}`);
    return mark.atMs / 1_000;
  };
  const endOf = ({ account }: RecordedCall): number => account.answeredMs / 1_000;
  const hears = ({ right }: RecordedCall, hertz: number, from: number, to: number): number => heardShare(seconds(right, from, to), hertz);

  test('hold: the caller all the time, the agent before and after, nobody in between', async () => {
    const callId = await connected();
    await anna.ask('call:hold', { callId });
    await pause(2 * TALK_MS);
    await anna.ask('call:resume', { callId });
    await caller.sound.untilHears(ANNA_HZ, HEARS_WITHIN_MS);
    await hungUp(anna);
    const recorded = await whole(callId);
    const [held, unheld] = [markOf(recorded, 'held'), markOf(recorded, 'unheld')];
    expect(hears(recorded, ANNA_HZ, held - 1, held - 0.1)).toBeGreaterThan(0.8);
    expect(loudness(seconds(recorded.right, held + 0.5, unheld - 0.1))).toBeLessThan(100);
    expect(hears(recorded, ANNA_HZ, unheld + 0.5, endOf(recorded) - 0.3)).toBeGreaterThan(0.8);
  }, 90_000);

  test('consultation and attended transfer: what the two agents say to each other is not in it, the second is heard after', async () => {
    const callId = await connected();
    await bertIsAsked(() => anna.ask('call:consult', { callId, target: { to: 'seat', agentId: bertId } }));
    await Promise.all([anna.phone.sound.untilHears(BERT_HZ, HEARS_WITHIN_MS), bert.phone.sound.untilHears(ANNA_HZ, HEARS_WITHIN_MS)]);
    await pause(TALK_MS);
    await anna.ask('call:consult-end', { callId, how: 'complete' });
    await caller.sound.untilHears(BERT_HZ, HEARS_WITHIN_MS);
    await hungUp(bert);
    const recorded = await whole(callId);
    const transferred = markOf(recorded, 'transferred');
    expect(hears(recorded, BERT_HZ, 0, transferred - 0.2)).toBe(0);
    expect(loudness(seconds(recorded.right, transferred - 1.2, transferred - 0.3))).toBeLessThan(100);
    expect(hears(recorded, BERT_HZ, transferred + 0.5, endOf(recorded) - 0.3)).toBeGreaterThan(0.8);
    expect(hears(recorded, ANNA_HZ, transferred + 0.5, endOf(recorded))).toBe(0);
  }, 90_000);

  test('blind transfer: the first agent until then, the second from the answer on', async () => {
    const callId = await connected();
    await bertIsAsked(() => anna.ask('call:transfer', { callId, target: { to: 'seat', agentId: bertId } }));
    await caller.sound.untilHears(BERT_HZ, HEARS_WITHIN_MS);
    await hungUp(bert);
    const recorded = await whole(callId);
    expect(hears(recorded, BERT_HZ, endOf(recorded) - 1.3, endOf(recorded) - 0.3)).toBeGreaterThan(0.8);
    const first = heardShare(recorded.right, ANNA_HZ);
    expect(first).toBeGreaterThan(0);
    expect(hears(recorded, ANNA_HZ, markOf(recorded, 'transferred') + 0.5, endOf(recorded))).toBe(0);
  }, 90_000);

  test('conference: both agents are in the channel of the others', async () => {
    const callId = await connected();
    await bertIsAsked(() => anna.ask('call:consult', { callId, target: { to: 'seat', agentId: bertId } }));
    await anna.phone.sound.untilHears(BERT_HZ, HEARS_WITHIN_MS);
    await anna.ask('call:consult-end', { callId, how: 'join' });
    // One voice at a time, so that each can be told from the mixture.
    anna.phone.sound.play(undefined);
    await caller.sound.untilHears(BERT_HZ, HEARS_WITHIN_MS);
    await pause(TALK_MS);
    bert.phone.sound.play(undefined);
    anna.phone.sound.play(ANNA_HZ);
    await caller.sound.untilHears(ANNA_HZ, HEARS_WITHIN_MS);
    await hungUp(anna);
    bert.phone.sound.play(BERT_HZ);
    const recorded = await whole(callId);
    const end = endOf(recorded);
    // The mixer sends sound by its own clock: where a busy machine delayed it, a window has a seam with the tone on both sides.
    expect(hears(recorded, ANNA_HZ, end - 1.2, end - 0.3)).toBeGreaterThan(0.5);
    expect(hears(recorded, BERT_HZ, 0, end) * end).toBeGreaterThan(1);
  }, 90_000);

  test('survey on the keypad: recorded to its last word, the agent not after hanging up', async () => {
    const callId = await connected();
    await anna.ask('call:hang-up', { callId });
    await pause(TALK_MS);
    caller.sound.press('5');
    await pause(TALK_MS);
    caller.sound.press('1');
    expect(await caller.ended).toBe('there');
    const recorded = await whole(callId);
    const survey = markOf(recorded, 'survey');
    expect(hears(recorded, ANNA_HZ, survey - 1, survey - 0.1)).toBeGreaterThan(0.8);
    expect(loudness(seconds(recorded.right, survey + 0.5, endOf(recorded)))).toBeLessThan(100);
    expect(endOf(recorded) - survey).toBeGreaterThan(2);
  }, 90_000);

  test('parked and fetched by a colleague', async () => {
    const callId = await connected();
    await anna.ask('call:park', { callId });
    await pause(2 * TALK_MS);
    await bert.ask('call:fetch', { callId });
    await caller.sound.untilHears(BERT_HZ, HEARS_WITHIN_MS);
    await hungUp(bert);
    const recorded = await whole(callId);
    const [parked, fetched] = [markOf(recorded, 'agent-left'), markOf(recorded, 'connected')];
    expect(loudness(seconds(recorded.right, parked + 0.5, fetched - 0.1))).toBeLessThan(100);
    expect(hears(recorded, BERT_HZ, fetched + 0.5, endOf(recorded) - 0.3)).toBeGreaterThan(0.8);
  }, 90_000);

  test('parked and given up by the caller', async () => {
    const callId = await connected();
    await anna.ask('call:park', { callId });
    await pause(TALK_MS);
    caller.hangUp();
    const recorded = await whole(callId);
    expect(endOf(recorded) - markOf(recorded, 'agent-left')).toBeGreaterThan(1);
  }, 90_000);

  test('given up in the queue: nobody but the caller, and all of it', async () => {
    await anna.ask('agent:set-state', { state: 'break', reason: 'lunch' });
    const token = await stack.signIn('supervisor');
    const live = async (): Promise<{ callId: string; state: string }[]> =>
      ((await stack.http('GET', '/api/calls/live', { token })).body as { calls: { callId: string; state: string }[] }).calls;
    expect(await caller.call()).toBe(200);
    caller.sound.play(CALLER_HZ);
    const waiting = (await until(live, (calls) => calls.some(({ state }) => state === 'queued'))).find(({ state }) => state === 'queued')!;
    await pause(TALK_MS);
    caller.hangUp();
    const recorded = await whole(waiting.callId);
    expect(loudness(recorded.right)).toBeLessThan(100);
  }, 90_000);

  test('after all of it no number is missing and nothing is open', async () => {
    const token = await stack.signIn('compliance');
    const { body } = await until(
      () => stack.http('POST', '/api/ledger/check', { token, body: {} }),
      ({ body: answer }) => (answer as { open: number }).open === 0,
    );
    expect(body).toMatchObject({ ok: true, rows: 8, findings: [] });
  }, 90_000);
});
