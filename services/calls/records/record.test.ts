import { describe, expect, test } from '@jest/globals';
import { connected, exampleCall, examplePermit } from '../../../test/support/centre/example-call.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { asPermit } from '../../shared/domain/calls/dial-permit.js';
import { dialledLeg, OWN_LEG } from '../dialling/dialled-legs.js';
import { advance } from '../machine/advance.js';
import type { Call, Stage } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import { callRecord, type CallRecord } from './record.js';

/** Seconds of talk and hold in the record of a conversation that Anna has from second 0 and that is over at second 100. */
const flow = Flow.parse({ start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });

const lived = (stage: Stage, events: readonly (readonly [number, CallEvent])[]): CallRecord => {
  const start = exampleCall(flow, stage, { history: [{ atMs: 0, what: 'agent-answered', agentId: 'anna' }] });
  const now = [...events, [100, { type: 'caller-hung-up' }] as const].reduce<Call>((call, [atS, event]) => {
    const next = advance(call, event, atS * 1_000);
    if ('refused' in next) throw new Error(`${event.type} at ${atS}: ${next.refused}`);
    return next.call;
  }, start);
  const record = callRecord(now, { sipCallId: 's', callerHash: undefined, sipStatus: 200, media: [] });
  if (record === undefined) throw new Error('the call goes on');
  return record;
};

const seconds = ({ from, to }: { readonly from: Date; readonly to: Date }): [number, number] => [
  from.getTime() / 1_000,
  to.getTime() / 1_000,
];
const holds = (events: readonly (readonly [number, CallEvent])[]) => lived(connected, events).holds.map(seconds);
const talks = (events: readonly (readonly [number, CallEvent])[]) =>
  lived(connected, events).talks.map(({ agentId, ...span }) => [agentId, ...seconds(span)]);

const anna = { agentId: 'anna' } as const;
const boss = (mode: 'listen' | 'whisper' | 'barge' | 'take-over' | 'stop'): CallEvent => ({ type: 'monitor', agentId: 'boss', mode });
const consult: CallEvent = { type: 'consult', ...anna, target: { to: 'seat', agentId: 'bert' } };
const answered = (agentId: string): CallEvent => ({ type: 'agent-answered', agentId, offerId: undefined });
const ended = (how: 'complete' | 'join' | 'cancel'): CallEvent => ({ type: 'consult-end', ...anna, how });

describe('holds', () => {
  test.each(['listen', 'whisper', 'barge'] as const)('a supervisor who comes to %s ends none', (mode) => {
    expect(
      holds([
        [10, { type: 'hold', ...anna }],
        [15, boss(mode)],
        [18, boss('stop')],
        [20, { type: 'resume', ...anna }],
      ]),
    ).toEqual([[10, 20]]);
  });

  test('a question to a colleague is one, also while a supervisor comes', () => {
    expect(
      holds([
        [10, consult],
        [12, boss('listen')],
        [30, ended('cancel')],
      ]),
    ).toEqual([[10, 30]]);
  });

  test('who takes the caller off hold while a colleague is asked ends none before the question is over', () => {
    expect(
      holds([
        [10, { type: 'hold', ...anna }],
        [12, consult],
        [15, { type: 'resume', ...anna }],
        [30, ended('cancel')],
      ]),
    ).toEqual([[10, 30]]);
  });

  test('a conference ends it, and so does a supervisor who takes over', () => {
    expect(
      holds([
        [10, consult],
        [15, answered('bert')],
        [20, ended('join')],
        [30, { type: 'hold', ...anna }],
        [40, boss('take-over')],
      ]),
    ).toEqual([
      [10, 20],
      [30, 40],
    ]);
  });
});

describe('talks', () => {
  const conference = [
    [10, consult],
    [15, answered('bert')],
    [20, ended('join')],
  ] as const;

  test('a transfer without asking ends those of everybody in the conversation', () => {
    expect(
      talks([...conference, [30, { type: 'transfer', ...anna, target: { to: 'seat', agentId: 'carl' } }], [40, answered('carl')]]),
    ).toEqual([
      ['anna', 0, 30],
      ['bert', 20, 30],
      ['carl', 40, 100],
    ]);
  });

  test('a supervisor who takes over ends that of whoever answers for the call, also of one who came by a consultation', () => {
    expect(talks([...conference, [30, { type: 'hang-up', ...anna }], [40, boss('take-over')]])).toEqual([
      ['anna', 0, 30],
      ['bert', 20, 40],
      ['boss', 40, 100],
    ]);
  });

  test('also one to a number outside, while that is dialled', () => {
    expect(
      talks([...conference, [30, { type: 'transfer', ...anna, target: { to: 'number', number: '10010' }, permit: examplePermit }]]),
    ).toEqual([
      ['anna', 0, 30],
      ['bert', 20, 30],
    ]);
  });

  test('after a consultation the others of the conference talk on', () => {
    expect(
      talks([
        ...conference,
        [30, { type: 'consult', ...anna, target: { to: 'seat', agentId: 'carl' } }],
        [35, answered('carl')],
        [40, ended('complete')],
      ]),
    ).toEqual([
      ['anna', 0, 40],
      ['bert', 20, 100],
      ['carl', 40, 100],
    ]);
  });
});

describe('whose call it is', () => {
  const calling: Stage = { kind: 'calling', agentId: 'anna', legId: OWN_LEG };
  const dialled = [dialledLeg(OWN_LEG, asPermit({ ...examplePermit, way: 'call-out', agentId: 'anna' }), 0)];
  const calledOut = (...events: readonly CallEvent[]): CallRecord => {
    const start = exampleCall(flow, calling, { direction: 'outbound', dialled, answered: false, history: [{ atMs: 0, what: 'arrived' }] });
    const end = [...events, { type: 'hang-up', agentId: 'anna' } as const].reduce<Call>((call, event) => {
      const next = advance(call, event, 5_000);
      if ('refused' in next) throw new Error(`${event.type}: ${next.refused}`);
      return next.call;
    }, start);
    const record = callRecord(end, { sipCallId: 's', callerHash: undefined, sipStatus: 487, media: [] });
    if (record === undefined) throw new Error('the call goes on');
    return record;
  };

  test('a call out that nobody answered is of the agent who called, who talked with nobody', () => {
    const { agentId, agentIds, talks, cause } = calledOut({ type: 'far-alerted', afterMs: 900, rings: true });
    expect({ agentId, agentIds, talks, cause }).toEqual({ agentId: 'anna', agentIds: ['anna'], talks: [], cause: 'far-no-answer' });
  });

  test('a call that came in is of those who talked with the caller, and of nobody where they only asked outside', () => {
    const { agentId, agentIds } = lived(connected, [[10, consult]]);
    expect([agentId, agentIds]).toEqual([undefined, ['anna']]);
  });
});
