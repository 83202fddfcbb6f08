import type { TransferTarget } from '../../shared/contracts/calls/hand-over.js';
import type { HandOverOutcome } from '../../shared/contracts/calls/hand-over.js';
import type { Call, Connected, Handed, Mark, Offer } from '../machine/call.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Advance, Effect, Step } from '../machine/effects.js';
import { letGo } from './parking.js';
import { released } from '../machine/parties.js';
import { answerOffer, DIRECT_RING_MS, offered, requeue, ringTimer } from './queueing.js';
import { after, agentOf, left, nextToken, offerEnded, refuse, step, type OfferOutcome } from '../machine/step.js';
import type { AgentId } from '../../shared/domain/ids.js';

/**
 * A blind transfer: the agent is free at once, as is everybody else in the conversation, and the caller hears music until the target
 * answers. When the target does not answer, the caller goes to the queue, at the old place; a call that was in no queue is parked, where
 * any seat may fetch it.
 */
export function handOver(
  call: Call,
  stage: Connected,
  { target, permit, note }: Pick<Extract<CallEvent, { type: 'transfer' }>, 'target' | 'permit' | 'note'>,
  atMs: number,
): Advance {
  if (stage.consult !== undefined || stage.away) return refuse('wrong-state');
  if (target.to === 'seat' && (target.agentId === stage.agentId || stage.parties.some(({ id }) => agentOf(id) === target.agentId)))
    return refuse('invalid-request');
  const { agentId: by } = stage;
  const introduction = { kind: 'transfer', agentId: by, ...(note === undefined ? {} : { note }) } as const;
  const leaves: Effect[] = [...released(stage), transferred(by, target), left(by, 'transferred')];
  const gone: Mark = { atMs, what: 'transferred', agentId: by, detail: target.to };
  if (target.to === 'queue') {
    // For another queue only the waiting time counts, not the conversation before it.
    const waitingSinceMs = target.queueId === call.queueId ? call.waitingSinceMs : atMs - (call.waitedMs ?? 0);
    const history = [...call.history, { ...gone, queueId: target.queueId }];
    return after(leaves, requeue({ ...call, avoid: [], introduction, waitingSinceMs, history }, target.queueId, atMs));
  }
  const [turned, token] = nextToken({ ...call, introduction });
  if (target.to === 'number') {
    if (permit === undefined) return refuse('not-allowed');
    const dial: Effect = { do: 'dial', legId: token, number: permit.number, by: { permit } };
    const number = { to: 'number', legId: token, number: permit.number } as const;
    return step(turned, { stage: { kind: 'handed', by, target: number } }, [...leaves, dial], [gone]);
  }
  const offer: Offer = { offerId: `${call.id}-${token}`, agentId: target.agentId, ringForMs: DIRECT_RING_MS, autoAnswer: false };
  return step(
    turned,
    { stage: { kind: 'handed', by, target: { to: 'seat', offer } } },
    [...leaves, { do: 'ring', offer }, offered(turned, undefined, offer, atMs), ringTimer(offer)],
    [gone, { atMs, what: 'offered', agentId: offer.agentId, offerId: offer.offerId }],
  );
}

/** A number outside is personal data: the event says only that it was one. */
const named = (fromAgentId: AgentId, target: TransferTarget) => ({
  fromAgentId,
  to: target.to,
  target: target.to === 'seat' ? target.agentId : target.to === 'queue' ? target.queueId : 'number',
});

const transferred = (fromAgentId: AgentId, target: TransferTarget): Effect => ({
  do: 'publish',
  name: 'call.transferred',
  event: named(fromAgentId, target),
});

/** For the end of a consultation: the target is already talking. */
export const handedOn = (fromAgentId: AgentId, target: TransferTarget): Effect[] => [
  transferred(fromAgentId, target),
  { do: 'publish', name: 'call.transfer-ended', event: { ...named(fromAgentId, target), outcome: 'answered' } },
];

export function duringHandOver(call: Call, { by, target }: Handed, event: CallEvent, atMs: number): Advance {
  if (target.to === 'number') {
    if (!('legId' in event) || event.legId !== target.legId) return refuse('wrong-state');
    if (event.type === 'leg-answered') return step(call, { stage: { kind: 'outside', legId: target.legId, number: target.number } });
    return back(call, by, [], { atMs, what: 'refused', detail: 'number' });
  }
  const { offer } = target;
  const failed = (outcome: OfferOutcome, reason?: string): Step =>
    back(call, by, [{ do: 'cancel-timer', timer: 'ring' }, offerEnded(offer, outcome, reason)], {
      atMs,
      what: 'offer-ended',
      agentId: offer.agentId,
      offerId: offer.offerId,
      detail: outcome,
    });
  switch (event.type) {
    case 'agent-answered':
      return event.agentId === offer.agentId ? answerOffer(call, undefined, [offer], offer.agentId, atMs) : refuse('not-allowed');
    case 'declined':
      return event.agentId === offer.agentId ? failed('declined', event.reason) : refuse('not-allowed');
    case 'seat-down':
      return event.agentId === offer.agentId ? failed('seat-lost') : refuse('not-allowed');
    case 'timer':
      return event.timer === 'ring' && event.token === offer.offerId ? failed('no-answer') : refuse('wrong-state');
    default:
      return refuse('wrong-state');
  }
}

function back(call: Call, by: string, effects: readonly Effect[], mark: Mark): Step {
  // The queue does not ask first the agent who has just left the call unanswered.
  const marked: Call = { ...call, avoid: mark.agentId === undefined ? [] : [mark.agentId], history: [...call.history, mark] };
  return after(effects, call.queueId === undefined ? letGo(marked, by, false, mark.atMs) : requeue(marked, undefined, mark.atMs));
}

/** Takes back what is under way with the target when the call ends before an answer. */
export const handOverUndone = ({ target }: Handed): Effect[] =>
  target.to === 'number'
    ? [{ do: 'hang-up-leg', legId: target.legId }]
    : [{ do: 'cancel-timer', timer: 'ring', token: target.offer.offerId }, offerEnded(target.offer, 'withdrawn')];

/** What became of a blind transfer, for the agent who made it: it follows from the two states and from the event between them. */
export function handOverOutcome(before: Call, now: Call, event: CallEvent): Effect[] {
  const { stage } = before;
  if (stage.kind !== 'handed' || now.stage.kind === 'handed') return [];
  const { by: fromAgentId, target } = stage;
  const place = now.stage.kind === 'queued' ? { queueId: now.stage.queueId } : {};
  const to = target.to === 'seat' ? ({ to: 'seat', target: target.offer.agentId } as const) : ({ to: 'number', target: 'number' } as const);
  return [{ do: 'publish', name: 'call.transfer-ended', event: { fromAgentId, ...to, outcome: outcomeOf(now, event), ...place } }];
}

function outcomeOf({ stage, endedBy }: Call, event: CallEvent): HandOverOutcome {
  if (stage.kind === 'connected' || stage.kind === 'outside') return 'answered';
  if (stage.kind === 'ended' || stage.kind === 'closing') return endedBy === undefined ? 'caller-left' : 'ended-by-supervisor';
  if (event.type === 'declined') return 'declined';
  if (event.type === 'leg-key') return 'refused';
  return event.type === 'timer' ? 'no-answer' : 'not-reached';
}
