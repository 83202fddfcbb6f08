import { expect, test } from '@jest/globals';
import { connected, exampleCall } from '../../../test/support/centre/example-call.js';
import { CallSoFar } from '../../shared/contracts/calls/ended-call.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { advance } from '../machine/advance.js';
import type { Call, Stage } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import { callSoFar } from './so-far.js';
import { callRecord } from './record.js';

const flow = Flow.parse({ start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
const NUMBER = '13812345678';

function lived(stage: Stage, events: readonly (readonly [number, CallEvent])[], more: Partial<Call> = {}): Call {
  const start = exampleCall(flow, stage, {
    history: [
      { atMs: 0, what: 'arrived' },
      { atMs: 5_000, what: 'agent-answered', agentId: 'anna' },
    ],
    callerNumber: NUMBER,
    ...more,
  });
  return events.reduce((call, [atS, event]) => {
    const next = advance(call, event, atS * 1_000);
    if ('refused' in next) throw new Error(`${event.type} at ${atS}: ${next.refused}`);
    return next.call;
  }, start);
}

const soFar = (call: Call, nowS: number): CallSoFar => callSoFar({ call, sipCallId: 's', media: [] }, nowS * 1_000);
const iso = (s: number): string => new Date(s * 1_000).toISOString();

test('a call that goes on is told as its record will tell it, up to now and without the number', () => {
  const call = lived(connected, [
    [20, { type: 'hold', agentId: 'anna' }],
    [30, { type: 'monitor', agentId: 'boss', mode: 'listen' }],
  ]);
  const told = soFar(call, 42);
  expect(CallSoFar.parse(told)).toEqual(told);
  expect(told).toMatchObject({
    endedAt: iso(42),
    talks: [{ agentId: 'anna', from: iso(5), to: iso(42) }],
    holds: [{ from: iso(20), to: iso(42) }],
    listeners: [{ agentId: 'boss', mode: 'listen' }],
  });
  expect(JSON.stringify(told)).not.toContain(NUMBER);
  expect(Object.keys(told).filter((key) => /hash|cause|^by$|sipStatus|callerNumber/i.test(key))).toEqual([]);
});

test('what had happened when it was read stands the same in the record after the end', () => {
  const call = lived(connected, [
    [20, { type: 'hold', agentId: 'anna' }],
    [25, { type: 'resume', agentId: 'anna' }],
  ]);
  const told = soFar(call, 40);
  const over = advance(call, { type: 'caller-hung-up' }, 60_000);
  if ('refused' in over) throw new Error(over.refused);
  const record = callRecord(over.call, { sipCallId: 's', callerHash: 'h', sipStatus: 200, media: [] });
  expect(record?.history.slice(0, told.history.length)).toEqual(told.history);
  expect(record?.holds.map(({ from }) => from.toISOString())).toEqual(told.holds.map(({ from }) => from));
  expect(record?.segments.slice(0, -1)).toEqual(told.segments?.slice(0, -1));
});

test('who waits is shown with the queue and since when, and what rings is no answer yet', () => {
  const call = lived(connected, [], {
    visit: { place: 1, queueId: 'service', sinceMs: 7_000, returned: false, priority: 0, skills: {} },
    history: [
      { atMs: 0, what: 'arrived' },
      { atMs: 7_000, what: 'queued', queueId: 'service' },
      { atMs: 9_000, what: 'offered', agentId: 'anna', offerId: 'o1' },
    ],
  });
  expect(soFar(call, 12)).toMatchObject({
    waiting: { queueId: 'service', fromMs: 7_000 },
    offers: [{ agentId: 'anna', at: iso(9), outcome: 'ringing' }],
    segments: [{ kind: 'ring', fromMs: 9_000, toMs: 12_000 }],
  });
});

test('it says what goes on: also that the agent has left and the caller answers the survey', () => {
  const survey: Stage = { kind: 'survey', question: 0, agentId: 'anna', tries: 1, token: 't', prompts: ['score'] };
  expect(soFar(lived(connected, []), 10).state).toBe('connected');
  expect(soFar(lived(connected, [[20, { type: 'hold', agentId: 'anna' }]]), 30).state).toBe('held');
  expect(soFar(lived(survey, []), 30).state).toBe('survey');
});
