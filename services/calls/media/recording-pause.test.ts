import { expect, test } from '@jest/globals';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { advance } from '../machine/advance.js';
import type { Call, Connected, RecordingPause, Stage } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import { FIELD_PAUSE_LIMIT_MS } from './recording-pause.js';
import { takeOverEffects } from '../machine/takeover.js';
import { connected, exampleCall } from '../../../test/support/centre/example-call.js';

const flow = Flow.parse({
  start: 'service',
  steps: { service: { kind: 'queue', queueId: 'service' } },
  survey: { questions: [{ id: 'score', promptId: 'survey-score', keys: ['1', '2'] }] },
});
const call = ({ stage = connected, ...changes }: Partial<Call> = {}): Call => exampleCall(flow, stage, { lastAgentId: 'anna', ...changes });
const pauseBy = (by: 'agent' | 'field'): RecordingPause => ({ by, agentId: 'anna', reason: 'card', sinceMs: 100, token: '9' });
const pausedBy = (by: 'agent' | 'field', stage: Stage = connected): Call => call({ recording: 'paused', pause: pauseBy(by), stage });
const ask = (type: 'pause' | 'resume', by: 'agent' | 'field', agentId = 'anna'): CallEvent =>
  type === 'pause' ? { type: 'pause-recording', agentId, reason: 'card', by } : { type: 'resume-recording', agentId, by };

function after(from: Call, event: CallEvent) {
  const result = advance(from, event, 1_000);
  if ('refused' in result) return { refused: result.refused };
  const told = result.effects
    .map((effect) => (effect.do === 'publish' ? effect.name : effect.do))
    .filter((what) => /recording|timer|changed/.test(what));
  return { is: result.call.recording, by: result.call.pause?.by, told, last: result.call.history.at(-1) };
}

test('a field pauses with a clock, the agent without', () => {
  expect(after(call(), ask('pause', 'field'))).toMatchObject({
    is: 'paused',
    by: 'field',
    told: ['pause-recording', 'start-timer', 'call.changed'],
    last: { what: 'recording-paused', detail: 'card' },
  });
  expect(after(call(), ask('pause', 'agent')).told).toEqual(['pause-recording', 'call.changed']);
});

test('from one field to the next the clock begins anew', () => {
  const result = advance(pausedBy('field'), ask('pause', 'field'), 1_000);
  expect('effects' in result && result.effects).toEqual([
    { do: 'start-timer', timer: 'recording-pause', ms: FIELD_PAUSE_LIMIT_MS, token: '9' },
  ]);
});

test.each<[string, Call, CallEvent, string]>([
  ['a field goes on with what a field paused', pausedBy('field'), ask('resume', 'field'), 'on'],
  ['the agent goes on with what a field paused', pausedBy('field'), ask('resume', 'agent'), 'on'],
  ['a field leaves a pause by hand alone', pausedBy('agent'), ask('resume', 'field'), 'paused'],
  ['a field adds nothing to a pause by hand', call(), ask('resume', 'field'), 'on'],
])('%s', (_name, from, event, is) => {
  expect(after(from, event).is).toBe(is);
});

test.each<[string, Call, CallEvent]>([
  ['somebody else pauses', call(), ask('pause', 'field', 'bert')],
  ['paused twice by hand', pausedBy('field'), ask('pause', 'agent')],
  ['resumed by hand while it is recorded', call(), ask('resume', 'agent')],
  ['a call that is not recorded', call({ recording: 'off' }), ask('pause', 'field')],
  ['a late clock', pausedBy('field'), { type: 'timer', timer: 'recording-pause', token: '8' }],
  ['a failure of an earlier pause', pausedBy('field'), { type: 'pause-failed', token: '8' }],
  [
    'before anybody is connected',
    call({ stage: { kind: 'queued', queueId: 'service', stepId: undefined, announcing: undefined } }),
    ask('pause', 'field'),
  ],
])('%s: refused', (_name, from, event) => {
  expect(after(from, event)).toHaveProperty('refused');
});

test('after its limit a field is not believed any more', () => {
  const over = after(pausedBy('field'), { type: 'timer', timer: 'recording-pause', token: '9' });
  expect(over).toMatchObject({ is: 'on', told: ['cancel-timer', 'resume-recording', 'call.changed'], last: { detail: 'limit' } });
});

test('a pause that the recorder did not make is none, and the recorder is told so', () => {
  const over = after(pausedBy('agent'), { type: 'pause-failed', token: '9' });
  expect(over).toMatchObject({ is: 'on', told: ['resume-recording', 'call.changed'], last: { detail: 'failed' } });
});

const consulted: Connected = {
  ...connected,
  consult: { target: { to: 'seat', agentId: 'bert' }, state: 'talking', party: 'agent:bert', offer: undefined },
};
const conference: Connected = { ...connected, mixed: true, parties: [{ id: 'agent:bert', role: 'talk' }] };

test.each<[string, 'agent' | 'field', Stage, CallEvent]>([
  ['the agent hangs up and the caller is asked for a score', 'agent', connected, { type: 'hang-up', agentId: 'anna' }],
  ['parked', 'field', connected, { type: 'park', agentId: 'anna' }],
  ['sent to another queue', 'agent', connected, { type: 'transfer', agentId: 'anna', target: { to: 'queue', queueId: 'vip' } }],
  ['handed to a colleague', 'field', consulted, { type: 'consult-end', agentId: 'anna', how: 'complete' }],
  ['left to the others of a conference', 'field', conference, { type: 'hang-up', agentId: 'anna' }],
  ['taken over by a supervisor', 'agent', connected, { type: 'monitor', agentId: 'boss', mode: 'take-over' }],
  ['the page is lost', 'field', connected, { type: 'seat-down', agentId: 'anna' }],
])('recorded again: %s', (_name, by, stage, event) => {
  const result = after(pausedBy(by, stage), event);
  expect(result.is).toBe('on');
  expect(result.told?.filter((what) => what === 'resume-recording')).toHaveLength(1);
  expect(result.last).toMatchObject({ what: 'recording-resumed', detail: 'left' });
});

test.each<[string, 'agent' | 'field', CallEvent]>([
  ['a hold', 'field', { type: 'hold', agentId: 'anna' }],
  ['a consultation that only begins', 'field', { type: 'consult', agentId: 'anna', target: { to: 'seat', agentId: 'bert' } }],
  ['a page that is lost, of a pause by hand', 'agent', { type: 'seat-down', agentId: 'anna' }],
])('still paused: %s', (_name, by, event) => {
  expect(after(pausedBy(by), event).is).toBe('paused');
});

test('a call that ends leaves its pause to the recorder, which closes it', () => {
  expect(after(pausedBy('field'), { type: 'caller-hung-up' }).told).toEqual([]);
});

test('whoever takes the call over after a crash runs the clock again', () => {
  expect(takeOverEffects(pausedBy('field'), 1_000)).toEqual([
    { do: 'start-timer', timer: 'recording-pause', ms: FIELD_PAUSE_LIMIT_MS, token: '9' },
  ]);
  expect(takeOverEffects(pausedBy('agent'), 1_000)).toEqual([]);
});
