import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ServiceNumber, Flow } from '../../../services/shared/contracts/calls/flow.js';
import { RtpEndpoint } from '../../../services/proof-call/adapters/rtp-endpoint.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';

const CALLER_HERTZ = 440;
const AGENT_HERTZ = 1_300;
const HEARD_WITHIN_MS = 3_000;

const number = (digits: string, flow: unknown, more: Partial<ServiceNumber> = {}): ServiceNumber => ({
  number: digits,
  name: digits,
  status: 'in-service',
  language: 'zh-CN',
  flowVersion: 1,
  flow: Flow.parse(flow),
  testCallers: [],
  ...more,
});

const queue = { kind: 'queue', queueId: 'service' };
// `beep` is the shortest prompt: a test has no use for a notice of seven seconds.
const plain = { noticePromptId: 'beep', start: 'service', steps: { service: queue } };

let rig: TelephonyRig;

beforeAll(async () => {
  rig = await TelephonyRig.start({
    numbers: [
      number('4001000', plain),
      number('4001001', { ...plain, noticeMode: 'while-ringing' }),
      number('4001002', plain, { status: 'out-of-service' }),
      number('4001003', plain, { status: 'closed' }),
    ],
    seatGraceMs: 1_200,
  });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('a call', () => {
  test('is answered, told, queued, offered, joined both ways, held, resumed and ended', async () => {
    const seat = await rig.seat('anna');
    const { caller, callId } = await rig.talking('4001000', 'anna');
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await seat.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
    const connected = await rig.event('call.connected', (event) => event['callId'] === callId);
    expect(connected['agentId']).toBe('anna');

    await rig.commands.send('call.hold', { callId, agentId: 'anna' });
    expect((await rig.commands.send('calls.live', { agentId: 'anna' }))[0]).toMatchObject({ held: true, state: 'held' });
    const resumed = await rig.commands.send('call.resume', { callId, agentId: 'anna' });
    expect(resumed.callerSsrc).toBeGreaterThan(0);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);

    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    expect(await caller.ended).toBe('there');
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'agent', answered: true, agentId: 'anna' });
    seat.hangUp();
    await rig.event('seat.offline', (event) => event['agentId'] === 'anna');
  });
});

describe('a seat', () => {
  test('that comes back within its time finds its call again, on its new session', async () => {
    const seat = await rig.seat('bert');
    const { caller, callId } = await rig.talking('4001000', 'bert');
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    seat.hangUp();
    await rig.event('seat.offline', (event) => event['agentId'] === 'bert');
    expect((await rig.commands.send('calls.live', { agentId: 'bert' }))[0]?.state).toBe('seat-away');
    const again = await rig.seat('bert');
    again.sound.play(AGENT_HERTZ + 600);
    await caller.sound.untilHears(AGENT_HERTZ + 600, HEARD_WITHIN_MS);
    await again.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
    caller.hangUp();
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'caller' });
    again.hangUp();
  });

  test('that stays away loses the call to the head of the queue', async () => {
    const seat = await rig.seat('carl');
    const { caller, callId } = await rig.talking('4001000', 'carl');
    const first = await rig.event('call.queued', (event) => event['callId'] === callId);
    seat.hangUp();
    await rig.event('call.agent-left', (event) => event['callId'] === callId && event['reason'] === 'seat-lost');
    const again = await rig.event('call.queued', (event) => event['callId'] === callId && event !== first);
    expect(again['waitingSince']).toBe(first['waitingSince']);
    caller.hangUp();
    expect(await rig.ended(callId)).toMatchObject({ cause: 'abandoned-in-queue', by: 'caller' });
  });

  test('of a new sign-in supersedes the old one, which is ended', async () => {
    const old = await rig.seat('dora', 'session-dora-1');
    await rig.seat('dora', 'session-dora-2');
    expect(await old.ended).toBe('there');
    expect(await rig.event('seat.offline', (event) => event['sessionId'] === 'session-dora-1')).toMatchObject({ reason: 'superseded' });
  });

  test('hears itself in the device check', async () => {
    const seat = await rig.seat('emil');
    seat.sound.play(AGENT_HERTZ);
    await rig.commands.send('seat.echo', { agentId: 'emil', on: true });
    await seat.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await rig.commands.send('seat.echo', { agentId: 'emil', on: false });
  });

  test('with a wrong password is refused', async () => {
    const seat = await rig.seatWith('nobody', 'session-nobody', 'wrong');
    expect(await seat.call()).toBe(403);
  });
});

describe('a transfer', () => {
  test('to a second seat without asking joins the caller there, and frees the first', async () => {
    await rig.seat('finn');
    const second = await rig.seat('gina');
    const { caller, callId } = await rig.talking('4001000', 'finn');
    caller.sound.play(CALLER_HERTZ);
    second.sound.play(AGENT_HERTZ);
    await rig.commands.send('call.transfer', { callId, agentId: 'finn', target: { to: 'seat', agentId: 'gina' }, note: 'order A-17' });
    // The agent is free while it still rings at the other seat.
    await rig.event('call.agent-left', (event) => event['callId'] === callId && event['agentId'] === 'finn');
    expect(await rig.commands.send('calls.live', { agentId: 'finn' })).toEqual([]);
    const rung = await rig.event('call.offered', (event) => event['callId'] === callId && event['agentId'] === 'gina');
    expect(rung['introduction']).toEqual({ kind: 'transfer', agentId: 'finn', note: 'order A-17' });
    await rig.commands.send('call.answer', { callId, agentId: 'gina' });
    const outcome = await rig.event('call.transfer-ended', (event) => event['callId'] === callId);
    expect(outcome).toMatchObject({ fromAgentId: 'finn', to: 'seat', target: 'gina', outcome: 'answered' });
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await second.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
    expect(caller.statuses.filter((status) => status === 200)).toHaveLength(1);
    caller.hangUp();
    expect(await rig.ended(callId)).toMatchObject({ agentId: 'gina' });
  });

  test('that the second seat declines leads to the queue, at the old place; who transferred is told, and may have the next call', async () => {
    const first = await rig.seat('hans');
    await rig.seat('ines');
    const { caller, callId } = await rig.talking('4001000', 'hans');
    first.sound.play(AGENT_HERTZ);
    await expect(
      rig.commands.send('call.transfer', { callId, agentId: 'hans', target: { to: 'seat', agentId: 'hans' } }),
    ).rejects.toMatchObject({ code: 'invalid-request' });
    await rig.commands.send('call.transfer', { callId, agentId: 'hans', target: { to: 'seat', agentId: 'ines' } });
    await rig.commands.send('call.decline', { callId, agentId: 'ines' });
    const outcome = await rig.event('call.transfer-ended', (event) => event['callId'] === callId);
    expect(outcome).toMatchObject({ fromAgentId: 'hans', outcome: 'declined', queueId: 'service' });
    expect((await rig.commands.send('calls.live', {})).find((call) => call.callId === callId)?.state).toBe('queued');
    await rig.commands.send('call.offer', { callId, agentId: 'hans', offerId: 'again', ringForMs: 20_000, autoAnswer: false });
    await rig.commands.send('call.answer', { callId, agentId: 'hans' });
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    caller.hangUp();
    await rig.ended(callId);
  });
});

describe('a parked call', () => {
  test('hears music, is fetched by another seat and talks there; the agent who parked it is free', async () => {
    const [one, two] = [await rig.seat('olaf'), await rig.seat('pia')];
    const { caller, callId } = await rig.talking('4001000', 'olaf');
    one.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await rig.commands.send('call.park', { callId, agentId: 'olaf' });
    await rig.event('call.agent-left', (event) => event['callId'] === callId && event['reason'] === 'parked');
    expect((await rig.commands.send('calls.live', {})).find((call) => call.callId === callId)).toMatchObject({ state: 'parked' });
    expect(await rig.commands.send('calls.live', { agentId: 'olaf' })).toEqual([]);
    caller.sound.play(CALLER_HERTZ);
    two.sound.play(2_100);
    const races = await Promise.allSettled(['pia', 'olaf'].map((agentId) => rig.commands.send('call.fetch', { callId, agentId })));
    // Two at once: the first has it.
    expect(races.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [live] = await rig.commands.send('calls.live', {});
    const winner = live?.agentId === 'pia' ? two : one;
    await winner.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
    await caller.sound.untilHears(winner === two ? 2_100 : AGENT_HERTZ, HEARD_WITHIN_MS);
    expect(caller.requests).toEqual([]);
    caller.hangUp();
    await rig.ended(callId);
    one.hangUp();
    two.hangUp();
  });
});

describe('a consultation', () => {
  test('with a queue waits there, is answered by whoever routing finds, and ends with the caller on either side', async () => {
    const [one, two] = [await rig.seat('quin'), await rig.seat('rosa')];
    const { caller, callId } = await rig.talking('4001000', 'quin');
    const before = rig.events.length;
    await rig.commands.send('call.consult', { callId, agentId: 'quin', target: { to: 'queue', queueId: 'second' } });
    await rig.event('call.queued', (event) => event['callId'] === callId && event['queueId'] === 'second');
    // Declined, the call looks for the next agent; when the consultation is cancelled, the agent still has the caller.
    await rig.offer(callId, 'rosa');
    await rig.commands.send('call.decline', { callId, agentId: 'rosa' });
    await rig.offer(callId, 'rosa');
    two.sound.play(2_100);
    await rig.commands.send('call.answer', { callId, agentId: 'rosa' });
    await one.sound.untilHears(2_100, HEARD_WITHIN_MS);
    await rig.commands.send('call.consult-end', { callId, agentId: 'quin', how: 'cancel' });
    one.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    expect(rig.events.slice(before).filter(({ name, event }) => name === 'call.agent-left' && event['agentId'] === 'rosa')).toHaveLength(1);
    caller.hangUp();
    await rig.ended(callId);
    one.hangUp();
    two.hangUp();
  });
});

test('two seats that answer at once: one has the call, the other is told', async () => {
  const [one, two] = [await rig.seat('sven'), await rig.seat('tina')];
  const { caller, callId } = await rig.queued('4001000');
  await rig.offer(callId, 'sven');
  await rig.offer(callId, 'tina');
  const answers = await Promise.allSettled(['sven', 'tina'].map((agentId) => rig.commands.send('call.answer', { callId, agentId })));
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await rig.event('call.offer-ended', (event) => event['callId'] === callId && event['outcome'] === 'withdrawn');
  caller.hangUp();
  await rig.ended(callId);
  one.hangUp();
  two.hangUp();
});

describe('a caller whose telephone', () => {
  const description = (port: number, direction: string): string =>
    [
      'v=0',
      'o=caller 7 2 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${port} RTP/AVP 8 101`,
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
      `a=${direction}`,
      '',
    ].join('\r\n');

  test('puts us on hold and comes back, from a new address, is followed by the relay', async () => {
    const seat = await rig.seat('uwe');
    const { caller, callId } = await rig.talking('4001000', 'uwe');
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    const held = await caller.request('INVITE', description(caller.sound.port, 'sendonly'));
    expect(held.status).toBe(200);
    // RFC 3264 section 6.1: `sendonly` is answered with `recvonly`.
    expect(held.body).toContain('a=recvonly');
    const elsewhere = await RtpEndpoint.open('127.0.0.1');
    const back = await caller.request('INVITE', description(elsewhere.port, 'sendrecv'));
    expect(back.body).toContain('a=sendrecv');
    caller.sound.pause();
    elsewhere.play(CALLER_HERTZ + 300);
    elsewhere.sendTo('127.0.0.1', Number(/m=audio (\d+)/.exec(back.body)?.[1]));
    await elsewhere.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await seat.sound.untilHears(CALLER_HERTZ + 300, HEARD_WITHIN_MS);
    const refreshed = await caller.request('UPDATE', '');
    expect(refreshed).toEqual({ status: 200, body: '' });
    expect(
      (
        await caller.request(
          'INVITE',
          description(elsewhere.port, 'sendrecv')
            .replace(/ 8 101/, ' 99')
            .replace('8 PCMA', '99 SPEEX'),
        )
      ).status,
    ).toBe(488);
    await seat.sound.untilHears(CALLER_HERTZ + 300, HEARD_WITHIN_MS);
    // Nobody is at the address in the description, so nobody is heard: only a trunk whose sheet says so is behind NAT.
    expect((await caller.request('INVITE', description(9, 'sendrecv'))).status).toBe(200);
    elsewhere.pause();
    const before = caller.sound.packetsReceived;
    caller.sound.sendTo('127.0.0.1', Number(/m=audio (\d+)/.exec(back.body)?.[1]));
    caller.sound.play(CALLER_HERTZ + 700);
    await expect(seat.sound.untilHears(CALLER_HERTZ + 700, 1_500)).rejects.toThrow('did not arrive');
    expect(caller.sound.packetsReceived).toBe(before);
    elsewhere.close();
    caller.hangUp();
    await rig.ended(callId);
    seat.hangUp();
  });
});

describe('a conference', () => {
  test('of the caller and two agents: each hears both others', async () => {
    const [one, two] = [await rig.seat('jana'), await rig.seat('karl')];
    const { caller, callId } = await rig.talking('4001000', 'jana');
    two.sound.play(2_100);
    await rig.commands.send('call.consult', { callId, agentId: 'jana', target: { to: 'seat', agentId: 'karl' } });
    await rig.commands.send('call.answer', { callId, agentId: 'karl' });
    await one.sound.untilHears(2_100, HEARD_WITHIN_MS);
    await rig.commands.send('call.consult-end', { callId, agentId: 'jana', how: 'join' });
    const all = [caller, one, two];
    for (const speaker of all) {
      // One at a time: a tone is heard when it is most of the sound.
      for (const each of all) each.sound.play(each === speaker ? AGENT_HERTZ : undefined);
      for (const other of all) if (other !== speaker) await other.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    }
    two.sound.play(2_100);
    await rig.commands.send('call.hang-up', { callId, agentId: 'jana' });
    await caller.sound.untilHears(2_100, HEARD_WITHIN_MS);
    caller.hangUp();
    expect(await rig.ended(callId)).toMatchObject({ agentId: 'karl', by: 'caller' });
  });
});

describe('the caller hangs up', () => {
  test('while the notice is heard', async () => {
    const caller = await rig.caller('4001000');
    const arrived = rig.events.filter(({ name }) => name === 'call.arrived').length;
    expect(await caller.call()).toBe(200);
    caller.hangUp();
    await rig.event('call.arrived', () => rig.events.filter(({ name }) => name === 'call.arrived').length > arrived);
    const callId = String(rig.events.filter(({ name }) => name === 'call.arrived')[arrived]?.event['callId']);
    expect(await rig.ended(callId)).toMatchObject({ cause: 'abandoned-in-notice', by: 'caller', answered: true });
  });

  test('in the queue', async () => {
    const { caller, callId } = await rig.queued('4001000');
    caller.hangUp();
    expect(await rig.ended(callId)).toMatchObject({ cause: 'abandoned-in-queue' });
    await rig.event('call.dequeued', (event) => event['callId'] === callId && event['reason'] === 'abandoned');
  });

  test('while a seat rings', async () => {
    const seat = await rig.seat('lena');
    const { caller, callId } = await rig.queued('4001000');
    await rig.offer(callId, 'lena');
    caller.hangUp();
    expect(await rig.ended(callId)).toMatchObject({ cause: 'abandoned-ringing' });
    expect(await rig.event('call.offer-ended', (event) => event['callId'] === callId)).toMatchObject({ outcome: 'withdrawn' });
    await expect(rig.commands.send('call.answer', { callId, agentId: 'lena' })).rejects.toMatchObject({ code: 'no-such-call' });
    seat.hangUp();
  });
});

describe('an INVITE', () => {
  test('to an unknown number, or one out of service, is answered 404', async () => {
    expect(await (await rig.caller('4009999')).call()).toBe(404);
    expect(await (await rig.caller('4001002')).call()).toBe(404);
  });
  test('of a blocked caller is answered 403', async () => {
    expect(await (await rig.caller('4001000', '13900000000')).call()).toBe(403);
  });
  test('to a closed number is answered, told so and ended', async () => {
    const caller = await rig.caller('4001003');
    expect(await caller.call()).toBe(200);
    expect(await caller.ended).toBe('there');
    await rig.event('call.ended', (event) => event['cause'] === 'closed');
  });
  test('when the queue is full is told so', async () => {
    rig.admit = 'queue-full';
    const caller = await rig.caller('4001000');
    expect(await caller.call()).toBe(200);
    expect(await caller.ended).toBe('there');
    rig.admit = 'ok';
    await rig.event('call.ended', (event) => event['cause'] === 'queue-full');
  });
});

describe('a ring', () => {
  test('that nobody answers ends, and the call can ring elsewhere', async () => {
    await rig.seat('mona');
    const { caller, callId } = await rig.queued('4001000');
    await rig.offer(callId, 'mona', 150);
    expect(await rig.event('call.offer-ended', (event) => event['callId'] === callId)).toMatchObject({ outcome: 'no-answer' });
    await expect(rig.offer(callId, 'nobody')).rejects.toMatchObject({ code: 'seat-lost' });
    await rig.offer(callId, 'mona');
    await rig.commands.send('call.answer', { callId, agentId: 'mona' });
    caller.hangUp();
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'caller' });
  });

  test('beside the notice: the answer waits for its end', async () => {
    await rig.seat('nina');
    const { caller, callId } = await rig.queued('4001001');
    await rig.offer(callId, 'nina');
    await rig.commands.send('call.answer', { callId, agentId: 'nina' });
    await rig.event('call.connected', (event) => event['callId'] === callId);
    caller.hangUp();
    await rig.ended(callId);
  });
});
