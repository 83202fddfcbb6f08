import { describe, expect, test } from '@jest/globals';
import { exampleCall } from '../../../test/support/centre/example-call.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { advance } from './advance.js';
import type { Call, Stage } from './call.js';
import type { CallEvent } from './call-events.js';
import type { Effect } from './effects.js';
import { callRecord } from '../records/record.js';

const flow = Flow.parse({
  start: 'service',
  steps: { service: { kind: 'queue', queueId: 'service', callbackKey: '9', priority: 2, skills: { english: 3 } } },
});
const admitting: Stage = { kind: 'admitting', queueId: 'service', stepId: 'service' };

type Script = readonly (readonly [atS: number, CallEvent])[];

/** The call after the script, and the visits that were published. */
function live(script: Script, changes: Partial<Call> = {}) {
  const published: Extract<Effect, { name: 'call.visit-ended' }>['event'][] = [];
  const start = exampleCall(flow, admitting, { visit: undefined, queueId: undefined, waitingSinceMs: undefined, history: [], ...changes });
  const call = script.reduce<Call>((before, [atS, event]) => {
    const next = advance(before, event, atS * 1_000);
    if ('refused' in next) throw new Error(`${event.type} at ${atS}: ${next.refused}`);
    for (const effect of next.effects) if (effect.do === 'publish' && effect.name === 'call.visit-ended') published.push(effect.event);
    return next.call;
  }, start);
  return { call, published };
}

const brief = ({ published }: ReturnType<typeof live>) =>
  published.map(({ queueId, fromMs, toMs, waitMs, outcome, detail }) => [
    queueId,
    fromMs / 1_000,
    toMs / 1_000,
    waitMs,
    outcome,
    detail ?? '',
  ]);

const admitted: CallEvent = { type: 'admitted' };
const anna = { agentId: 'anna' } as const;
const offer: CallEvent = { type: 'offer', offer: { offerId: 'o1', ...anna, ringForMs: 20_000, autoAnswer: false } };
const answered = (agentId = 'anna'): CallEvent => ({ type: 'agent-answered', agentId, offerId: undefined });
const hungUp: CallEvent = { type: 'caller-hung-up' };

/** Two queues, an overflow, a consultation, a transfer and a callback. */
const journey: Script = [
  [0, admitted],
  [30, { type: 'overflow', overflow: { to: 'queue', queueId: 'second' } }],
  [30, admitted],
  [35, offer],
  [40, answered()],
  [50, { type: 'hold', ...anna }],
  [55, { type: 'resume', ...anna }],
  [60, { type: 'consult', ...anna, target: { to: 'seat', agentId: 'bert' } }],
  [65, answered('bert')],
  [70, { type: 'consult-end', ...anna, how: 'cancel' }],
  [80, { type: 'transfer', ...anna, target: { to: 'queue', queueId: 'third' } }],
  [100, { type: 'key', key: '9' }],
  [110, hungUp],
];

describe('visits to queues', () => {
  test('a call through two queues with a transfer, a consultation, an overflow and a callback has three, each with its own end', () => {
    expect(brief(live(journey))).toEqual([
      ['service', 0, 30, 30_000, 'overflow', 'queue:second'],
      ['second', 30, 40, 10_000, 'answered', ''],
      ['third', 80, 100, 20_000, 'callback', ''],
    ]);
  });

  test('what the caller was entitled to stands in the row: priority, skills, offers, who answered', () => {
    expect(live(journey).published[1]).toMatchObject({
      place: 2,
      visitId: 'c1-2',
      offers: 1,
      agentId: 'anna',
      priority: 2,
      returned: false,
    });
    expect(live(journey).published[0]).toMatchObject({ place: 1, skills: { english: 3 }, offers: 0 });
  });

  test.each<[string, Script, (string | number)[]]>([
    ['the caller hangs up', [[7, hungUp]], ['abandoned', '']],
    [
      'a supervisor ends the call',
      [[7, { type: 'end', supervisor: { supervisorId: 'sue', name: 'Sue', reason: 'threats' } }]],
      ['lost', 'completed'],
    ],
    ['the relay loses the call', [[7, { type: 'lost', cause: 'media-failure', by: 'system' }]], ['lost', 'media-failure']],
    ['the longest wait is over and nothing follows', [[7, { type: 'timer', timer: 'queue-wait', token: '1' }]], ['lost', 'queue-timeout']],
    ['the queue sends callers to a message', [[7, { type: 'overflow', overflow: { to: 'message' } }]], ['overflow', 'message']],
    ['the queue sends callers to a callback', [[7, { type: 'overflow', overflow: { to: 'callback' } }]], ['callback', '']],
  ])('when %s, the visit says so', (_why, script, [outcome, detail]) => {
    expect(brief(live([[0, admitted], ...script]))).toEqual([['service', 0, 7, 7_000, outcome, detail]]);
  });

  test('a caller whom a full queue does not take has been there without a wait', () => {
    expect(brief(live([[5, { type: 'not-admitted', reason: 'queue-full' }]]))).toEqual([['service', 5, 5, 0, 'refused', 'queue-full']]);
  });

  test('back in the queue that had answered is a visit of its own kind', () => {
    const back = live([
      [0, admitted],
      [1, offer],
      [2, answered()],
      [10, { type: 'transfer', ...anna, target: { to: 'queue', queueId: 'service' } }],
      [15, hungUp],
    ]);
    expect(back.published.map(({ outcome, returned }) => [outcome, returned])).toEqual([
      ['answered', false],
      ['abandoned', true],
    ]);
  });
});

describe('segments of agents', () => {
  const record = () => {
    const made = callRecord(live(journey).call, { sipCallId: 's', callerHash: undefined, sipStatus: 200, media: [] });
    if (made === undefined) throw new Error('the call goes on');
    return made;
  };

  test('the talk of the first agent ends at the transfer, and talk, hold and consultation add up to the handling', () => {
    const { segments } = record();
    const handling = segments.filter((segment) => segment.handling === 1);
    expect(handling.map(({ kind, fromMs, toMs, queueId }) => [kind, fromMs / 1_000, toMs / 1_000, queueId])).toEqual([
      ['talk', 40, 50, 'second'],
      ['hold', 50, 55, 'second'],
      ['talk', 55, 60, 'second'],
      ['consult', 60, 70, 'second'],
      ['talk', 70, 80, 'second'],
    ]);
    expect(handling.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)).toBe(40_000);
  });

  test('rings and who was asked stand beside the handling', () => {
    const beside = record().segments.filter(({ handling }) => handling === undefined);
    expect(beside.map(({ agentId, kind, fromMs, toMs }) => [agentId, kind, fromMs / 1_000, toMs / 1_000])).toEqual([
      ['anna', 'ring', 35, 40],
      ['bert', 'consult', 65, 70],
    ]);
  });

  test('the record keeps the visits as they were published', () => {
    expect(record().visits.map(({ place, outcome }) => [place, outcome])).toEqual([
      [1, 'overflow'],
      [2, 'answered'],
      [3, 'callback'],
    ]);
  });
});
