import { expect, test } from '@jest/globals';
import type { Flow } from '../../shared/contracts/calls/flow.js';
import type { EventInput, EventName } from '../../shared/events/catalogue.js';
import { agentParty, type Call, type Connected } from '../machine/call.js';
import { createOccupations, occupationIn } from './occupations.js';
import { connected, exampleCall } from '../../../test/support/centre/example-call.js';

const flow: Flow = {
  noticePromptId: 'notice',
  noticeMode: 'before-queue',
  start: 'end',
  steps: { end: { kind: 'hang-up', cause: 'completed' } },
  musicPromptId: 'music',
};
const withParties: Connected = {
  ...connected,
  parties: [
    { id: agentParty('colleague'), role: 'talk' },
    { id: agentParty('supervisor'), role: 'listen' },
  ],
};
const offer = { offerId: 'o', agentId: 'asked', ringForMs: 1, autoAnswer: false };
const consult = { target: { to: 'seat', agentId: 'asked' }, state: 'ringing', party: undefined, offer } as const;
const consulted = { ...consult, state: 'talking', party: agentParty('asked'), offer: undefined } as const;

test.each<[string, Call['stage'], string, string | undefined]>([
  ['the agent in charge', withParties, connected.agentId, 'talking'],
  ['a party of the conference', withParties, 'colleague', 'talking'],
  ['a supervisor who listens', withParties, 'supervisor', 'listening'],
  ['a seat that rings for a consultation', { ...withParties, consult }, 'asked', 'ringing'],
  ['a colleague who is consulted', { ...withParties, consult: consulted }, 'asked', 'consulted'],
  ['somebody else', withParties, 'nobody', undefined],
  ['a seat that calls out', { kind: 'calling', agentId: 'a', legId: 'l' }, 'a', 'dialling'],
])('%s is taken', (_name, stage, agentId, as) => {
  const by = occupationIn(exampleCall(flow, stage), agentId);
  expect(by?.as).toBe(as);
});

test('a change is published once, with a revision that grows; a new session is told the present state again', () => {
  const published: EventInput<'seat.occupied'>[] = [];
  let calls: { call: Call }[] = [];
  const occupations = createOccupations({
    callsOf: () => calls,
    outbox: { put: <N extends EventName>(_name: N, event: EventInput<N>) => void published.push(event as EventInput<'seat.occupied'>) },
    nowMs: () => 1_000,
  });
  calls = [{ call: exampleCall(flow, withParties) }];
  occupations.review('supervisor');
  occupations.review('supervisor');
  calls = [];
  occupations.review('supervisor');
  occupations.echo('supervisor', true);
  occupations.echo('supervisor', false);
  occupations.restate('supervisor');
  expect(published.map(({ by }) => by?.as)).toEqual(['listening', undefined, 'echo-test', undefined, undefined]);
  expect(published.map(({ revision }) => revision)).toEqual([1_000, 1_001, 1_002, 1_003, 1_004]);
});
