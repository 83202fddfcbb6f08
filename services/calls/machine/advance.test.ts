import { describe, expect, test } from '@jest/globals';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { advance } from './advance.js';
import type { Call, Stage } from './call.js';
import type { CallEvent } from './call-events.js';
import type { Effect } from './effects.js';
import { connected, exampleCall, examplePermit, heardLeg } from '../../../test/support/centre/example-call.js';

const AT_MS = 1_000;

const flow = Flow.parse({
  start: 'main',
  steps: {
    main: {
      kind: 'menu',
      promptId: 'menu-main',
      tries: 2,
      keys: { '1': { goTo: 'service', label: 'service' }, '2': { goTo: 'service', label: 'English', language: 'en' } },
      otherwise: 'service',
    },
    service: { kind: 'queue', queueId: 'service', callbackKey: '9', announce: { everyMs: 30_000 } },
    leave: { kind: 'message', promptId: 'message-intro' },
  },
  survey: { questions: [{ id: 'score', promptId: 'survey-score', keys: ['1', '2', '3', '4', '5'] }] },
});

const call = (stage: Stage, changes: Partial<Call> = {}): Call => exampleCall(flow, stage, { dialled: [heardLeg('4')], ...changes });

const offer = { offerId: 'o1', agentId: 'anna', ringForMs: 20_000, autoAnswer: false };
const other = { offerId: 'o2', agentId: 'bert', ringForMs: 20_000, autoAnswer: false };
const consult = { target: { to: 'seat', agentId: 'bert' }, state: 'talking', party: 'agent:bert', offer: undefined } as const;
const ringing = { ...consult, state: 'ringing', party: undefined, offer: other } as const;
const place = { relay: 'r', mediaCallId: 'c1', callerTag: 'A', farTag: 'far' };

const stages = {
  arriving: { kind: 'arriving' },
  notice: { kind: 'playing', what: 'notice', token: '3', prompts: ['p'], then: 'main' },
  prompt: { kind: 'playing', what: 'prompt', token: '3', prompts: ['p'], then: 'main' },
  menu: { kind: 'menu', stepId: 'main', tries: 1, token: '3', prompts: ['p'], prompt: 'done' },
  lastTry: { kind: 'menu', stepId: 'main', tries: 2, token: '3', prompts: ['p'], prompt: 'done' },
  admitting: { kind: 'admitting', queueId: 'service', stepId: 'service' },
  queued: { kind: 'queued', queueId: 'service', stepId: 'service', announcing: undefined },
  offered: { kind: 'offered', queueId: 'service', stepId: 'service', offers: [offer], answeredBy: undefined },
  ringAll: { kind: 'offered', queueId: 'service', stepId: 'service', offers: [offer, other], answeredBy: undefined },
  connected,
  held: { ...connected, held: true },
  away: { ...connected, away: true },
  consultRinging: { ...connected, consult: ringing },
  consulting: { ...connected, consult },
  handed: { kind: 'handed', by: 'anna', target: { to: 'seat', offer: other } },
  handedOut: { kind: 'handed', by: 'anna', target: { to: 'number', legId: '4', number: '10010' } },
  conference: { ...connected, mixed: true, parties: [{ id: 'agent:bert', role: 'talk' }] },
  listenedTo: { ...connected, mixed: true, parties: [{ id: 'agent:sue', role: 'listen' }] },
  withNumber: { ...connected, mixed: true, parties: [{ id: 'number:4', role: 'talk' }] },
  dialling: { kind: 'dialling', legId: '4', number: '10010', otherwise: undefined },
  outside: { kind: 'outside', legId: '4', number: '10010' },
  calling: { kind: 'calling', agentId: 'anna', legId: 'far' },
  noticing: { kind: 'calling', agentId: 'anna', legId: 'far', notice: { token: '3', prompts: ['p'] } },
  parked: { kind: 'parked', by: 'anna', token: '3', mixed: false },
  message: { kind: 'message', token: '3', prompts: ['p'], stepId: 'leave', maxMs: 60_000, speaking: true },
  survey: { kind: 'survey', question: 0, token: '3', prompts: ['p'], agentId: 'anna', tries: 1 },
  closing: { kind: 'closing', token: '3', prompts: ['p'], cause: 'no-agent', by: 'system' },
  ended: { kind: 'ended', cause: 'completed', by: 'agent' },
} as const satisfies Record<string, Stage>;

const names = (effects: readonly Effect[]): string[] => effects.map((effect) => (effect.do === 'publish' ? effect.name : effect.do));

type Row = [from: keyof typeof stages, event: CallEvent, to: string, effects?: string[]];
const seat = (type: 'seat-up' | 'seat-down', agentId = 'anna'): CallEvent => ({ type, agentId });
const timer = (name: Extract<CallEvent, { type: 'timer' }>['timer'], token = '3'): CallEvent => ({ type: 'timer', timer: name, token });
const endedAbove: CallEvent = { type: 'end', supervisor: { supervisorId: 'sue', name: 'Sue', reason: 'threats' } };
const hungUp: CallEvent = { type: 'caller-hung-up' };
const heard: CallEvent = { type: 'prompt-ended', token: '3' };

const rows: Row[] = [
  ['arriving', { type: 'answered', ledgerNumber: 7, media: place }, 'playing', ['call.answered']],
  ['arriving', { type: 'answer-failed', failure: 'no-common-codec' }, 'ended:no-common-codec', ['finish', 'call.ended']],
  ['arriving', { type: 'answer-failed', failure: 'media-relay-unavailable' }, 'ended:media-failure'],
  ['notice', heard, 'menu', []],
  ['prompt', heard, 'menu'],
  ['menu', { type: 'key', key: '1' }, 'admitting', ['cancel-timer', 'ask-queue']],
  ['menu', { type: 'key', key: '7' }, 'menu', ['cancel-timer']],
  ['menu', timer('menu'), 'menu', []],
  ['lastTry', timer('menu'), 'admitting', ['ask-queue']],
  ['lastTry', { type: 'key', key: '7' }, 'admitting'],
  ['admitting', { type: 'admitted' }, 'queued', ['call.queued', 'start-timer', 'start-timer']],
  ['admitting', { type: 'not-admitted', reason: 'queue-full' }, 'closing:queue-full', ['call.visit-ended']],
  ['admitting', { type: 'not-admitted', reason: 'no-agent' }, 'closing:no-agent'],
  ['queued', { type: 'offer', offer }, 'offered', ['ring', 'call.offered', 'start-timer']],
  ['queued', timer('queue-wait'), 'closing:queue-timeout', ['cancel-timer', 'cancel-timer', 'call.dequeued']],
  ['queued', timer('announce'), 'queued', ['start-timer', 'ask-place']],
  ['queued', { type: 'overflow', overflow: { to: 'hang-up' } }, 'closing:queue-timeout'],
  ['queued', { type: 'overflow', overflow: { to: 'message' } }, 'message', ['cancel-timer', 'cancel-timer', 'call.dequeued']],
  ['queued', { type: 'overflow', overflow: { to: 'callback' } }, 'closing:callback-booked'],
  ['queued', { type: 'overflow', overflow: { to: 'number', number: '10010' } }, 'dialling'],
  [
    'queued',
    { type: 'overflow', overflow: { to: 'queue', queueId: 'second' } },
    'admitting',
    ['cancel-timer', 'cancel-timer', 'call.dequeued', 'ask-queue'],
  ],
  [
    'admitting',
    { type: 'not-admitted', reason: 'queue-full', overflow: { to: 'queue', queueId: 'second' } },
    'admitting',
    ['ask-queue', 'call.visit-ended'],
  ],
  ['admitting', { type: 'not-admitted', reason: 'no-agent', overflow: { to: 'callback' } }, 'closing:callback-booked'],
  [
    'queued',
    { type: 'key', key: '9' },
    'closing:callback-booked',
    ['cancel-timer', 'cancel-timer', 'call.dequeued', 'call.callback-asked'],
  ],
  [
    'offered',
    { type: 'agent-answered', agentId: 'anna', offerId: 'o1' },
    'connected',
    ['cancel-timer', 'cancel-timer', 'cancel-timer', 'call.offer-ended', 'call.connected'],
  ],
  ['offered', { type: 'declined', agentId: 'anna', reason: undefined }, 'queued', ['call.offer-ended', 'cancel-timer']],
  ['offered', timer('ring', 'o1'), 'queued'],
  ['offered', seat('seat-down'), 'queued'],
  ['offered', { type: 'offer', offer: other }, 'offered'],
  ['ringAll', timer('ring', 'o1'), 'offered', ['call.offer-ended']],
  ['ringAll', { type: 'agent-answered', agentId: 'bert', offerId: 'o2' }, 'connected'],
  ['connected', { type: 'hold', agentId: 'anna' }, 'connected:held', ['call.held']],
  ['held', { type: 'resume', agentId: 'anna' }, 'connected', ['call.resumed']],
  ['connected', { type: 'hang-up', agentId: 'anna' }, 'survey', ['call.agent-left', 'call.survey-started']],
  ['connected', seat('seat-down'), 'connected:away', ['start-timer', 'call.changed']],
  ['away', seat('seat-up'), 'connected', ['cancel-timer', 'call.changed']],
  ['away', timer('seat-grace', 'anna'), 'queued', ['call.agent-left', 'call.queued', 'start-timer']],
  ['connected', { type: 'transfer', agentId: 'anna', target: { to: 'queue', queueId: 'vip' } }, 'queued'],
  ['connected', { type: 'transfer', agentId: 'anna', target: { to: 'seat', agentId: 'bert' } }, 'handed'],
  [
    'connected',
    { type: 'transfer', agentId: 'anna', target: { to: 'number', number: '10010' }, permit: examplePermit },
    'handed',
    ['call.transferred', 'call.agent-left', 'dial'],
  ],
  [
    'connected',
    { type: 'pause-recording', agentId: 'anna', reason: 'card', by: 'agent' },
    'connected',
    ['pause-recording', 'call.changed'],
  ],
  ['connected', { type: 'monitor', agentId: 'boss', mode: 'listen' }, 'connected'],
  ['conference', { type: 'monitor', agentId: 'boss', mode: 'listen' }, 'connected:mixed'],
  ['connected', { type: 'monitor', agentId: 'boss', mode: 'whisper' }, 'connected:mixed'],
  ['connected', { type: 'monitor', agentId: 'boss', mode: 'take-over' }, 'connected:mixed', ['call.agent-left', 'call.connected']],
  [
    'handed',
    { type: 'agent-answered', agentId: 'bert', offerId: 'o2' },
    'connected',
    ['cancel-timer', 'cancel-timer', 'cancel-timer', 'call.offer-ended', 'call.connected', 'call.transfer-ended'],
  ],
  [
    'handed',
    { type: 'declined', agentId: 'bert', reason: undefined },
    'queued',
    ['cancel-timer', 'call.offer-ended', 'call.queued', 'start-timer', 'call.transfer-ended'],
  ],
  ['handed', timer('ring', 'o2'), 'queued'],
  ['handed', seat('seat-down', 'bert'), 'queued'],
  [
    'handed',
    { type: 'caller-hung-up' },
    'ended:abandoned-ringing',
    ['cancel-timer', 'call.offer-ended', 'finish', 'call.ended', 'call.transfer-ended'],
  ],
  ['handedOut', { type: 'leg-answered', legId: '4' }, 'outside', ['call.transfer-ended']],
  ['handedOut', { type: 'leg-failed', legId: '4', failure: 'busy' }, 'queued'],
  ['handedOut', { type: 'caller-hung-up' }, 'ended:abandoned-ringing', ['hang-up-leg', 'finish', 'call.ended', 'call.transfer-ended']],
  [
    'consultRinging',
    { type: 'consult-end', agentId: 'anna', how: 'cancel' },
    'connected',
    ['cancel-timer', 'call.offer-ended', 'call.changed'],
  ],
  [
    'consulting',
    { type: 'consult-end', agentId: 'anna', how: 'complete' },
    'connected',
    ['call.transferred', 'call.transfer-ended', 'call.agent-left', 'call.changed'],
  ],
  ['consulting', { type: 'consult-end', agentId: 'anna', how: 'join' }, 'connected:mixed', ['call.changed', 'call.changed']],
  ['consulting', { type: 'hang-up', agentId: 'bert' }, 'connected', ['call.agent-left', 'call.changed']],
  [
    'consulting',
    { type: 'hang-up', agentId: 'anna' },
    'connected',
    ['call.transferred', 'call.transfer-ended', 'call.agent-left', 'call.changed'],
  ],
  ['consultRinging', { type: 'hang-up', agentId: 'anna' }, 'queued'],
  ['conference', { type: 'hang-up', agentId: 'anna' }, 'connected:mixed', ['call.agent-left', 'call.changed']],
  ['conference', { type: 'hang-up', agentId: 'bert' }, 'connected:mixed', ['call.agent-left', 'call.changed']],
  ['conference', { type: 'drop-party', agentId: 'anna', partyId: 'agent:bert' }, 'connected:mixed'],
  ['withNumber', { type: 'hang-up', agentId: 'anna' }, 'outside', ['call.agent-left']],
  ['withNumber', { type: 'leg-ended', legId: '4' }, 'connected:mixed', ['hang-up-leg', 'call.changed']],
  ['dialling', { type: 'leg-answered', legId: '4' }, 'outside'],
  ['dialling', { type: 'leg-failed', legId: '4', failure: 'busy' }, 'queued'],
  ['dialling', { type: 'leg-failed', legId: '4', failure: 'outbound-destination' }, 'closing:no-agent'],
  ['outside', { type: 'leg-ended', legId: '4' }, 'ended:transferred-out'],
  ['calling', { type: 'answered', ledgerNumber: 7, media: place }, 'calling', ['call.answered', 'call.changed']],
  ['calling', { type: 'far-alerted', afterMs: 900, rings: true }, 'calling', ['call.changed']],
  ['calling', { type: 'early-media' }, 'calling', ['call.changed']],
  ['noticing', { type: 'early-media' }, 'refused:wrong-state'],
  ['noticing', { type: 'far-alerted', afterMs: 900, rings: true }, 'refused:wrong-state'],
  ['calling', { type: 'answer-failed', failure: 'busy' }, 'ended:far-busy'],
  ['calling', { type: 'answer-failed', failure: 'timed-out' }, 'ended:far-no-answer'],
  ['calling', { type: 'answer-failed', failure: 'not-found' }, 'ended:far-unreachable'],
  ['calling', { type: 'hang-up', agentId: 'anna' }, 'ended:completed', ['finish', 'call.ended']],
  ['calling', seat('seat-down'), 'ended:completed'],
  ['noticing', heard, 'connected', ['call.connected']],
  ['noticing', { type: 'prompt-ended', token: '3', unheard: true }, 'ended:system-failure', ['finish', 'call.ended']],
  ['noticing', { type: 'hang-up', agentId: 'anna' }, 'ended:completed'],
  ['connected', { type: 'park', agentId: 'anna' }, 'parked', ['call.agent-left', 'start-timer']],
  ['held', { type: 'park', agentId: 'anna' }, 'parked'],
  ['parked', { type: 'fetch', agentId: 'bert' }, 'connected', ['cancel-timer', 'call.connected']],
  ['parked', timer('park'), 'queued', ['call.queued', 'start-timer']],
  ['message', { type: 'key', key: '#' }, 'closing:message-left'],
  ['survey', { type: 'key', key: '5' }, 'closing:completed', ['cancel-timer', 'call.survey-answered']],
  ['survey', { type: 'key', key: '0' }, 'survey', []],
  ['survey', timer('survey'), 'closing:completed'],
  ['closing', heard, 'ended:no-agent'],

  ['arriving', hungUp, 'ended:abandoned-in-notice'],
  ['notice', hungUp, 'ended:abandoned-in-notice'],
  ['prompt', hungUp, 'ended:abandoned-in-menu'],
  ['menu', hungUp, 'ended:abandoned-in-menu'],
  ['admitting', hungUp, 'ended:abandoned-in-menu'],
  ['queued', hungUp, 'ended:abandoned-in-queue', ['cancel-timer', 'cancel-timer', 'call.dequeued', 'finish', 'call.ended']],
  ['offered', hungUp, 'ended:abandoned-ringing'],
  ['connected', hungUp, 'ended:completed', ['finish', 'call.ended']],
  ['consulting', hungUp, 'ended:completed', ['call.agent-left', 'finish', 'call.ended']],
  ['consultRinging', hungUp, 'ended:completed', ['cancel-timer', 'call.offer-ended', 'finish', 'call.ended']],
  ['withNumber', hungUp, 'ended:completed', ['hang-up-leg', 'finish', 'call.ended']],
  ['outside', hungUp, 'ended:transferred-out'],
  ['calling', hungUp, 'ended:completed'],
  ['noticing', hungUp, 'ended:completed'],
  ['dialling', hungUp, 'ended:abandoned-in-queue', ['hang-up-leg', 'finish', 'call.ended']],
  ['ringAll', hungUp, 'ended:abandoned-ringing'],
  ['parked', hungUp, 'ended:abandoned-parked', ['finish', 'call.ended']],
  ['message', hungUp, 'ended:message-left'],
  ['survey', hungUp, 'ended:completed'],
  ['closing', hungUp, 'ended:no-agent'],

  // A supervisor ends the call, whatever its stage.
  ['arriving', endedAbove, 'ended:completed', ['finish', 'call.ended']],
  ['queued', endedAbove, 'closing:completed', ['cancel-timer', 'cancel-timer', 'call.dequeued']],
  ['connected', endedAbove, 'closing:completed', ['call.agent-left']],
  ['away', endedAbove, 'closing:completed', ['cancel-timer', 'call.agent-left']],
  ['parked', endedAbove, 'closing:completed'],
  ['calling', endedAbove, 'ended:completed', ['finish', 'call.ended']],
  ['closing', endedAbove, 'ended:no-agent', ['finish', 'call.ended']],
  ['offered', endedAbove, 'ended:completed'],
  ['consultRinging', endedAbove, 'closing:completed', ['cancel-timer', 'call.offer-ended', 'call.agent-left']],
  ['outside', endedAbove, 'ended:transferred-out', ['hang-up-leg', 'finish', 'call.ended']],

  ['ended', hungUp, 'refused:no-such-call'],
  ['calling', { type: 'hang-up', agentId: 'bert' }, 'refused:not-allowed'],
  ['noticing', { type: 'answered', ledgerNumber: 7, media: place }, 'refused:wrong-state'],
  ['queued', { type: 'agent-answered', agentId: 'anna', offerId: 'o1' }, 'refused:wrong-state'],
  ['offered', { type: 'agent-answered', agentId: 'carl', offerId: 'o9' }, 'refused:not-allowed'],
  ['offered', timer('ring', 'o9'), 'refused:wrong-state'],
  ['connected', { type: 'agent-answered', agentId: 'bert', offerId: 'o2' }, 'refused:wrong-state'],
  ['connected', { type: 'offer', offer: other }, 'refused:wrong-state'],
  ['connected', { type: 'hold', agentId: 'bert' }, 'refused:not-allowed'],
  ['held', { type: 'hold', agentId: 'anna' }, 'refused:wrong-state'],
  ['connected', { type: 'resume', agentId: 'anna' }, 'refused:wrong-state'],
  ['away', { type: 'hold', agentId: 'anna' }, 'refused:wrong-state'],
  ['connected', { type: 'transfer', agentId: 'anna', target: { to: 'seat', agentId: 'anna' } }, 'refused:invalid-request'],
  ['connected', { type: 'transfer', agentId: 'bert', target: { to: 'queue', queueId: 'vip' } }, 'refused:not-allowed'],
  ['consulting', { type: 'transfer', agentId: 'anna', target: { to: 'queue', queueId: 'vip' } }, 'refused:wrong-state'],
  ['consultRinging', { type: 'consult-end', agentId: 'anna', how: 'complete' }, 'refused:wrong-state'],
  ['connected', { type: 'monitor', agentId: 'anna', mode: 'listen' }, 'refused:wrong-state'],
  ['connected', { type: 'monitor', agentId: 'boss', mode: 'stop' }, 'refused:wrong-state'],
  ['connected', { type: 'drop-party', agentId: 'anna', partyId: 'agent:nobody' }, 'refused:not-allowed'],
  ['listenedTo', { type: 'drop-party', agentId: 'anna', partyId: 'agent:sue' }, 'refused:not-allowed'],
  ['connected', { type: 'resume-recording', agentId: 'anna', by: 'agent' }, 'refused:wrong-state'],
  ['connected', seat('seat-up'), 'refused:wrong-state'],
  ['notice', { type: 'prompt-ended', token: 'late' }, 'refused:wrong-state'],
  ['menu', timer('menu', 'late'), 'refused:wrong-state'],
  ['queued', { type: 'key', key: '5' }, 'refused:wrong-state'],
  ['closing', { type: 'hang-up', agentId: 'anna' }, 'refused:wrong-state'],
  ['connected', { type: 'park', agentId: 'bert' }, 'refused:not-allowed'],
  ['connected', { type: 'fetch', agentId: 'bert' }, 'refused:wrong-state'],
  ['consulting', { type: 'park', agentId: 'anna' }, 'refused:wrong-state'],
  ['conference', { type: 'park', agentId: 'anna' }, 'refused:wrong-state'],
  ['away', { type: 'park', agentId: 'anna' }, 'refused:wrong-state'],
  ['parked', { type: 'hang-up', agentId: 'anna' }, 'refused:wrong-state'],
  ['parked', timer('park', 'late'), 'refused:wrong-state'],
  ['parked', { type: 'offer', offer }, 'refused:wrong-state'],
  ['offered', { type: 'overflow', overflow: { to: 'message' } }, 'refused:wrong-state'],
  ['connected', { type: 'overflow', overflow: { to: 'message' } }, 'refused:wrong-state'],
];

function outcome(stage: Stage): string {
  switch (stage.kind) {
    case 'ended':
    case 'closing':
      return `${stage.kind}:${stage.cause}`;
    case 'connected':
      if (stage.consult !== undefined) return 'connected:consult';
      return `connected${stage.mixed ? ':mixed' : ''}${stage.held ? ':held' : ''}${stage.away ? ':away' : ''}`;
    default:
      return stage.kind;
  }
}

describe('advance', () => {
  test.each(rows.map(([from, event, to, effects]) => ({ name: `${from} -> ${to}  by ${event.type}`, from, event, to, effects })))(
    '$name',
    ({ from, event, to, effects }) => {
      // A caller who is arriving has heard nothing yet.
      const result = advance(call(stages[from], from === 'arriving' ? { notice: 'pending' } : {}), event, AT_MS);
      expect('refused' in result ? `refused:${result.refused}` : outcome(result.call.stage)).toBe(to);
      if (effects !== undefined) expect('refused' in result ? [] : names(result.effects)).toEqual(effects);
    },
  );

  test('every state meets every event without throwing, and an ended call takes none', () => {
    const events = rows.map(([, event]) => event);
    for (const stage of Object.values(stages))
      for (const event of events) {
        const result = advance(call(stage), event, AT_MS);
        if (stage.kind === 'ended') expect(result).toEqual({ refused: 'no-such-call' });
        // A call ends once: with one `finish` and one `call.ended`.
        if ('call' in result && result.call.stage.kind === 'ended')
          expect(names(result.effects).filter((name) => name === 'finish' || name === 'call.ended')).toEqual(['finish', 'call.ended']);
      }
  });

  test('a seat that is lost leaves the caller at the place in the queue that it had', () => {
    const result = advance(call(stages.away), timer('seat-grace', 'anna'), 90_000);
    expect('effects' in result && result.effects.find((effect) => effect.do === 'publish' && effect.name === 'call.queued')).toMatchObject({
      event: { waitingSince: new Date(500).toISOString() },
    });
  });

  const queuedBy = (from: Call, event: CallEvent, atMs: number) => {
    const result = advance(from, event, atMs);
    const fact =
      'effects' in result ? result.effects.find((effect) => effect.do === 'publish' && effect.name === 'call.queued') : undefined;
    return { result, fact };
  };
  const asks = Flow.parse({
    ...flow,
    steps: {
      ...flow.steps,
      service: { kind: 'queue', queueId: 'service', priority: 5, skills: { billing: 3 }, maxWaitMs: 40_000, announce: { everyMs: 30_000 } },
    },
  });

  test.each([
    ['a lost seat', stages.away, timer('seat-grace', 'anna')],
    ['a park that is over', stages.parked, timer('park')],
    ['a number that did not answer', stages.dialling, { type: 'leg-failed', legId: '4', failure: 'busy' }],
  ] as const)('after %s the call has what its queue step gave it: priority, skills, longest wait, announcements', (_why, stage, event) => {
    const { result, fact } = queuedBy(call(stage, { flow: asks, queueStepId: 'service', callerPriority: 20 }), event, 90_000);
    expect(fact).toMatchObject({ event: { priority: 25, skills: { billing: 3 } } });
    expect('effects' in result && result.effects.filter((effect) => effect.do === 'start-timer')).toMatchObject([
      { timer: 'queue-wait', ms: 40_000 },
      { timer: 'announce', ms: 30_000 },
    ]);
  });

  test('waiting is counted per visit: a conversation of ten minutes before a transfer is none', () => {
    const talked = call(connected, { flow: asks, queueStepId: 'service', waitedMs: 8_000, waitingSinceMs: 0 });
    const { result, fact } = queuedBy(talked, { type: 'transfer', agentId: 'anna', target: { to: 'queue', queueId: 'vip' } }, 608_000);
    expect(fact).toMatchObject({
      event: { enteredAt: new Date(608_000).toISOString(), waitedBeforeMs: 8_000, waitingSince: new Date(600_000).toISOString() },
    });
    const rung = 'call' in result ? advance(result.call, { type: 'offer', offer }, 613_000) : result;
    expect('effects' in rung && rung.effects.find((effect) => effect.do === 'publish' && effect.name === 'call.offered')).toMatchObject({
      event: { waitedMs: 13_000 },
    });
  });

  test('what the flow says of callers who wait too long comes before what the queue says', () => {
    const steps = { ...flow.steps, service: { ...flow.steps['service'], kind: 'queue', queueId: 'service', onTimeout: 'leave' } };
    const waiting = call(stages.queued, { flow: Flow.parse({ ...flow, steps }) });
    expect(advance(waiting, { type: 'overflow', overflow: { to: 'callback' } }, AT_MS)).toMatchObject({
      call: { stage: { kind: 'message' } },
    });
  });

  test('a message has the length of its own step, and one that a queue asks for an end too', () => {
    const steps = { short: { kind: 'message', promptId: 'p', maxMs: 30_000 }, long: { kind: 'message', promptId: 'p', maxMs: 60_000 } };
    const own = Flow.parse({ start: 'short', steps: { ...steps, service: flow.steps['service'] } });
    const prompt = call({ kind: 'playing', what: 'prompt', token: '3', prompts: ['p'], then: 'short' }, { flow: own });
    const queued = call(stages.queued, { flow: own });
    const of = (from: Call, event: CallEvent): number | undefined => {
      const said = advance(from, event, AT_MS);
      if ('refused' in said || said.call.stage.kind !== 'message') throw new Error('no message');
      const spoken = advance(said.call, { type: 'prompt-ended', token: said.call.stage.token }, AT_MS);
      const [timer] = 'effects' in spoken ? spoken.effects : [];
      return timer?.do === 'start-timer' ? timer.ms : undefined;
    };
    expect(of(prompt, heard)).toBe(30_000);
    expect(of(queued, { type: 'overflow', overflow: { to: 'message' } })).toBe(120_000);
  });

  test('a caller on the VIP list goes ahead by so much as the list says', () => {
    const result = advance(call(stages.admitting, { callerPriority: 20 }), { type: 'admitted' }, AT_MS);
    expect('effects' in result && result.effects[0]).toMatchObject({ name: 'call.queued', event: { priority: 20 } });
  });

  test('a language key changes the language of what follows and is shown to the seat', () => {
    const result = advance(call(stages.menu), { type: 'key', key: '2' }, AT_MS);
    expect(result).toMatchObject({ call: { language: 'en', choices: ['English'] } });
  });

  test('beside the notice an answer waits for its end', () => {
    const beside = call(stages.offered, { notice: 'playing' });
    const answered = advance(beside, { type: 'agent-answered', agentId: 'anna', offerId: 'o1' }, AT_MS);
    if (!('call' in answered)) throw new Error('refused');
    expect(answered.call.stage).toMatchObject({ kind: 'offered', answeredBy: 'anna' });
    expect(advance(answered.call, { type: 'agent-answered', agentId: 'anna', offerId: 'o1' }, AT_MS)).toEqual({ refused: 'wrong-state' });
    const noticed = advance(answered.call, { type: 'prompt-ended', token: 'notice' }, AT_MS);
    expect('call' in noticed && noticed.call.stage.kind).toBe('connected');
  });
});

test.each<[CallEvent, string]>([
  [{ type: 'caller-hung-up' }, 'abandoned'],
  [{ type: 'lost', cause: 'media-failure', by: 'system' }, 'ended'],
  [endedAbove, 'ended'],
])('a queue is abandoned by the caller alone: %j', (event, reason) => {
  for (const stage of [stages.queued, stages.offered]) {
    const next = advance(call(stage), event, AT_MS);
    const left =
      'refused' in next
        ? []
        : next.effects.flatMap((effect) => (effect.do === 'publish' && effect.name === 'call.dequeued' ? [effect.event.reason] : []));
    expect(left).toEqual([reason]);
  }
});

test.each<CallEvent>([
  { type: 'declined', agentId: 'bert', reason: 'busy' },
  { type: 'seat-down', agentId: 'bert' },
  { type: 'timer', timer: 'ring', token: 'o2' },
])('who did not take a transfer is not the first whom the queue asks: $type', (event) => {
  const next = advance(call(stages.handed), event, AT_MS);
  expect('effects' in next && next.effects).toContainEqual(
    expect.objectContaining({ name: 'call.queued', event: expect.objectContaining({ avoid: ['bert'] }) }),
  );
});
