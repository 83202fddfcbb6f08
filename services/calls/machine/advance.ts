import type { FailureCode } from '../../shared/domain/failure.js';
import type { ReleaseCause } from '../../shared/domain/calls/release.js';
import { type Call, type ReleasedBy, type Stage } from './call.js';
import type { CallEvent } from './call-events.js';
import { duringConversation } from '../stages/conversation.js';
import { legMoved, withLegTimes } from '../dialling/dialled-legs.js';
import { listeningEnded } from './listening.js';
import { duringOutside } from '../stages/outside.js';
import { duringPark } from '../stages/parking.js';
import type { Advance, Step, Effect } from './effects.js';
import { duringHandOver, handOverOutcome, handOverUndone } from '../stages/handing-over.js';
import { begin, duringFlow, noticeBeside } from '../stages/flow-steps.js';
import { besideStage } from '../dialling/leg-notice.js';
import { released } from './parties.js';
import { duringAdmission, duringOffer, duringQueue, leaveQueue } from '../stages/queueing.js';
import { withoutStalePause } from '../media/recording-pause.js';
import { endedBySupervisor, isEmergency } from '../stages/ended-above.js';
import { isRefusal, refusedByKey } from '../stages/refusal-key.js';
import { viewsChanged } from './seat-views.js';
import { after, end, left, offerEnded, refuse, sayAndEnd, saying, step } from './step.js';
import { withVisits } from './visits.js';
import { toldTransfers } from '../records/told-transfers.js';

/** The next call and the effects of an event, or why the event has no meaning now. Pure: the same call and event give the same step. */
export function advance(call: Call, event: CallEvent, atMs: number): Advance {
  const next = decide(call, event, atMs);
  if ('refused' in next) return next;
  const done = withVisits(call, withLegTimes(withoutStalePause(next, atMs), event, atMs), event, atMs);
  const outcome = handOverOutcome(call, done.call, event);
  return {
    call: done.call,
    effects: [
      ...toldTransfers(done, atMs),
      ...outcome,
      ...viewsChanged(call, done.call, done.effects),
      ...listeningEnded(call, done.call, atMs),
    ],
  };
}

function decide(call: Call, event: CallEvent, atMs: number): Advance {
  const { stage } = call;
  if (stage.kind === 'ended') return refuse('no-such-call');
  if (event.type === 'dialled') return step(call, { dialled: [...(call.dialled ?? []), event.leg] });
  if (event.type === 'script-shown') return step(call, { scripts: withScript(call.scripts, event, atMs) });
  if (event.type === 'leg-moved') return step(call, legMoved(call, event));
  return besideStage(call, event, atMs, (now, then) => duringStage(now, then, atMs)) ?? duringStage(call, event, atMs);
}

/** A text that a page reads again is the same text. */
const withScript = (
  before: NonNullable<Call['scripts']> = [],
  { agentId, scriptId }: Extract<CallEvent, { type: 'script-shown' }>,
  atMs: number,
): NonNullable<Call['scripts']> =>
  before.some((shown) => shown.agentId === agentId && shown.scriptId === scriptId) ? before : [...before, { scriptId, agentId, atMs }];

function duringStage(call: Call, event: CallEvent, atMs: number): Advance {
  const { stage } = call;
  if (event.type === 'caller-hung-up') return callerHungUp(call, atMs);
  if (event.type === 'lost') return end(call, event.cause, event.by, atMs, undone(call));
  if (event.type === 'end')
    return isEmergency(call) ? refuse('emergency-call') : endedBySupervisor(call, event.supervisor, undone(call), atMs);
  if (event.type === 'key' && isRefusal(call, event.key)) return refusedByKey(call, undone(call), atMs);
  if (event.type === 'answered' && isQueuedUnanswered(call)) return answeredInQueue(call, event, atMs);
  if (event.type === 'answer-failed' && isQueuedUnanswered(call))
    return end(call, notAnswered(event.failure), 'system', atMs, undone(call));
  switch (stage.kind) {
    case 'arriving':
      return duringArrival(call, event, atMs);
    case 'playing':
    case 'menu':
    case 'message':
      return duringFlow(call, event, atMs);
    case 'admitting':
      return duringAdmission(call, stage, event, atMs);
    case 'queued':
      return duringQueue(call, stage, event, atMs);
    case 'offered':
      return duringOffer(call, stage, event, atMs);
    case 'connected':
      return duringConversation(call, stage, event, atMs);
    case 'handed':
      return duringHandOver(call, stage, event, atMs);
    case 'parked':
      return duringPark(call, stage, event, atMs);
    case 'dialling':
    case 'outside':
      return duringOutside(call, stage, event, atMs);
    case 'calling':
      return duringCalling(call, stage, event, atMs);
    case 'survey':
      return duringSurvey(call, stage, event, atMs);
    case 'ended':
      return refuse('no-such-call');
    case 'closing':
      return event.type === 'prompt-ended' && event.token === stage.token ? end(call, stage.cause, stage.by, atMs) : refuse('wrong-state');
  }
}

type Answered = Extract<CallEvent, { type: 'answered' }>;

const answeredCall = (call: Call, event: Answered, atMs: number): Call => ({
  ...call,
  answered: true,
  ledgerNumber: event.ledgerNumber,
  media: event.media,
  history: [...call.history, { atMs, what: 'answered' }],
});

const answeredFact = (event: Answered): Effect[] =>
  event.ledgerNumber === undefined
    ? []
    : [{ do: 'publish', name: 'call.answered', event: { ledgerNumber: event.ledgerNumber, media: event.media } }];

function duringArrival(call: Call, event: CallEvent, atMs: number): Advance {
  if (event.type === 'answer-failed') return end(call, notAnswered(event.failure), 'system', atMs);
  if (event.type !== 'answered') return refuse('wrong-state');
  const begun = begin(answeredCall(call, event, atMs), atMs);
  return { call: begun.call, effects: [...answeredFact(event), ...begun.effects] };
}

const notAnswered = (failure: FailureCode): ReleaseCause => (failure === 'no-common-codec' ? failure : 'media-failure');

/** A caller who was queued while the call was still being answered. */
const isQueuedUnanswered = ({ answered, stage }: Call): boolean =>
  !answered && (stage.kind === 'admitting' || stage.kind === 'queued' || stage.kind === 'offered');

function answeredInQueue(call: Call, event: Answered, atMs: number): Step {
  return after(answeredFact(event), noticeBeside(answeredCall(call, event, atMs), atMs));
}

type Calling = Extract<Stage, { kind: 'calling' }>;

/**
 * The called party hears that the call is recorded and how to refuse further ones, before the agent is joined (regulation items 5 and 11).
 */
function outboundAnswered(call: Call, stage: Calling, event: Answered, atMs: number): Step {
  const notice = call.flow.noticePromptId;
  // Police, fire brigade and ambulance must not wait for the notice.
  if (call.outbound?.emergency === true) {
    const joined = outboundJoined(answeredCall(call, event, atMs), stage, atMs);
    return after(answeredFact(event), joined);
  }
  const said = saying(
    { ...answeredCall(call, event, atMs), notice: 'playing' },
    [notice, 'refusal-key'],
    (speech) => ({ ...stage, notice: speech }),
    [{ atMs, what: 'notice-started', detail: notice }],
  );
  return after(answeredFact(event), said);
}

function farAlerted(call: Call, stage: Calling, { afterMs, rings }: Extract<CallEvent, { type: 'far-alerted' }>, atMs: number): Step {
  return step(call, rings ? { stage: { ...stage, rings } } : {}, [], [{ atMs, what: 'far-alerted', afterMs }]);
}

function outboundJoined(call: Call, { agentId }: Calling, atMs: number): Step {
  return step(
    call,
    {
      stage: { kind: 'connected', agentId, held: false, away: false, consult: undefined, parties: [], mixed: false },
      notice: 'done',
      lastAgentId: agentId,
    },
    [{ do: 'publish', name: 'call.connected', event: { agentId, ...(call.queueId === undefined ? {} : { queueId: call.queueId }) } }],
    [...(call.notice === 'playing' ? [{ atMs, what: 'notice-ended' } as const] : []), { atMs, what: 'agent-answered', agentId }],
  );
}

function duringCalling(call: Call, stage: Calling, event: CallEvent, atMs: number): Advance {
  switch (event.type) {
    case 'far-alerted':
      return stage.notice === undefined ? farAlerted(call, stage, event, atMs) : refuse('wrong-state');
    case 'early-media':
      return stage.notice === undefined ? step(call, { stage: { ...stage, early: true } }) : refuse('wrong-state');
    case 'answered':
      return stage.notice === undefined ? outboundAnswered(call, stage, event, atMs) : refuse('wrong-state');
    case 'answer-failed':
      return end(call, notReached(event.failure), event.failure === 'outbound-stopped' ? 'system' : 'far-party', atMs);
    case 'prompt-ended':
      if (event.token !== stage.notice?.token) return refuse('wrong-state');
      // Without the notice nobody may be recorded, and without a recording nobody is called (items 11 and 18).
      return event.unheard === true ? end(call, 'system-failure', 'system', atMs) : outboundJoined(call, stage, atMs);
    case 'hang-up':
    case 'seat-down':
      return event.agentId === stage.agentId
        ? end(call, call.answered ? 'completed' : 'far-no-answer', 'agent', atMs)
        : refuse('not-allowed');
    default:
      return refuse('wrong-state');
  }
}

function notReached(failure: FailureCode): ReleaseCause {
  if (failure === 'busy') return 'far-busy';
  if (failure === 'outbound-stopped') return 'outbound-stopped';
  if (failure === 'timed-out' || failure === 'no-agent') return 'far-no-answer';
  if (failure === 'carrier-silent') return 'carrier-silent';
  return failure === 'media-relay-unavailable' ? 'media-failure' : 'far-unreachable';
}

function duringSurvey(call: Call, stage: Extract<Stage, { kind: 'survey' }>, event: CallEvent, atMs: number): Advance {
  const survey = call.flow.survey;
  const question = survey?.questions[stage.question];
  if (survey === undefined || question === undefined) return end(call, 'completed', 'agent', atMs);
  const ask = (index: number, tries: number): Step => {
    const next = survey.questions[index];
    return next === undefined
      ? sayAndEnd(call, survey.thanksPromptId, 'completed', 'agent')
      : saying(call, [next.promptId], (speech) => ({ ...stage, question: index, ...speech, tries }));
  };
  if (event.type === 'prompt-ended' && event.token === stage.token)
    return step(call, {}, [{ do: 'start-timer', timer: 'survey', ms: survey.waitMs, token: stage.token }]);
  if (event.type === 'timer' && event.timer === 'survey' && event.token === stage.token)
    return sayAndEnd(call, survey.thanksPromptId, 'completed', 'agent');
  if (event.type !== 'key') return refuse('wrong-state');
  if (!question.keys.includes(event.key)) return stage.tries >= 2 ? ask(stage.question + 1, 1) : ask(stage.question, stage.tries + 1);
  const next = ask(stage.question + 1, 1);
  return {
    call: { ...next.call, history: [...next.call.history, { atMs, what: 'survey-answered', detail: `${question.id}:${event.key}` }] },
    effects: [
      { do: 'cancel-timer', timer: 'survey' },
      { do: 'publish', name: 'call.survey-answered', event: { question: question.id, key: event.key } },
      ...next.effects,
    ],
  };
}

/** The cause for a caller who leaves depends on the stage, because reports count the causes separately. */
function callerHungUp(call: Call, atMs: number): Step {
  const [cause, by] = hangUpCause(call.stage);
  return end(call, cause, by, atMs, undone(call, 'abandoned'));
}

function hangUpCause(stage: Stage): readonly [ReleaseCause, ReleasedBy] {
  switch (stage.kind) {
    case 'arriving':
      return ['abandoned-in-notice', 'caller'];
    case 'playing':
      return [stage.what === 'notice' ? 'abandoned-in-notice' : 'abandoned-in-menu', 'caller'];
    case 'menu':
    case 'admitting':
      return ['abandoned-in-menu', 'caller'];
    case 'queued':
      return ['abandoned-in-queue', 'caller'];
    case 'offered':
    case 'handed':
      return ['abandoned-ringing', 'caller'];
    case 'message':
      return [stage.speaking ? 'message-left' : 'abandoned-in-menu', 'caller'];
    case 'dialling':
      return ['abandoned-in-queue', 'caller'];
    case 'parked':
      return ['abandoned-parked', 'caller'];
    case 'outside':
      return ['transferred-out', 'caller'];
    case 'survey':
      return ['completed', 'agent'];
    case 'closing':
    case 'ended':
      return [stage.cause, stage.by];
    case 'connected':
    case 'calling':
      return ['completed', 'caller'];
  }
}

/**
 * What other parts are doing for the call and must end with it: rings, places in queues, legs outside. Only a caller who hangs up has
 * abandoned a queue.
 */
function undone(call: Call, why: 'abandoned' | 'ended' = 'ended'): Effect[] {
  const { stage } = call;
  switch (stage.kind) {
    case 'queued':
      return [...leaveQueue(), { do: 'publish', name: 'call.dequeued', event: { queueId: stage.queueId, reason: why } }];
    case 'offered':
      return [
        ...leaveQueue(),
        // The call leaves the queue first: a call that is back in line when its ring ends would be offered again at once.
        { do: 'publish', name: 'call.dequeued', event: { queueId: stage.queueId ?? call.queueId ?? '', reason: why } },
        ...stage.offers.map((offer) => offerEnded(offer, 'withdrawn')),
        ...(stage.answeredBy === undefined ? [] : [left(stage.answeredBy, 'hung-up')]),
      ];
    case 'connected':
      return released(stage);
    case 'handed':
      return handOverUndone(stage);
    case 'dialling':
    case 'outside':
      return [{ do: 'hang-up-leg', legId: stage.legId }];
    default:
      return [];
  }
}
