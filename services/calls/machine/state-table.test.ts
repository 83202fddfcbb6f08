import { expect, test } from '@jest/globals';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { advance } from './advance.js';
import type { Call, Stage } from './call.js';
import type { CallEvent } from './call-events.js';
import type { TimerName } from './effects.js';
import { dialledLeg } from '../dialling/dialled-legs.js';
import { connected, exampleCall, examplePermit, heardLeg } from '../../../test/support/centre/example-call.js';
import { stateTable, type EventName } from '../../../test/support/centre/state-table.js';

/**
 * Every state against every event. A state or an event that is added to the types without a place here does not compile; one without its
 * column or row in the table fails. What the events do besides changing the state is tested in advance.test.ts.
 */
const offer = { offerId: 'o1', agentId: 'anna', ringForMs: 20_000, autoAnswer: false };
const stages: { readonly [K in Stage['kind']]: Extract<Stage, { kind: K }> } = {
  arriving: { kind: 'arriving' },
  playing: { kind: 'playing', what: 'prompt', token: '3', prompts: ['p'], then: 'main' },
  menu: { kind: 'menu', stepId: 'main', tries: 1, token: '3', prompts: ['p'], prompt: 'done' },
  admitting: { kind: 'admitting', queueId: 'service', stepId: 'service' },
  queued: { kind: 'queued', queueId: 'service', stepId: 'service', announcing: undefined },
  offered: { kind: 'offered', queueId: 'service', stepId: 'service', offers: [offer], answeredBy: undefined },
  connected,
  calling: { kind: 'calling', agentId: 'anna', legId: 'far' },
  dialling: { kind: 'dialling', legId: '4', number: '10010', otherwise: undefined },
  outside: { kind: 'outside', legId: '4', number: '10010' },
  parked: { kind: 'parked', by: 'anna', token: '3', mixed: false },
  handed: { kind: 'handed', by: 'bert', target: { to: 'seat', offer } },
  message: { kind: 'message', token: '3', prompts: ['p'], stepId: 'leave', maxMs: 60_000, speaking: true },
  survey: { kind: 'survey', question: 0, token: '3', prompts: ['p'], agentId: 'anna', tries: 1 },
  closing: { kind: 'closing', token: '3', prompts: ['p'], cause: 'no-agent', by: 'system' },
  ended: { kind: 'ended', cause: 'completed', by: 'agent' },
};
const consult = { target: { to: 'seat', agentId: 'bert' }, state: 'talking', party: 'agent:bert', offer: undefined } as const;
/** States within others that have answers of their own. */
const within = {
  handedOut: { kind: 'handed', by: 'bert', target: { to: 'number', legId: '4', number: '10010' } },
  held: { ...stages.connected, held: true },
  away: { ...stages.connected, away: true },
  asking: { ...stages.connected, consult: { ...consult, state: 'ringing', party: undefined } },
  consulting: { ...stages.connected, consult },
} satisfies Record<string, Stage>;
const states: Readonly<Record<string, Stage>> = { ...stages, ...within };

const media = { relay: 'r', mediaCallId: 'c1', callerTag: 'A', farTag: 'far' };
const timer = (name: TimerName, token = '3'): CallEvent => ({ type: 'timer', timer: name, token });
const events: Readonly<Record<EventName, CallEvent>> = {
  answered: { type: 'answered', ledgerNumber: 7, media },
  'answer-failed': { type: 'answer-failed', failure: 'media-relay-unavailable' },
  'far-alerted': { type: 'far-alerted', afterMs: 900, rings: true },
  'early-media': { type: 'early-media' },
  'caller-hung-up': { type: 'caller-hung-up' },
  'prompt-ended': { type: 'prompt-ended', token: '3' },
  place: { type: 'place', token: '3', position: 1, expectedWaitMs: undefined },
  key: { type: 'key', key: '1' },
  'timer:ring': timer('ring', 'o1'),
  'timer:seat-grace': timer('seat-grace', 'anna'),
  'timer:menu': timer('menu'),
  'timer:queue-wait': timer('queue-wait'),
  'timer:announce': timer('announce'),
  'timer:survey': timer('survey'),
  'timer:message': timer('message'),
  'timer:park': timer('park'),
  'timer:recording-pause': timer('recording-pause'),
  admitted: { type: 'admitted' },
  'not-admitted': { type: 'not-admitted', reason: 'queue-full' },
  overflow: { type: 'overflow', overflow: { to: 'hang-up' } },
  offer: { type: 'offer', offer: { ...offer, offerId: 'o2', agentId: 'bert' } },
  'agent-answered': { type: 'agent-answered', agentId: 'anna', offerId: 'o1' },
  declined: { type: 'declined', agentId: 'anna', reason: undefined },
  'hang-up': { type: 'hang-up', agentId: 'anna' },
  end: { type: 'end', supervisor: { supervisorId: 'sue', name: 'Sue', reason: 'threats' } },
  hold: { type: 'hold', agentId: 'anna' },
  resume: { type: 'resume', agentId: 'anna' },
  transfer: { type: 'transfer', agentId: 'anna', target: { to: 'queue', queueId: 'vip' } },
  consult: { type: 'consult', agentId: 'anna', target: { to: 'seat', agentId: 'bert' } },
  'consult-end': { type: 'consult-end', agentId: 'anna', how: 'cancel' },
  park: { type: 'park', agentId: 'anna' },
  fetch: { type: 'fetch', agentId: 'bert' },
  'drop-party': { type: 'drop-party', agentId: 'anna', partyId: 'agent:bert' },
  'send-keys': { type: 'send-keys', agentId: 'anna', keys: '1' },
  'pause-recording': { type: 'pause-recording', agentId: 'anna', reason: 'card', by: 'agent' },
  'resume-recording': { type: 'resume-recording', agentId: 'anna', by: 'agent' },
  'pause-failed': { type: 'pause-failed', token: '3' },
  monitor: { type: 'monitor', agentId: 'boss', mode: 'listen' },
  'seat-down': { type: 'seat-down', agentId: 'anna' },
  'seat-up': { type: 'seat-up', agentId: 'anna' },
  dialled: { type: 'dialled', leg: dialledLeg('4', examplePermit, 1_000) },
  'script-shown': { type: 'script-shown', agentId: 'anna', scriptId: 'a' },
  'leg-moved': { type: 'leg-moved', legId: '4', trunkId: 'other', from: '95100' },
  'leg-silent': { type: 'leg-silent', legId: '4', isSilent: true },
  'leg-alerted': { type: 'leg-alerted', legId: '4' },
  'leg-answered': { type: 'leg-answered', legId: '4' },
  'leg-key': { type: 'leg-key', legId: '4', key: '9' },
  'leg-failed': { type: 'leg-failed', legId: '4', failure: 'busy' },
  'leg-ended': { type: 'leg-ended', legId: '4' },
  lost: { type: 'lost', cause: 'media-failure', by: 'system' },
};

const flow = Flow.parse({
  start: 'main',
  steps: {
    main: { kind: 'menu', promptId: 'menu-main', tries: 2, keys: { '1': { goTo: 'service', label: 'service' } }, otherwise: 'service' },
    service: { kind: 'queue', queueId: 'service' },
  },
  survey: { questions: [{ id: 'score', promptId: 'survey-score', keys: ['1', '2', '3', '4', '5'] }] },
});

const callIn = (stage: Stage): Call =>
  exampleCall(flow, stage, { dialled: [heardLeg('4')], ...(stage.kind === 'arriving' ? { notice: 'pending', answered: false } : {}) });

function outcome(state: string, event: CallEvent): string {
  const before = states[state];
  if (before === undefined) throw new Error(`there is no state ${state}`);
  const result = advance(callIn(before), event, 1_000);
  if ('refused' in result) return result.refused === 'wrong-state' ? '.' : '!';
  return result.call.stage.kind === before.kind ? '=' : result.call.stage.kind;
}

const columns = stateTable.states.split(/\s+/);

test('the table has a column for every state', () => {
  expect([...columns].sort()).toEqual(Object.keys(states).sort());
});

test.each(Object.entries(events))('%s in every state', (name, event) => {
  expect(columns.map((state) => outcome(state, event)).join(' ')).toBe(stateTable[name as EventName].split(/\s+/).join(' '));
});
