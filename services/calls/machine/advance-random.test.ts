import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exampleCall, examplePermit } from '../../../test/support/centre/example-call.js';
import type { TransferTarget } from '../../shared/contracts/calls/hand-over.js';
import { Flow } from '../../shared/contracts/calls/flow.js';
import { advance } from './advance.js';
import type { Call, Stage } from './call.js';
import type { CallEvent } from './call-events.js';
import type { Effect, TimerName } from './effects.js';
import { dialledLeg } from '../dialling/dialled-legs.js';
import { mediaPlan } from '../media/media-plan.js';
import { agentInCharge } from '../running/live-call.js';
import { agentOf, legOf } from './step.js';

/**
 * Random lives of a call: whatever happens in whatever order, what its effects have begun is exactly what its stage still holds. So nobody
 * is left in a call alone, no leg outside stays up, no seat rings for nothing, and every stage has a way out.
 */
const flow = Flow.parse({
  noticeMode: 'while-ringing',
  start: 'service',
  steps: {
    service: { kind: 'queue', queueId: 'service', callbackKey: '9', announce: { everyMs: 30_000 }, onFull: 'menu', onTimeout: 'leave' },
    menu: { kind: 'menu', promptId: 'menu', tries: 2, keys: { '1': { goTo: 'service', label: 'one' } }, otherwise: 'leave' },
    leave: { kind: 'message', promptId: 'message-intro' },
  },
  survey: { questions: [{ id: 'score', promptId: 'survey-score', keys: ['1', '2'] }] },
});
const AGENTS = ['anna', 'bert', 'carl', 'boss'] as const;

/** What is going on by the effects alone. */
class Begun {
  readonly agents = new Set<string>();
  readonly legs = new Set<string>();
  readonly rings = new Set<string>();
  readonly timers = new Map<string, { readonly timer: TimerName; readonly token: string }>();
  waits = false;

  take(effect: Effect): void {
    if (effect.do === 'dial') this.legs.add(effect.legId);
    if (effect.do === 'hang-up-leg') this.legs.delete(effect.legId);
    // The end of a call hangs up every leg that is left, even one that hears its farewell.
    if (effect.do === 'finish') this.legs.clear();
    if (effect.do === 'start-timer') this.timers.set(`${effect.timer}:${effect.token}`, effect);
    if (effect.do === 'cancel-timer')
      for (const [key, { timer, token }] of this.timers)
        if (timer === effect.timer && (effect.token ?? token) === token) this.timers.delete(key);
    if (effect.do !== 'publish') return;
    if (effect.name === 'call.connected') this.agents.add(effect.event.agentId);
    if (effect.name === 'call.agent-left') this.agents.delete(effect.event.agentId);
    if (effect.name === 'call.offered') this.rings.add(effect.event.offerId);
    if (effect.name === 'call.offer-ended') this.rings.delete(effect.event.offerId);
    if (effect.name === 'call.queued') this.waits = true;
    if (effect.name === 'call.dequeued' || effect.name === 'call.connected') this.waits = false;
  }
}

/** What the stage holds, and the legs that still hear the confirmation of their refusal. */
function held(call: Call) {
  const leaving = (call.dialled ?? []).filter(({ speech, endedAtMs }) => speech?.what === 'farewell' && endedAtMs === undefined);
  const holds = heldBy(call);
  return call.stage.kind === 'ended' ? holds : { ...holds, legs: [...holds.legs, ...leaving.map(({ legId }) => legId)] };
}

function heldBy({ stage }: Call) {
  const none = { agents: [] as string[], legs: [] as string[], rings: [] as string[], timers: [] as string[], waits: false };
  switch (stage.kind) {
    case 'queued':
      return { ...none, waits: true, timers: ['queue-wait'] };
    case 'offered':
      return {
        ...none,
        rings: stage.offers.map(({ offerId }) => offerId),
        waits: true,
        timers: stage.answeredBy === undefined ? ['queue-wait', ...stage.offers.map(({ offerId }) => `ring:${offerId}`)] : [],
      };
    case 'connected': {
      const { consult, parties } = stage;
      const ids = [...parties.map(({ id }) => id), ...(consult?.party === undefined ? [] : [consult.party])];
      const ownAgents = parties.flatMap(({ id, role, barged }) => (role === 'talk' && barged !== true ? (agentOf(id) ?? []) : []));
      const away = [
        ...(stage.away ? [stage.agentId] : []),
        ...parties.flatMap((party) => (party.away === true ? (agentOf(party.id) ?? []) : [])),
        ...(consult?.away === true ? [agentOf(consult.party ?? '') ?? ''] : []),
      ];
      return {
        agents: [stage.agentId, ...ownAgents, ...(consult?.state === 'talking' ? [agentOf(consult.party ?? '') ?? []] : [])].flat(),
        legs: ids.flatMap((id) => legOf(id) ?? []),
        rings: consult?.offer === undefined ? [] : [consult.offer.offerId],
        waits: consult?.state === 'ringing' && consult.target.to === 'queue',
        timers: [
          ...away.map((agentId) => `seat-grace:${agentId}`),
          ...(consult?.offer === undefined ? [] : [`ring:${consult.offer.offerId}`]),
        ],
      };
    }
    case 'dialling':
    case 'outside':
      return { ...none, legs: [stage.legId] };
    case 'handed': {
      const { target } = stage;
      if (target.to === 'number') return { ...none, legs: [target.legId] };
      return { ...none, rings: [target.offer.offerId], timers: [`ring:${target.offer.offerId}`] };
    }
    case 'parked':
      return { ...none, timers: ['park'] };
    case 'menu':
      return { ...none, timers: stage.prompt === 'done' ? ['menu'] : [] };
    case 'message':
      return { ...none, timers: stage.speaking ? ['message'] : [] };
    default:
      return none;
  }
}

/** The third party has heard the prompt to its end. */
function toldLeg(call: Call): CallEvent | undefined {
  const token = call.dialled?.find(({ speech, endedAtMs }) => speech !== undefined && endedAtMs === undefined)?.speech?.token;
  return token === undefined ? undefined : { type: 'prompt-ended', token };
}

const speechOf = (stage: Stage): string => ('token' in stage ? stage.token : 'notice');

type Draw = readonly [kind: number, who: number, other: number];
type Make = (call: Call, begun: Begun, agentId: string, other: string) => CallEvent | undefined;
const offer = (agentId: string, turn: number) => ({ offerId: `o-${agentId}-${turn}`, agentId, ringForMs: 1_000, autoAnswer: false });
const makes: readonly Make[] = [
  (call, _begun, _agentId, other) => (busy(call).includes(other) ? undefined : { type: 'offer', offer: offer(other, call.history.length) }),
  (_call, _begun, agentId) => ({ type: 'agent-answered', agentId, offerId: undefined }),
  (_call, _begun, agentId) => ({ type: 'agent-answered', agentId, offerId: undefined }),
  (call) => {
    const rung = call.stage.kind === 'connected' ? call.stage.consult?.offer?.agentId : undefined;
    return rung === undefined ? undefined : { type: 'agent-answered', agentId: rung, offerId: undefined };
  },
  (call) => {
    const consulted = call.stage.kind === 'connected' ? agentOf(call.stage.consult?.party ?? '') : undefined;
    return consulted === undefined ? undefined : { type: 'seat-down', agentId: consulted };
  },
  (_call, _begun, agentId) => ({ type: 'declined', agentId, reason: undefined }),
  (_call, _begun, agentId) => ({ type: 'hang-up', agentId }),
  (_call, _begun, agentId) => ({ type: 'hold', agentId }),
  (_call, _begun, agentId) => ({ type: 'resume', agentId }),
  (_call, _begun, agentId) => ({ type: 'transfer', agentId, target: { to: 'queue', queueId: 'second' } }),
  (call, _begun, agentId, other) =>
    busy(call).includes(other) ? undefined : { type: 'transfer', agentId, target: { to: 'seat', agentId: other } },
  (_call, _begun, agentId) => ({ type: 'transfer', agentId, target: { to: 'number', number: '10010' }, permit: examplePermit }),
  (call, _begun, agentId, other) =>
    busy(call).includes(other) ? undefined : { type: 'consult', agentId, target: { to: 'seat', agentId: other } },
  (_call, _begun, agentId) => ({ type: 'consult', agentId, target: { to: 'queue', queueId: 'second' } }),
  (_call, _begun, agentId) => ({ type: 'consult', agentId, target: { to: 'number', number: '10010' }, permit: examplePermit }),
  (_call, _begun, agentId) => ({ type: 'consult-end', agentId, how: 'complete' }),
  (_call, _begun, agentId) => ({ type: 'consult-end', agentId, how: 'join' }),
  (_call, _begun, agentId) => ({ type: 'consult-end', agentId, how: 'join' }),
  (_call, _begun, agentId) => ({ type: 'consult-end', agentId, how: 'cancel' }),
  (_call, _begun, agentId) => ({ type: 'park', agentId }),
  (_call, _begun, agentId) => ({ type: 'fetch', agentId }),
  (_call, _begun, agentId) => ({ type: 'monitor', agentId, mode: 'listen' }),
  (_call, _begun, agentId) => ({ type: 'monitor', agentId, mode: 'barge' }),
  (_call, _begun, agentId) => ({ type: 'monitor', agentId, mode: 'take-over' }),
  (_call, _begun, agentId) => ({ type: 'monitor', agentId, mode: 'stop' }),
  (_call, _begun, agentId) => ({ type: 'seat-down', agentId }),
  (_call, _begun, agentId) => ({ type: 'seat-up', agentId }),
  (call) => ({ type: 'prompt-ended', token: speechOf(call.stage) }),
  () => ({ type: 'prompt-ended', token: 'notice' }),
  () => ({ type: 'admitted' }),
  () => ({ type: 'admitted' }),
  () => ({ type: 'not-admitted', reason: 'queue-full' }),
  () => ({ type: 'key', key: '1' }),
  (_call, begun) => firstOf(begun.legs, (legId) => ({ type: 'leg-answered', legId })),
  toldLeg,
  toldLeg,
  (_call, begun) => firstOf(begun.legs, (legId) => ({ type: 'leg-key', legId, key: '9' })),
  (_call, begun) => firstOf(begun.legs, (legId) => ({ type: 'leg-ended', legId })),
  (_call, begun, _agentId, other) => timerOf(begun, AGENTS.indexOf(other as (typeof AGENTS)[number])),
  (_call, begun) => timerOf(begun, 0),
];

const busy = ({ stage }: Call): string[] => {
  if (stage.kind === 'offered') return stage.offers.map(({ agentId }) => agentId);
  if (stage.kind !== 'connected') return [];
  const ids = [...stage.parties.map(({ id }) => id), stage.consult?.party ?? ''];
  return [stage.agentId, stage.consult?.offer?.agentId ?? '', ...ids.map((id) => agentOf(id) ?? '')];
};

/** Usually somebody whose action has a meaning: the agent in charge, or another party of the call; sometimes anybody. */
function actor(call: Call, draw: number): string {
  const inCall = busy(call).filter((agentId) => agentId !== '');
  const inCharge = agentInCharge(call);
  if (draw < 5 && inCharge !== undefined) return inCharge;
  if (draw < 8 && inCall.length > 1) return inCall[1 + (draw % (inCall.length - 1))] ?? 'bert';
  return AGENTS[draw % AGENTS.length] ?? 'anna';
}

function firstOf(legs: ReadonlySet<string>, make: (legId: string) => CallEvent): CallEvent | undefined {
  const [legId] = legs;
  return legId === undefined ? undefined : make(legId);
}

function timerOf({ timers }: Begun, place: number): CallEvent | undefined {
  const running = [...timers.values()];
  const due = running[place % Math.max(1, running.length)];
  return due === undefined ? undefined : { type: 'timer', timer: due.timer, token: due.token };
}

function check(call: Call, begun: Begun, after: string): void {
  const holds = held(call);
  const seen = {
    after,
    agents: [...begun.agents].sort(),
    legs: [...begun.legs].sort(),
    rings: [...begun.rings].sort(),
    waits: begun.waits,
  };
  const wanted = {
    after,
    agents: [...holds.agents].sort(),
    legs: [...holds.legs].sort(),
    rings: [...holds.rings].sort(),
    waits: holds.waits,
  };
  if (call.stage.kind === 'ended') {
    // `call.ended` frees every agent of the call.
    expect({ ...seen, agents: [] }).toEqual(wanted);
    return;
  }
  expect(seen).toEqual(wanted);
  const running = [...begun.timers.keys()];
  for (const timer of holds.timers)
    expect({ after, timer, running: running.some((key) => key === timer || key.startsWith(`${timer}:`)) }).toEqual({
      after,
      timer,
      running: true,
    });
  const { callerHears } = mediaPlan(call);
  if (call.notice === 'playing' && call.stage.kind !== 'closing') expect(callerHears).toMatchObject({ kind: 'speech', token: 'notice' });
}

test('what a call has begun is what its stage holds, in random lives', () => {
  const draws = fc.array(fc.tuple(fc.nat(makes.length - 1), fc.nat(11), fc.nat(3)), { minLength: 5, maxLength: 40 });
  const reached = new Set<string>();
  fc.assert(
    fc.property(draws, fc.nat(STARTS.length - 1), (acts: readonly Draw[], start) => {
      let call = exampleCall(flow, { kind: 'admitting', queueId: 'service', stepId: 'service' }, { notice: 'playing' });
      const begun = new Begun();
      const happens = (event: CallEvent, atMs: number): void => {
        if (event.type === 'timer') begun.timers.delete(`${event.timer}:${event.token}`);
        if (event.type === 'leg-ended') begun.legs.delete(event.legId);
        const next = advance(call, event, atMs);
        if ('refused' in next) return;
        const consulted = call.stage.kind === 'connected' && call.stage.consult !== undefined;
        const after = `${call.stage.kind} + ${JSON.stringify(event)}`;
        call = next.call;
        for (const effect of next.effects) begun.take(effect);
        check(call, begun, after);
        reached.add(situation(call.stage, event, consulted));
        if ((call.dialled ?? []).some(({ speech }) => speech?.what === 'farewell')) reached.add('refused by a third party');
        for (const effect of next.effects)
          if (effect.do === 'dial') happens({ type: 'dialled', leg: dialledLeg(effect.legId, examplePermit, atMs) }, atMs);
      };
      for (const make of STARTS[start] ?? []) happens(make(call, begun), 1_000);
      acts.forEach(([kind, who, other], at) => {
        const event = makes[kind]?.(call, begun, actor(call, who), AGENTS[other] ?? 'bert');
        if (event !== undefined) happens(event, 1_001 + at);
      });
    }),
    { numRuns: 800 },
  );
  // The lives are only worth something when they reach the hard cases.
  for (const hard of HARD) expect([...reached]).toContain(hard);
});

/** Where random lives begin: the hard cases are not left to chance. */
const conversation: readonly CallEvent[] = [
  { type: 'admitted' },
  { type: 'prompt-ended', token: 'notice' },
  { type: 'offer', offer: offer('anna', 0) },
  { type: 'agent-answered', agentId: 'anna', offerId: undefined },
];
const consulting = (target: TransferTarget): readonly CallEvent[] => [
  ...conversation,
  { type: 'consult', agentId: 'anna', target, permit: examplePermit },
];
const seatAnswers: CallEvent = { type: 'agent-answered', agentId: 'bert', offerId: undefined };
const legAnswers = (_call: Call, begun: Begun): CallEvent => ({ type: 'leg-answered', legId: [...begun.legs][0] ?? '' });
const legHears = (call: Call): CallEvent => toldLeg(call) ?? { type: 'prompt-ended', token: '' };
const joins: CallEvent = { type: 'consult-end', agentId: 'anna', how: 'join' };
const toSeat = consulting({ to: 'seat', agentId: 'bert' });
const toNumber = consulting({ to: 'number', number: '10010' });
const secondRings: CallEvent = { type: 'consult', agentId: 'anna', target: { to: 'seat', agentId: 'carl' } };
const given = (event: CallEvent) => (): CallEvent => event;
const STARTS: readonly (readonly ((call: Call, begun: Begun) => CallEvent)[])[] = [
  [],
  conversation.map(given),
  [...toSeat, seatAnswers].map(given),
  [...toSeat, seatAnswers, joins].map(given),
  [...toSeat, seatAnswers, joins, secondRings].map(given),
  [...toNumber.map(given), legAnswers, legHears],
  [...toNumber.map(given), legAnswers, legHears, given(joins)],
  consulting({ to: 'queue', queueId: 'second' }).map(given),
];

/** Stages and events that a random life must pass through. */
const HARD = [
  'conference of 3',
  'conference with a leg',
  'consulting a seat',
  'consulting a number',
  'consulting a seat in a conference',
  'consulting in a queue',
  'party away',
  'consulted seat away',
  'outside',
  'refused by a third party',
  'parked',
  'handed',
  'grace over',
  'take-over during a consultation',
];

function situation(stage: Stage, event: CallEvent, consulted: boolean): string {
  if (event.type === 'timer' && event.timer === 'seat-grace') return 'grace over';
  if (stage.kind !== 'connected') return stage.kind;
  const { consult, parties } = stage;
  const talking = parties.filter(({ role }) => role === 'talk');
  if (event.type === 'monitor' && event.mode === 'take-over' && consulted) return 'take-over during a consultation';
  if (consult?.away === true) return 'consulted seat away';
  if (talking.some(({ away }) => away === true)) return 'party away';
  if (consult !== undefined && consult.target.to === 'queue') return 'consulting in a queue';
  if (consult !== undefined && talking.length > 0) return `consulting a ${consult.target.to} in a conference`;
  if (consult?.state === 'talking') return `consulting a ${consult.target.to}`;
  if (talking.some(({ id }) => legOf(id) !== undefined)) return 'conference with a leg';
  return talking.length > 0 ? `conference of ${talking.length + 2}` : 'connected';
}
