import type { FlowStep } from '../../shared/contracts/calls/flow.js';
import type { Overflow } from '../../shared/contracts/queues/overflow.js';
import type { Introduction } from '../../shared/contracts/calls/hand-over.js';
import { positionPrompts, waitPrompts } from './announcement.js';
import type { Call, Offer, Stage } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Advance, Step, Effect } from '../machine/effects.js';
import { bookCallback, DEFAULT_MAX_WAIT_MS, enter, overflowing } from './flow-steps.js';
import { after, iso, left, nextToken, offerEnded, refuse, sayAndEnd, step } from '../machine/step.js';
import { openVisit, visitIdOf } from '../machine/visits.js';
import type { AgentId, QueueId } from '../../shared/domain/ids.js';

const UNANSWERED_WAIT_MS = 500;
/** How long a seat rings that a colleague has chosen. */
export const DIRECT_RING_MS = 20_000;

type QueueStep = Extract<FlowStep, { kind: 'queue' }>;
type Queued = Extract<Stage, { kind: 'queued' }>;
type Offered = Extract<Stage, { kind: 'offered' }>;

const queueStepOf = (call: Call, stepId: string | undefined): QueueStep | undefined => {
  const found = stepId === undefined ? undefined : call.flow.steps[stepId];
  return found?.kind === 'queue' ? found : undefined;
};

export function duringAdmission(call: Call, stage: Extract<Stage, { kind: 'admitting' }>, event: CallEvent, atMs: number): Advance {
  if (event.type === 'prompt-ended') return heardNotice(call, event.token, atMs) ?? refuse('wrong-state');
  if (event.type === 'admitted') return enqueue(call, stage.queueId, stage.stepId, atMs);
  if (event.type !== 'not-admitted') return refuse('wrong-state');
  // Nothing can be said to a caller whose call is not answered yet: the queue is asked again after the answer.
  if (!call.answered) return step(call, { stage: { kind: 'arriving' } });
  const queueStep = queueStepOf(call, stage.stepId);
  const [next, cause] =
    event.reason === 'queue-full' ? ([queueStep?.onFull, 'queue-full'] as const) : ([queueStep?.onNoAgent, 'no-agent'] as const);
  return next === undefined
    ? overflowing(call, { stepId: stage.stepId, queueId: stage.queueId, overflow: event.overflow ?? { to: 'hang-up' }, cause }, atMs)
    : enter(call, next, atMs);
}

/** A call that is sent to a queue without a step of the flow keeps the settings of its previous queue step. */
const placeOf = (call: Call, stepId: string | undefined): QueueStep | undefined => queueStepOf(call, stepId ?? call.queueStepId);

/** The priority from the queue step plus that from the VIP list. */
export const priorityOf = (call: Call, stepId: string | undefined = call.queueStepId): number =>
  (queueStepOf(call, stepId)?.priority ?? 0) + (call.callerPriority ?? 0);

/** What routing needs to know about a waiting call; published again when the live state was lost. */
export function queuedFact(call: Call, queueId: QueueId, stepId: string | undefined, atMs: number) {
  const queueStep = placeOf(call, stepId);
  return {
    do: 'publish',
    name: 'call.queued',
    event: {
      queueId,
      callerMasked: call.callerMasked,
      called: call.called,
      language: call.language,
      priority: priorityOf(call, stepId),
      waitingSince: iso(call.waitingSinceMs ?? atMs),
      enteredAt: iso(call.visit?.sinceMs ?? atMs),
      waitedBeforeMs: call.waitedMs ?? 0,
      ...(call.visit === undefined ? {} : { visitId: visitIdOf(call.id, call.visit.place) }),
      returned: call.visit?.returned ?? false,
      trunkId: call.trunkId,
      direction: call.direction,
      class: call.class ?? 'service',
      skills: queueStep?.skills ?? {},
      choices: [...call.choices],
      avoid: [...call.avoid],
    },
  } as const satisfies Effect;
}

/** Whether an agent of this queue has answered the call before. */
function wasAnsweredIn({ history }: Call, queueId: QueueId): boolean {
  const first = history.findIndex((mark) => mark.what === 'queued' && mark.queueId === queueId);
  return first >= 0 && history.slice(first).some(({ what }) => what === 'agent-answered');
}

/** The wait of this visit is over; a conversation that follows does not count as waiting. */
export const leftTheLine = (call: Call, atMs: number): Call =>
  call.visit === undefined ? call : { ...call, visit: undefined, waitedMs: (call.waitedMs ?? 0) + Math.max(0, atMs - call.visit.sinceMs) };

/** All waiting time up to now, in all visits. */
const waitedMs = ({ visit, waitedMs: before = 0 }: Call, atMs: number): number =>
  before + (visit === undefined ? 0 : Math.max(0, atMs - visit.sinceMs));

/**
 * Puts the call into the queue, or back at its head: the place in line is kept, and the visit is new unless the caller has not left this
 * queue.
 */
export function enqueue(call: Call, queueId: QueueId, stepId: string | undefined, atMs: number): Step {
  const queueStep = queueStepOf(call, stepId);
  const waitingSinceMs = call.waitingSinceMs ?? atMs;
  const entered = {
    queueId,
    returned: wasAnsweredIn(call, queueId),
    priority: priorityOf(call, stepId),
    skills: placeOf(call, stepId)?.skills ?? {},
  };
  const visiting: Call =
    call.visit?.queueId === queueId ? call : { ...leftTheLine(call, atMs), visit: openVisit(call, { ...entered, sinceMs: atMs }) };
  const [turned, token] = nextToken(visiting);
  const effects: Effect[] = [
    queuedFact({ ...visiting, waitingSinceMs }, queueId, stepId, atMs),
    { do: 'start-timer', timer: 'queue-wait', ms: queueStep?.maxWaitMs ?? DEFAULT_MAX_WAIT_MS, token },
  ];
  if (queueStep?.announce !== undefined) effects.push({ do: 'start-timer', timer: 'announce', ms: queueStep.announce.everyMs, token });
  return step(
    turned,
    { stage: { kind: 'queued', queueId, stepId, announcing: undefined }, queueId, waitingSinceMs, queueStepId: stepId ?? call.queueStepId },
    effects,
    [{ atMs, what: 'queued', queueId }],
  );
}

export function duringQueue(call: Call, stage: Queued, event: CallEvent, atMs: number): Advance {
  switch (event.type) {
    case 'offer':
      return ring(call, stage, [event.offer], event.offer, atMs);
    case 'prompt-ended':
      if (event.token === stage.announcing?.token) return step(call, { stage: { ...stage, announcing: undefined } });
      return heardNotice(call, event.token, atMs) ?? refuse('wrong-state');
    case 'place':
      return announce(call, stage, event);
    case 'timer':
      return timerInQueue(call, stage, event, atMs);
    case 'overflow':
      return call.answered ? timeOut(call, stage, atMs, [], event.overflow) : refuse('wrong-state');
    case 'key': {
      const queueStep = queueStepOf(call, stage.stepId);
      if (queueStep?.callbackKey !== event.key || call.callbackBarred === true) return refuse('wrong-state');
      return after(
        [...leaveQueue(), { do: 'publish', name: 'call.dequeued', event: { queueId: stage.queueId, reason: 'callback' } }],
        bookCallback(leftTheLine(call, atMs), stage.queueId, 'callback-booked', atMs),
      );
    }
    default:
      return refuse('wrong-state');
  }
}

function announceAgain(call: Call, stepId: string | undefined, token: string): Effect[] {
  const announce = queueStepOf(call, stepId)?.announce;
  return announce === undefined ? [] : [{ do: 'start-timer', timer: 'announce', ms: announce.everyMs, token }];
}

/** What is announced to the caller about the place in the queue, as routing knows it now. */
function announce(call: Call, stage: Queued, { token, position, expectedWaitMs }: Extract<CallEvent, { type: 'place' }>): Advance {
  if (stage.announcing?.token !== token) return refuse('wrong-state');
  const wanted = queueStepOf(call, stage.stepId)?.announce;
  const prompts = [
    ...(wanted?.position === true ? positionPrompts(position, call.language) : []),
    ...(wanted?.wait === true ? waitPrompts(expectedWaitMs ?? 0, call.language) : []),
    ...(wanted?.promptId === undefined ? [] : [wanted.promptId]),
  ];
  return step(call, { stage: { ...stage, announcing: prompts.length === 0 ? undefined : { token, prompts } } });
}

function timerInQueue(call: Call, stage: Queued, event: Extract<CallEvent, { type: 'timer' }>, atMs: number): Advance {
  const queueStep = queueStepOf(call, stage.stepId);
  if (event.timer === 'announce' && queueStep?.announce !== undefined) {
    const again = announceAgain(call, stage.stepId, event.token);
    // Never over the notice or over another announcement.
    if (call.notice !== 'done' || stage.announcing !== undefined) return step(call, {}, again);
    const [turned, token] = nextToken(call);
    return step(turned, { stage: { ...stage, announcing: { token, prompts: undefined } } }, [...again, { do: 'ask-place', token }]);
  }
  if (event.timer === 'queue-wait') return call.answered ? timeOut(call, stage, atMs, []) : waitForTheAnswer(call, event.token);
  return refuse('wrong-state');
}

/** The longest wait is over, but what follows speaks to the caller: not before the call is answered. */
const waitForTheAnswer = (call: Call, token: string): Step =>
  step(call, {}, [{ do: 'start-timer', timer: 'queue-wait', ms: UNANSWERED_WAIT_MS, token }]);

/** The longest wait is over: the call goes where the flow sends such callers, otherwise where the queue does. */
function timeOut(
  call: Call,
  stage: Queued | Offered,
  atMs: number,
  before: readonly Effect[],
  overflow: Overflow = { to: 'hang-up' },
): Step {
  const next = queueStepOf(call, stage.stepId)?.onTimeout;
  const queueId = stage.queueId ?? call.queueId ?? '';
  const ends = next === undefined && overflow.to === 'hang-up';
  // What follows is not waiting: a caller who comes back from there begins another visit.
  const over = leftTheLine(call, atMs);
  return after(
    [...leaveQueue(), { do: 'publish', name: 'call.dequeued', event: { queueId, reason: ends ? 'timeout' : 'overflow' } }, ...before],
    next === undefined
      ? overflowing(over, { stepId: stage.stepId, queueId, overflow, cause: 'queue-timeout' }, atMs)
      : enter(over, next, atMs),
  );
}

export const leaveQueue = (): Effect[] => [
  { do: 'cancel-timer', timer: 'queue-wait' },
  { do: 'cancel-timer', timer: 'announce' },
];

function ring(call: Call, stage: Queued | Offered, offers: readonly Offer[], offer: Offer, atMs: number): Step {
  return step(
    call,
    { stage: { kind: 'offered', queueId: stage.queueId, stepId: stage.stepId, offers, answeredBy: undefined } },
    [{ do: 'ring', offer }, offered(call, stage.queueId, offer, atMs), ringTimer(offer)],
    [{ atMs, what: 'offered', agentId: offer.agentId, offerId: offer.offerId }],
  );
}

export const ringTimer = (offer: Offer): Extract<Effect, { do: 'start-timer' }> => ({
  do: 'start-timer',
  timer: 'ring',
  ms: offer.ringForMs,
  token: offer.offerId,
});

export const offered = (
  call: Call,
  queueId: QueueId | undefined,
  offer: Offer,
  atMs: number,
  introduction: Introduction | undefined = call.introduction,
): Effect => ({
  do: 'publish',
  name: 'call.offered',
  event: {
    offerId: offer.offerId,
    agentId: offer.agentId,
    queueId: queueId ?? call.queueId ?? 'direct',
    callerMasked: call.callerMasked,
    called: call.called,
    waitedMs: waitedMs(call, atMs),
    ringForMs: offer.ringForMs,
    choices: [...call.choices],
    autoAnswer: offer.autoAnswer,
    ...(introduction === undefined ? {} : { introduction }),
  },
});

export function duringOffer(call: Call, stage: Offered, event: CallEvent, atMs: number): Advance {
  switch (event.type) {
    case 'offer':
      if (stage.answeredBy !== undefined) return refuse('wrong-state');
      return ring(call, stage, [...stage.offers, event.offer], event.offer, atMs);
    case 'agent-answered':
      return answeredBy(call, stage, event.agentId, atMs);
    case 'declined':
      return offerFailed(call, stage, event.agentId, 'declined', atMs, event.reason);
    case 'seat-down':
      return offerFailed(call, stage, event.agentId, 'seat-lost', atMs);
    // The agent who answered while the notice was playing hangs up again.
    case 'hang-up':
      return event.agentId !== undefined && event.agentId === stage.answeredBy
        ? offerFailed(call, stage, event.agentId, 'declined', atMs)
        : refuse('wrong-state');
    case 'prompt-ended': {
      const heard = heardNotice(call, event.token, atMs);
      if (heard === undefined) return refuse('wrong-state');
      return stage.answeredBy === undefined ? heard : connect(heard.call, stage, stage.answeredBy, atMs);
    }
    case 'timer': {
      // No announcement while a seat rings; the next one is due if nobody has answered by then.
      if (event.timer === 'announce') return step(call, {}, announceAgain(call, stage.stepId, event.token));
      if (event.timer === 'queue-wait' && !call.answered) return waitForTheAnswer(call, event.token);
      if (event.timer === 'queue-wait' && stage.answeredBy === undefined)
        return timeOut(
          call,
          stage,
          atMs,
          stage.offers.flatMap((offer) => [silence(offer), offerEnded(offer, 'withdrawn')]),
        );
      const offer = stage.offers.find(({ offerId }) => offerId === event.token);
      if (event.timer !== 'ring' || offer === undefined) return refuse('wrong-state');
      return offerFailed(call, stage, offer.agentId, 'no-answer', atMs);
    }
    default:
      return refuse('wrong-state');
  }
}

const silence = (_offer: Offer): Effect => ({ do: 'cancel-timer', timer: 'ring' });

function answeredBy(call: Call, stage: Offered, agentId: AgentId, atMs: number): Advance {
  if (!stage.offers.some((offer) => offer.agentId === agentId)) return refuse('not-allowed');
  // Of two answers at once, the first gets the call.
  if (stage.answeredBy !== undefined) return refuse('wrong-state');
  if (call.notice !== 'done') {
    const [mine, others] = [
      stage.offers.filter((offer) => offer.agentId === agentId),
      stage.offers.filter((offer) => offer.agentId !== agentId),
    ];
    return step(call, { stage: { ...stage, offers: mine, answeredBy: agentId } }, [
      { do: 'cancel-timer', timer: 'ring' },
      ...leaveQueue(),
      ...others.map((offer) => offerEnded(offer, 'withdrawn')),
    ]);
  }
  return connect(call, stage, agentId, atMs);
}

const connect = (call: Call, stage: Offered, agentId: AgentId, atMs: number): Step =>
  answerOffer(call, stage.queueId, stage.offers, agentId, atMs);

/** One of the agents who were rung has the caller; the other rings end. */
export function answerOffer(call: Call, queueId: QueueId | undefined, offers: readonly Offer[], agentId: AgentId, atMs: number): Step {
  return step(
    leftTheLine(call, atMs),
    {
      stage: { kind: 'connected', agentId, held: false, away: false, consult: undefined, parties: [], mixed: false },
      lastAgentId: agentId,
      avoid: [],
      introduction: undefined,
    },
    [
      { do: 'cancel-timer', timer: 'ring' },
      ...leaveQueue(),
      ...offers.map((offer) => offerEnded(offer, offer.agentId === agentId ? 'answered' : 'withdrawn')),
      {
        do: 'publish',
        name: 'call.connected',
        event: { agentId, ...(queueId === undefined ? {} : { queueId }) },
      },
    ],
    [{ atMs, what: 'agent-answered', agentId, ...offerIdOf(offers, agentId) }],
  );
}

const offerIdOf = (offers: readonly Offer[], by: string): { offerId?: string } => {
  const offer = offers.find(({ agentId }) => agentId === by);
  return offer === undefined ? {} : { offerId: offer.offerId };
};

function offerFailed(
  call: Call,
  stage: Offered,
  agentId: AgentId,
  outcome: 'declined' | 'no-answer' | 'seat-lost',
  atMs: number,
  reason?: string,
): Advance {
  const offer = stage.offers.find((each) => each.agentId === agentId);
  if (offer === undefined) return refuse('not-allowed');
  const others = stage.offers.filter((each) => each !== offer);
  const backInQueue = stage.answeredBy === agentId && call.queueId !== undefined;
  const mark = { atMs, what: 'offer-ended', agentId, offerId: offer.offerId, detail: outcome } as const;
  const stillRinging = others.length > 0 && !backInQueue;
  const effects: Effect[] = [offerEnded(offer, outcome, reason), ...(others.length === 0 ? [silence(offer)] : [])];
  if (stillRinging) return step(call, { stage: { ...stage, offers: others }, avoid: [...call.avoid, agentId] }, effects, [mark]);
  if (stage.answeredBy === agentId) {
    // Routing released the call when it was answered, so it must be informed of the call again.
    const again = enqueue({ ...call, history: [...call.history, mark] }, stage.queueId ?? call.queueId ?? '', stage.stepId, atMs);
    // The agent's page has had the call since the answer.
    return after([...effects, left(agentId, outcome === 'seat-lost' ? 'seat-lost' : 'hung-up')], again);
  }
  return step(
    call,
    {
      stage: { kind: 'queued', queueId: stage.queueId ?? call.queueId ?? '', stepId: stage.stepId, announcing: undefined },
      avoid: [...call.avoid, agentId],
    },
    effects,
    [mark],
  );
}

/** Handles the end of a notice that was played while the caller was queued. */
function heardNotice(call: Call, token: string, atMs: number): Step | undefined {
  if (token !== 'notice' || call.notice !== 'playing') return undefined;
  return step(call, { notice: 'done' }, [], [{ atMs, what: 'notice-ended' }]);
}

/**
 * Sends a call that an agent had answered to a queue, or back to its own, with the settings of its queue step and without asking whether
 * there is room.
 */
export function requeue(call: Call, queueId: QueueId | undefined, atMs: number): Step {
  const to = queueId ?? call.queueId;
  return to === undefined ? sayAndEnd(call, 'all-busy', 'no-agent', 'system') : enqueue(call, to, call.queueStepId, atMs);
}
