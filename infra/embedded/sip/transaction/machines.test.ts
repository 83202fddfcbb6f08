import { describe, expect, test } from '@jest/globals';
import { inviteClient, type InviteClientEvent, type InviteClientState } from './invite-client.js';
import { inviteServer, type InviteServerEvent, type InviteServerState } from './invite-server.js';
import type { Effect, MachineContext } from './machine.js';
import { nonInviteClient, type NonInviteClientEvent, type NonInviteClientState } from './non-invite-client.js';
import { nonInviteServer, type NonInviteServerEvent, type NonInviteServerState } from './non-invite-server.js';

// The row's name is the transition; timers in milliseconds with T1 = 500, T2 = 4000, T4 = 5000.
const udp: MachineContext = { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000, reliable: false };
const tcp: MachineContext = { ...udp, reliable: true };

const show = (effects: readonly Effect[]): string[] =>
  effects.map((effect) =>
    effect.do === 'start' ? `${effect.timer}=${String(effect.ms)}` : effect.do === 'stop' ? `!${effect.timer}` : effect.do,
  );
const response = (status: number): { type: 'response'; status: number } => ({ type: 'response', status });
const respond = (status: number): { type: 'respond'; status: number } => ({ type: 'respond', status });
const timer = <T extends string>(name: T): { type: 'timer'; timer: T } => ({ type: 'timer', timer: name });

describe('INVITE client (RFC 3261 17.1.1, RFC 6026 7.2)', () => {
  const calling = (intervalMs: number): InviteClientState => ({ name: 'calling', intervalMs });
  test.each<
    [name: string, from: InviteClientState, event: InviteClientEvent, context: MachineContext, to: InviteClientState, effects: string[]]
  >([
    ['idle -> calling on UDP with A and B', { name: 'idle' }, { type: 'start' }, udp, calling(500), ['send', 'A=500', 'B=32000']],
    ['idle -> calling on TCP without A', { name: 'idle' }, { type: 'start' }, tcp, calling(500), ['send', 'B=32000']],
    ['calling -> calling on A, doubled without limit', calling(4_000), timer('A'), udp, calling(8_000), ['resend', 'A=8000']],
    ['calling -> terminated on B', calling(500), timer('B'), udp, { name: 'terminated' }, ['!A', 'timed-out']],
    ['calling -> proceeding on 1xx', calling(500), response(100), udp, { name: 'proceeding' }, ['!A', '!B', 'deliver']],
    ['calling -> accepted on 2xx', calling(500), response(200), udp, { name: 'accepted' }, ['!A', '!B', 'deliver', 'M=32000']],
    [
      'proceeding -> completed on 486, D on UDP',
      { name: 'proceeding' },
      response(486),
      udp,
      { name: 'completed' },
      ['!A', '!B', 'ack', 'deliver', 'D=32000'],
    ],
    [
      'proceeding -> completed on 486, no wait on TCP',
      { name: 'proceeding' },
      response(486),
      tcp,
      { name: 'completed' },
      ['!A', '!B', 'ack', 'deliver', 'D=0'],
    ],
    ['completed: a repeated final is acknowledged and not told', { name: 'completed' }, response(486), udp, { name: 'completed' }, ['ack']],
    ['accepted: a repeated 2xx is told', { name: 'accepted' }, response(200), udp, { name: 'accepted' }, ['deliver']],
    ['accepted -> terminated on M', { name: 'accepted' }, timer('M'), udp, { name: 'terminated' }, []],
    ['calling -> terminated when it cannot be sent', calling(500), { type: 'send-failed' }, udp, { name: 'terminated' }, ['failed']],
    [
      'accepted -> terminated in silence when the connection goes',
      { name: 'accepted' },
      { type: 'send-failed' },
      udp,
      { name: 'terminated' },
      [],
    ],
    ['(ignored) accepted takes no 486', { name: 'accepted' }, response(486), udp, { name: 'accepted' }, []],
    ['(ignored) completed takes no late 2xx', { name: 'completed' }, response(200), udp, { name: 'completed' }, []],
    ['(ignored) proceeding has no timer A', { name: 'proceeding' }, timer('A'), udp, { name: 'proceeding' }, []],
  ])('%s', (_name, from, event, context, to, effects) => {
    const step = inviteClient(from, event, context);
    expect(step.state).toEqual(to);
    expect(show(step.effects)).toEqual(effects);
  });
});

describe('INVITE server (RFC 3261 17.2.1, RFC 6026 7.1)', () => {
  const proceeding: InviteServerState = { name: 'proceeding', answered: false };
  const completed = (intervalMs: number): InviteServerState => ({ name: 'completed', intervalMs });
  test.each<
    [name: string, from: InviteServerState, event: InviteServerEvent, context: MachineContext, to: InviteServerState, effects: string[]]
  >([
    ['a repeated request before any answer is dropped', proceeding, { type: 'request' }, udp, proceeding, []],
    ['180 is sent', proceeding, respond(180), udp, { name: 'proceeding', answered: true }, ['send']],
    [
      'a repeated request gets the 180 again',
      { name: 'proceeding', answered: true },
      { type: 'request' },
      udp,
      { name: 'proceeding', answered: true },
      ['resend'],
    ],
    ['proceeding -> accepted on 200 with L', proceeding, respond(200), udp, { name: 'accepted' }, ['send', 'L=32000']],
    ['proceeding -> completed on 486 with G and H', proceeding, respond(486), udp, completed(500), ['send', 'G=500', 'H=32000']],
    ['proceeding -> completed on TCP without G', proceeding, respond(486), tcp, completed(500), ['send', 'H=32000']],
    ['G doubles up to T2', completed(3_000), timer('G'), udp, completed(4_000), ['resend', 'G=4000']],
    ['completed -> confirmed on ACK', completed(500), { type: 'ack' }, udp, { name: 'confirmed' }, ['!G', '!H', 'I=5000']],
    ['completed -> terminated on H', completed(500), timer('H'), udp, { name: 'terminated' }, ['!G', 'timed-out']],
    ['accepted: the 200 again', { name: 'accepted' }, respond(200), udp, { name: 'accepted' }, ['send']],
    ['accepted: an ACK on its branch goes up', { name: 'accepted' }, { type: 'ack' }, udp, { name: 'accepted' }, ['deliver']],
    ['accepted: a repeated INVITE is absorbed', { name: 'accepted' }, { type: 'request' }, udp, { name: 'accepted' }, []],
    ['(ignored) accepted takes no 486', { name: 'accepted' }, respond(486), udp, { name: 'accepted' }, []],
    ['(ignored) completed takes no 200', completed(500), respond(200), udp, completed(500), []],
    ['confirmed absorbs another ACK', { name: 'confirmed' }, { type: 'ack' }, udp, { name: 'confirmed' }, []],
    ['confirmed -> terminated on I', { name: 'confirmed' }, timer('I'), udp, { name: 'terminated' }, []],
  ])('%s', (_name, from, event, context, to, effects) => {
    const step = inviteServer(from, event, context);
    expect(step.state).toEqual(to);
    expect(show(step.effects)).toEqual(effects);
  });
});

describe('non-INVITE client (RFC 3261 17.1.2)', () => {
  const trying = (intervalMs: number): NonInviteClientState => ({ name: 'trying', intervalMs });
  test.each<
    [
      name: string,
      from: NonInviteClientState,
      event: NonInviteClientEvent,
      context: MachineContext,
      to: NonInviteClientState,
      effects: string[],
    ]
  >([
    ['idle -> trying with E and F', { name: 'idle' }, { type: 'start' }, udp, trying(500), ['send', 'E=500', 'F=32000']],
    ['E doubles up to T2', trying(4_000), timer('E'), udp, trying(4_000), ['resend', 'E=4000']],
    ['a provisional slows E to T2', trying(500), response(100), udp, { name: 'proceeding', intervalMs: 4_000 }, ['deliver']],
    ['trying -> completed on 200 with K', trying(500), response(200), udp, { name: 'completed' }, ['!E', '!F', 'deliver', 'K=5000']],
    ['trying -> completed on TCP without a wait', trying(500), response(200), tcp, { name: 'completed' }, ['!E', '!F', 'deliver', 'K=0']],
    ['trying -> terminated on F', trying(500), timer('F'), udp, { name: 'terminated' }, ['!E', 'timed-out']],
    ['(ignored) completed takes no second answer', { name: 'completed' }, response(200), udp, { name: 'completed' }, []],
    [
      'trying -> terminated when it cannot be sent',
      trying(500),
      { type: 'send-failed' },
      udp,
      { name: 'terminated' },
      ['!E', '!F', 'failed'],
    ],
  ])('%s', (_name, from, event, context, to, effects) => {
    const step = nonInviteClient(from, event, context);
    expect(step.state).toEqual(to);
    expect(show(step.effects)).toEqual(effects);
  });
});

describe('non-INVITE server (RFC 3261 17.2.2)', () => {
  test.each<
    [name: string, from: NonInviteServerState['name'], event: NonInviteServerEvent, context: MachineContext, to: string, effects: string[]]
  >([
    ['trying: a repeated request is dropped', 'trying', { type: 'request' }, udp, 'trying', []],
    ['trying -> completed on 200 with J', 'trying', respond(200), udp, 'completed', ['send', 'J=32000']],
    ['trying -> completed on TCP without a wait', 'trying', respond(200), tcp, 'completed', ['send', 'J=0']],
    ['completed: a repeated request gets the answer again', 'completed', { type: 'request' }, udp, 'completed', ['resend']],
    ['completed -> terminated on J', 'completed', timer('J'), udp, 'terminated', []],
    ['(ignored) completed takes no second answer', 'completed', respond(500), udp, 'completed', []],
  ])('%s', (_name, from, event, context, to, effects) => {
    const step = nonInviteServer({ name: from }, event, context);
    expect(step.state.name).toBe(to);
    expect(show(step.effects)).toEqual(effects);
  });
});
