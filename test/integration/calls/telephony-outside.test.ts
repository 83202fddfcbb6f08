import { createSocket } from 'node:dgram';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Flow, type ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import { asPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import { RtpEndpoint } from '../../../services/proof-call/adapters/rtp-endpoint.js';
import type { FarCall, FarPhone } from '../../support/phones/far-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

const CALLER_HERTZ = 440;
const AGENT_HERTZ = 1_300;
const FAR_HERTZ = 2_100;
const HEARD_WITHIN_MS = 5_000;
/** A third party hears the notice of the recording first, which takes 4.2 s. */
const HEARD_AFTER_NOTICE_MS = 10_000;
const OUTSIDE = '02160000001';

const flow = Flow.parse({
  // The shortest prompt: a test has no use for a notice of seven seconds.
  noticePromptId: 'beep',
  start: 'service',
  steps: { service: { kind: 'queue', queueId: 'service' } },
});
const survey = { questions: [{ id: 'score', promptId: 'beep', keys: ['1', '2', '3', '4', '5'] }], thanksPromptId: 'beep' };
const number = (digits: string, more: Partial<ServiceNumber> = {}): ServiceNumber => ({
  number: digits,
  name: digits,
  status: 'in-service',
  language: 'zh-CN',
  flowVersion: 1,
  flow,
  testCallers: [],
  ...more,
});

let far: FarPhone;
let rig: TelephonyRig;

beforeAll(async () => {
  far = await TelephonyRig.farPhone();
  rig = await TelephonyRig.start({
    numbers: [
      number('4001000'),
      number('4001001', { flow: Flow.parse({ ...flow, survey }) }),
      number('95100', { language: 'en' }),
      number('95101', { flow: Flow.parse({ ...flow, noticePromptId: 'no-such-prompt' }) }),
    ],
    callerSilentMs: 2_000,
    trunk: { outboundUri: far.uri, permittedCallerNumbers: ['95100', '95101', '4001000', '4001001'] },
  });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  far.close();
});
beforeEach(() => {
  far.behaviour = 'answer';
});

const dial = (agentId: string, from = '95100'): Promise<{ callId: string }> =>
  rig.commands.send('call.dial', { agentId, number: OUTSIDE, from, purpose: 'enquiry' });

/** The record of an ended call, from the spool where it waits for a document store; the rig has none. */
async function recordOf(callId: string): Promise<Record<string, unknown>> {
  const file = join(rig.folder, 'spool', 'calls', `${callId}.json`);
  await until(() => existsSync(file), Boolean);
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

describe('a call out', () => {
  test('is told to be recorded, then joined, and leaves its number, purpose and consent in the record', async () => {
    const seat = await rig.seat('anna');
    const coming = far.next();
    const { callId } = await dial('anna');
    await rig.event('call.dialled', (event) => event['callId'] === callId);
    const call = await coming;
    expect(call.number).toBe(OUTSIDE);
    // Nobody can present a number of their own: the rules choose the one that is shown (regulation item 9).
    expect(call.invite.headers.get('p-asserted-identity')).toEqual([expect.stringContaining('sip:95100@')]);
    call.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    const connected = await rig.event('call.connected', (event) => event['callId'] === callId);
    await call.sound.untilHears(AGENT_HERTZ, HEARD_AFTER_NOTICE_MS);
    await seat.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
    // A page reads its text again whenever it is opened anew.
    for (const scriptId of ['first', 'first', 'second'])
      await rig.commands.send('call.script-shown', { callId, agentId: 'anna', scriptId });
    const answered = await rig.event('call.answered', (event) => event['callId'] === callId);
    expect(Date.parse(String(connected['at'])) - Date.parse(String(answered['at']))).toBeGreaterThan(1_000);
    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    await call.ended;
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'agent', answered: true, agentId: 'anna' });
    expect(await recordOf(callId)).toMatchObject({
      direction: 'outbound',
      called: '95100',
      calledHash: `hash-${OUTSIDE.length}`,
      purpose: 'enquiry',
      consentId: 'consent-1',
      noticeId: 'beep',
      ledgerNumber: answered['ledgerNumber'],
      sipStatus: 200,
      scripts: [
        { scriptId: 'first', agentId: 'anna' },
        { scriptId: 'second', agentId: 'anna' },
      ],
    });
    seat.hangUp();
  });

  test.each(['while it is told of', 'while the agent talks'])(
    'that the person refuses by key %s is confirmed aloud and ends',
    async (when) => {
      const agentId = when === 'while the agent talks' ? 'lena' : 'kurt';
      const seat = await rig.seat(agentId);
      const coming = far.next();
      const { callId } = await dial(agentId);
      const call = await coming;
      const ofThis = (event: Record<string, unknown>): boolean => event['callId'] === callId;
      await rig.event(agentId === 'lena' ? 'call.connected' : 'call.answered', ofThis);
      if (agentId === 'lena') {
        seat.sound.play(AGENT_HERTZ);
        await call.sound.untilHears(AGENT_HERTZ, HEARD_AFTER_NOTICE_MS);
      }
      // Nobody presses a key before hearing anything.
      const before = call.sound.packetsReceived;
      await until(
        () => call.sound.packetsReceived,
        (packets) => packets > before + 25,
      );
      call.sound.press('9');
      const refused = await rig.event('call.refused-by-key', ofThis);
      expect(refused).toMatchObject({ callerHash: `hash-${OUTSIDE.length}`, callerMasked: '021****0001', agentId });
      await call.ended;
      // The confirmation is heard out before the line is cut.
      const { at } = (await rig.ended(callId)) as { at: string };
      expect(Date.parse(at) - Date.parse(String(refused['at']))).toBeGreaterThan(2_000);
      expect(await recordOf(callId)).toMatchObject({ cause: 'refused-by-key', by: 'caller' });
      expect(rig.events.filter(({ name, event }) => name === 'call.connected' && ofThis(event))).toHaveLength(agentId === 'lena' ? 1 : 0);
      seat.hangUp();
    },
  );

  test('that nobody can be told of is ended: without the notice nobody is recorded', async () => {
    await rig.seat('bert');
    const coming = far.next();
    const { callId } = await dial('bert', '95101');
    await (
      await coming
    ).ended;
    expect(await rig.ended(callId)).toMatchObject({ cause: 'system-failure', by: 'system' });
    expect(rig.events.some(({ name, event }) => name === 'call.connected' && event['callId'] === callId)).toBe(false);
  });

  test.each([
    [486, 'far-busy'],
    [480, 'far-no-answer'],
    [603, 'far-busy'],
    [404, 'far-unreachable'],
    [503, 'far-unreachable'],
  ])('that is answered %i ends as %s, with a record', async (status, cause) => {
    await rig.seat('carl', `session-carl-${status}`);
    far.behaviour = status;
    const { callId } = await dial('carl');
    expect(await rig.ended(callId)).toMatchObject({ cause, by: 'far-party', answered: false });
    if (status === 486) expect(await recordOf(callId)).toMatchObject({ cause, direction: 'outbound', sipStatus: 486 });
  });

  test('that the agent calls off while it rings is cancelled at the far side', async () => {
    await rig.seat('dora');
    far.behaviour = 'ring';
    const coming = far.next();
    const { callId } = await dial('dora');
    const call = await coming;
    await rig.commands.send('call.hang-up', { callId, agentId: 'dora' });
    await call.ended;
    expect(call.requests).toContain('CANCEL');
    expect(await rig.ended(callId)).toMatchObject({ cause: 'far-no-answer', by: 'agent' });
  });

  test('tells when it rings there, once, and how long that took', async () => {
    const seat = await rig.seat('gerd');
    far.behaviour = 'ring';
    const coming = far.next();
    const { callId } = await dial('gerd');
    const call = await coming;
    const live = (): Promise<string | undefined> =>
      rig.commands.send('calls.live', { agentId: 'gerd' }).then((calls) => calls.find((each) => each.callId === callId)?.state);
    await until(live, (state) => state === 'far-ringing');
    far.answer(call);
    await rig.event('call.answered', (event) => event['callId'] === callId);
    await until(live, (state) => state === 'answering');
    await rig.event('call.connected', (event) => event['callId'] === callId);
    await rig.commands.send('call.hang-up', { callId, agentId: 'gerd' });
    await rig.ended(callId);
    const record = await recordOf(callId);
    expect(record['postDialDelayMs']).toBeGreaterThanOrEqual(0);
    expect(record['postDialDelayMs']).toBeLessThan(Date.parse(String(record['answeredAt'])) - Date.parse(String(record['invitedAt'])));
    expect((record['history'] as { what: string }[]).filter(({ what }) => what === 'far-alerted')).toHaveLength(1);
    seat.hangUp();
  });

  test.each(['answers', 'refuses'])('lets the agent hear what the network there says before the far side %s', async (then) => {
    const agentId = then === 'answers' ? 'nils' : 'olga';
    const seat = await rig.seat(agentId);
    seat.sound.play(AGENT_HERTZ);
    far.behaviour = 'early';
    const coming = far.next();
    const { callId } = await dial(agentId);
    const call = await coming;
    call.sound.play(FAR_HERTZ);
    await seat.sound.untilHears(FAR_HERTZ, HEARD_WITHIN_MS);
    const [live] = await rig.commands.send('calls.live', { agentId });
    // Nothing is recorded before the answer, and the page says so.
    expect(live).toMatchObject({ state: 'early-media', recording: 'off' });
    if (then === 'refuses') {
      far.refuse(call, 404);
      expect(await rig.ended(callId)).toMatchObject({ cause: 'far-unreachable', by: 'far-party', answered: false });
      // None of it reaches the seat, which hears only its next call.
      far.behaviour = 'answer';
      const comingNext = far.next();
      const again = await dial(agentId);
      const next = await comingNext;
      await rig.event('call.connected', (event) => event['callId'] === again.callId);
      next.sound.play(CALLER_HERTZ);
      await seat.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
      next.hangUp();
    } else {
      // The party that answers is not the one that played the announcement (a forked call, RFC 3261 §12.1.2).
      const person = await RtpEndpoint.open('127.0.0.1');
      far.answer(call, person);
      await rig.event('call.connected', (event) => event['callId'] === callId);
      call.sound.pause();
      person.play(CALLER_HERTZ);
      await Promise.all([seat.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS), person.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS)]);
      await rig.commands.send('call.hang-up', { callId, agentId });
      await rig.ended(callId);
      person.close();
    }
    seat.hangUp();
  });

  test('that the rules refuse is not dialled', async () => {
    await rig.seat('emil');
    const before = { called: far.called.length, permit: rig.permit };
    rig.permit = async () => {
      throw new CallCentreError('outbound-do-not-call', 'refused');
    };
    await expect(dial('emil')).rejects.toMatchObject({ code: 'outbound-do-not-call' });
    rig.permit = before.permit;
    await expect(rig.commands.send('call.dial', { agentId: 'nobody', number: OUTSIDE, purpose: 'enquiry' })).rejects.toMatchObject({
      code: 'seat-lost',
    });
    expect(far.called).toHaveLength(before.called);
    expect(await rig.commands.send('calls.live', { agentId: 'emil' })).toEqual([]);
  });
});

describe('a transfer to a number outside', () => {
  test('without asking joins the caller there; the number that was called is shown', async () => {
    await rig.seat('finn');
    const { caller, callId } = await rig.talking('4001000', 'finn');
    caller.sound.play(CALLER_HERTZ);
    const coming = far.next();
    await rig.commands.send('call.transfer', { callId, agentId: 'finn', target: { to: 'number', number: OUTSIDE } });
    const call = await coming;
    expect(call.invite.headers.get('p-asserted-identity')).toEqual([expect.stringContaining('sip:4001000@')]);
    call.sound.play(FAR_HERTZ);
    await caller.sound.untilHears(FAR_HERTZ, HEARD_WITHIN_MS);
    await call.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
    // The relay captures the caller's call alone, so pausing it pauses everything that is captured.
    expect(readdirSync(join(rig.folder, 'pcaps')).filter((name) => name.startsWith(callId))).toHaveLength(1);
    await rig.event('call.agent-left', (event) => event['callId'] === callId && event['reason'] === 'transferred');
    call.hangUp();
    expect(await caller.ended).toBe('there');
    expect(await rig.ended(callId)).toMatchObject({ cause: 'transferred-out', by: 'far-party' });
    expect(caller.requests).toEqual(['BYE']);
    // The record says who was dialled, by which route and on which permit; its whole number is kept like a caller's.
    const record = await recordOf(callId);
    expect(record['dialled']).toEqual([
      expect.objectContaining({ way: 'transfer', attemptId: `${callId}/1`, from: '4001000', numberMasked: '021****0001', number: OUTSIDE }),
    ]);
    expect(JSON.stringify(rig.events)).not.toContain(OUTSIDE);
    await until(() => rig.endedLegs.some(({ attemptId, answeredAt }) => attemptId === `${callId}/1` && answeredAt !== undefined), Boolean);
  });

  test.each(['transfer', 'consult'] as const)(
    'that the rules refuse is not dialled: the agent reads why of a %s and keeps the caller',
    async (how) => {
      const agentId = `rosa-${how}`;
      const seat = await rig.seat(agentId);
      const { caller, callId } = await rig.talking('4001000', agentId);
      const before = { called: far.called.length, permit: rig.permit };
      rig.permit = async () => {
        throw new CallCentreError('outbound-destination', 'refused');
      };
      const asked = rig.commands.send(`call.${how}`, { callId, agentId, target: { to: 'number', number: OUTSIDE } });
      await expect(asked).rejects.toMatchObject({ code: 'outbound-destination' });
      rig.permit = before.permit;
      expect(far.called).toHaveLength(before.called);
      expect((await rig.commands.send('calls.live', { agentId }))[0]?.state).toBe('connected');
      seat.sound.play(AGENT_HERTZ);
      await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
      caller.hangUp();
      await rig.ended(callId);
      seat.hangUp();
    },
  );

  test('with a permit that was used, forged or is stale sends no INVITE', async () => {
    const seat = await rig.seat('sven');
    const { caller, callId } = await rig.talking('4001000', 'sven');
    const before = { called: far.called.length, permit: rig.permit };
    for (const spoil of ['used', 'forged', 'voided'] as const) {
      rig.permit = async (request) => {
        const permit = await before.permit(request);
        if (spoil === 'used') rig.permits.redeem(permit);
        if (spoil === 'voided') rig.permits.void(permit);
        return spoil === 'forged' ? asPermit({ ...permit, number: '13800009999' }) : permit;
      };
      await rig.commands.send('call.consult', { callId, agentId: 'sven', target: { to: 'number', number: OUTSIDE } });
      await until(
        async () => (await rig.commands.send('calls.live', { agentId: 'sven' }))[0]?.state,
        (state) => state === 'connected',
      );
    }
    rig.permit = before.permit;
    expect(far.called).toHaveLength(before.called);
    caller.hangUp();
    await rig.ended(callId);
    seat.hangUp();
  });

  test('ends when it has lasted as long as a leg outside may, and says so', async () => {
    await rig.seat('tina');
    const { caller, callId } = await rig.talking('4001000', 'tina');
    const coming = far.next();
    // The time limit includes the notice and the refusal digit.
    rig.longestMs = 7_000;
    await rig.commands.send('call.transfer', { callId, agentId: 'tina', target: { to: 'number', number: OUTSIDE } });
    rig.longestMs = 3_600_000;
    const call = await coming;
    await call.ended;
    expect(await rig.ended(callId)).toMatchObject({ cause: 'longest-call', by: 'system' });
    expect(await caller.ended).toBe('there');
    expect((await recordOf(callId))['dialled']).toEqual([expect.objectContaining({ failure: 'longest-call' })]);
  });

  test.each([486, 404])('that answers %i leads to the queue; the agent, who is free, is told', async (status) => {
    const seat = await rig.seat('gina', `session-gina-${status}`);
    const { caller, callId } = await rig.talking('4001000', 'gina');
    seat.sound.play(AGENT_HERTZ);
    far.behaviour = status;
    await rig.commands.send('call.transfer', { callId, agentId: 'gina', target: { to: 'number', number: OUTSIDE } });
    const outcome = await rig.event('call.transfer-ended', (event) => event['callId'] === callId);
    expect(outcome).toMatchObject({ fromAgentId: 'gina', to: 'number', outcome: 'not-reached', queueId: 'service' });
    expect((await rig.commands.send('calls.live', {})).find((call) => call.callId === callId)?.state).toBe('queued');
    await rig.commands.send('call.offer', { callId, agentId: 'gina', offerId: `again-${status}`, ringForMs: 20_000, autoAnswer: false });
    await rig.commands.send('call.answer', { callId, agentId: 'gina' });
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    caller.hangUp();
    await rig.ended(callId);
  });

  test('after asking: the agent talks to the number while the caller waits, and completes', async () => {
    const seat = await rig.seat('hans');
    const { caller, callId } = await rig.talking('4001000', 'hans');
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    const coming = far.next();
    await rig.commands.send('call.consult', { callId, agentId: 'hans', target: { to: 'number', number: OUTSIDE } });
    const call = await coming;
    call.sound.play(FAR_HERTZ);
    await seat.sound.untilHears(FAR_HERTZ, HEARD_WITHIN_MS);
    await call.sound.untilHears(AGENT_HERTZ, HEARD_AFTER_NOTICE_MS);
    await rig.commands.send('call.consult-end', { callId, agentId: 'hans', how: 'complete' });
    await caller.sound.untilHears(FAR_HERTZ, HEARD_WITHIN_MS);
    await call.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
    caller.hangUp();
    await call.ended;
    expect(await rig.ended(callId)).toMatchObject({ cause: 'transferred-out', by: 'caller' });
    seat.hangUp();
  });

  test('leaves nobody deaf, however often: what the agent still sends does not win the number back', async () => {
    const seat = await rig.seat('ines');
    seat.sound.play(AGENT_HERTZ);
    for (let round = 0; round < 8; round += 1) {
      const { caller, callId } = await rig.talking('4001000', 'ines');
      caller.sound.play(CALLER_HERTZ);
      const coming = far.next();
      await rig.commands.send('call.consult', { callId, agentId: 'ines', target: { to: 'number', number: OUTSIDE } });
      const call = await coming;
      call.sound.play(FAR_HERTZ);
      await call.sound.untilHears(AGENT_HERTZ, HEARD_AFTER_NOTICE_MS);
      await rig.commands.send('call.consult-end', { callId, agentId: 'ines', how: 'complete' });
      await caller.sound.untilHears(FAR_HERTZ, HEARD_WITHIN_MS);
      await call.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
      caller.hangUp();
      caller.sound.pause();
      await call.ended;
      call.sound.pause();
      await rig.ended(callId);
    }
    seat.hangUp();
  });
});

describe('a third party outside', () => {
  const liveOf = async (agentId: string) => (await rig.commands.send('calls.live', { agentId }))[0];

  /** Whether a tone is heard here at any time from now on. */
  function everHears(sound: RtpEndpoint, hertz: number): () => boolean {
    let heard = false;
    sound.untilHears(hertz, HEARD_AFTER_NOTICE_MS).then(
      () => (heard = true),
      () => undefined,
    );
    return () => heard;
  }

  /** The other side is played something that is none of the tones: the notice. */
  async function isTold(call: FarCall): Promise<void> {
    const before = call.sound.packetsReceived;
    await until(
      () => call.sound.packetsReceived,
      (packets) => packets > before + 25,
    );
  }

  test('who is consulted is told before the agent is joined, refuses by 9, and the agent has the caller again', async () => {
    const seat = await rig.seat('otto');
    const { caller, callId } = await rig.talking('4001000', 'otto');
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    const coming = far.next();
    await rig.commands.send('call.consult', { callId, agentId: 'otto', target: { to: 'number', number: OUTSIDE } });
    const call = await coming;
    call.sound.play(FAR_HERTZ);
    const joined = [
      everHears(call.sound, AGENT_HERTZ),
      everHears(call.sound, CALLER_HERTZ),
      everHears(seat.sound, FAR_HERTZ),
      everHears(caller.sound, FAR_HERTZ),
    ];
    await until(
      () => liveOf('otto'),
      (live) => live?.asks?.hearsNotice === true,
    );
    await isTold(call);
    // The agent cannot complete the consultation while nobody has heard the notice.
    await expect(rig.commands.send('call.consult-end', { callId, agentId: 'otto', how: 'complete' })).rejects.toMatchObject({
      code: 'wrong-state',
    });
    expect(await liveOf('otto')).toMatchObject({ state: 'consult-ringing' });
    call.sound.press('9');
    const refused = await rig.event('call.refused-by-key', (event) => event['callId'] === callId);
    expect(refused).toMatchObject({
      callerHash: `hash-${OUTSIDE.length}`,
      callerMasked: '021****0001',
      agentId: 'otto',
      attemptId: expect.stringMatching(new RegExp(`^${callId}/\\d+$`)) as unknown,
      way: 'consultation',
    });
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await call.ended;
    expect(joined.map((heard) => heard())).toEqual([false, false, false, false]);
    expect(await liveOf('otto')).toMatchObject({ state: 'connected' });
    caller.hangUp();
    await rig.ended(callId);
    expect((await recordOf(callId))['dialled']).toEqual([
      expect.objectContaining({ noticeId: 'beep', failure: 'refused-by-key', refusedAt: expect.stringMatching(/T/) as unknown }),
    ]);
    seat.hangUp();
  });

  test('to whom a caller was transferred refuses by 9 in the conversation: the caller is back in the queue', async () => {
    const seat = await rig.seat('paul');
    const { caller, callId } = await rig.talking('4001000', 'paul');
    caller.sound.play(CALLER_HERTZ);
    const coming = far.next();
    await rig.commands.send('call.transfer', { callId, agentId: 'paul', target: { to: 'number', number: OUTSIDE } });
    const call = await coming;
    call.sound.play(FAR_HERTZ);
    const joined = [everHears(call.sound, CALLER_HERTZ), everHears(caller.sound, FAR_HERTZ)];
    await isTold(call);
    expect(joined.map((heard) => heard())).toEqual([false, false]);
    await call.sound.untilHears(CALLER_HERTZ, HEARD_AFTER_NOTICE_MS);
    await caller.sound.untilHears(FAR_HERTZ, HEARD_WITHIN_MS);
    call.sound.press('9');
    await rig.event('call.refused-by-key', (event) => event['callId'] === callId);
    await until(
      async () => (await rig.commands.send('calls.live', {})).find((live) => live.callId === callId)?.state,
      (state) => state === 'queued',
    );
    await call.ended;
    caller.hangUp();
    await rig.ended(callId);
    seat.hangUp();
  });

  test('whose notice cannot be played is not joined: the caller waits for an agent', async () => {
    const seat = await rig.seat('quin');
    const { caller, callId } = await rig.talking('95101', 'quin');
    const coming = far.next();
    await rig.commands.send('call.transfer', { callId, agentId: 'quin', target: { to: 'number', number: OUTSIDE } });
    await (
      await coming
    ).ended;
    expect(await rig.event('call.transfer-ended', (event) => event['callId'] === callId)).toMatchObject({ outcome: 'not-reached' });
    caller.hangUp();
    await rig.ended(callId);
    seat.hangUp();
  });
});

test('from the queue over a seat, a transfer and a conference with a number to the survey the caller sees no re-INVITE', async () => {
  const [one, two] = [await rig.seat('jana'), await rig.seat('karl')];
  const { caller, callId } = await rig.talking('4001001', 'jana');
  await rig.commands.send('call.transfer', { callId, agentId: 'jana', target: { to: 'seat', agentId: 'karl' } });
  await rig.commands.send('call.answer', { callId, agentId: 'karl' });
  two.sound.play(AGENT_HERTZ);
  await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  const coming = far.next();
  await rig.commands.send('call.consult', { callId, agentId: 'karl', target: { to: 'number', number: OUTSIDE } });
  const call = await coming;
  await call.sound.untilHears(AGENT_HERTZ, HEARD_AFTER_NOTICE_MS);
  await rig.commands.send('call.consult-end', { callId, agentId: 'karl', how: 'join' });
  const all = [caller, two, call];
  for (const speaker of all) {
    for (const each of all) each.sound.play(each === speaker ? FAR_HERTZ : undefined);
    for (const other of all) if (other !== speaker) await other.sound.untilHears(FAR_HERTZ, HEARD_WITHIN_MS);
  }
  const [party] = (await rig.commands.send('calls.live', { agentId: 'karl' }))[0]?.parties.filter(({ kind }) => kind === 'number') ?? [];
  await rig.commands.send('call.drop-party', { callId, agentId: 'karl', partyId: party?.id ?? '' });
  await call.ended;
  await rig.commands.send('call.hang-up', { callId, agentId: 'karl' });
  await rig.event('call.survey-started', (event) => event['callId'] === callId);
  expect(caller.requests).toEqual([]);
  expect(caller.statuses.filter((status) => status >= 200)).toEqual([200]);
  caller.hangUp();
  await rig.ended(callId);
  one.hangUp();
});

describe('a network that dies without a word', () => {
  test('ends the call of the caller who is silent, and of nobody else', async () => {
    const seat = await rig.seat('lisa');
    const other = await rig.queued('4001000');
    const { caller, callId } = await rig.talking('4001000', 'lisa');
    seat.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    caller.sound.pause();
    expect(await rig.ended(callId)).toMatchObject({ cause: 'caller-silent', by: 'system' });
    expect(await caller.ended).toBe('there');
    expect((await rig.commands.send('calls.live', {})).map((call) => call.callId)).toEqual([other.callId]);
    other.caller.hangUp();
    await rig.ended(other.callId);
  });
});

test('a storm of keys leaves the call as it is', async () => {
  const seat = await rig.seat('mona');
  const { caller, callId } = await rig.talking('4001000', 'mona');
  const [host = '', port] = rig.dtmf.split(':');
  const socket = createSocket('udp4');
  const packet = JSON.stringify({ callid: callId, source_tag: 'A', type: 'DTMF', timestamp: 1, event: 5, duration: 100, volume: 10 });
  for (let i = 0; i < 5_000; i += 1) socket.send(packet, Number(port), host);
  for (const rubbish of ['', '{', '[]', '{"type":"DTMF"}', JSON.stringify({ callid: callId, source_tag: 'A', type: 'DTMF', event: 99 })])
    socket.send(rubbish, Number(port), host);
  seat.sound.play(AGENT_HERTZ);
  await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
  await rig.commands.send('call.hold', { callId, agentId: 'mona' });
  expect((await rig.commands.send('calls.live', { agentId: 'mona' }))[0]?.state).toBe('held');
  socket.close();
  caller.hangUp();
  expect(await rig.ended(callId)).toMatchObject({ cause: 'completed' });
});
