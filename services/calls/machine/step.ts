import {
  agentParty,
  CALLER,
  type Call,
  type Connected,
  type EndedBy,
  type Mark,
  type Offer,
  type ReleasedBy,
  type Speech,
  type Stage,
} from './call.js';
import type { Advance, Step, Effect } from './effects.js';
import type { ReleaseCause } from '../../shared/domain/calls/release.js';
import type { FailureCode } from '../../shared/domain/failure.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** Small functions that the transitions are written with. */

export const refuse = (failure: FailureCode): Advance => ({ refused: failure });

/** The same call with another stage, one more line of history each, and the effects. */
export function step(
  call: Call,
  changes: Partial<Omit<Call, 'id' | 'history' | 'turn'>>,
  effects: readonly Effect[] = [],
  marks: readonly Mark[] = [],
): Step {
  return { call: { ...call, ...changes, history: [...call.history, ...marks] }, effects };
}

/** Adds earlier effects to a step. */
export const after = (effects: readonly Effect[], next: Step): Step => ({ call: next.call, effects: [...effects, ...next.effects] });

/** A token that no earlier prompt or timer of this call has. */
export function nextToken(call: Call): readonly [Call, string] {
  const turn = call.turn + 1;
  return [{ ...call, turn }, String(turn)];
}

/** Enters a stage that plays these prompts. */
export function saying(
  call: Call,
  prompts: readonly string[],
  stage: (speech: Speech) => Stage,
  marks: readonly Mark[] = [],
  effects: readonly Effect[] = [],
): Step {
  const [turned, token] = nextToken(call);
  return step(turned, { stage: stage({ token, prompts }) }, effects, marks);
}

/** Ends the call: both sides, the media, the record. */
export function end(call: Call, cause: ReleaseCause, by: ReleasedBy, atMs: number, before: readonly Effect[] = []): Step {
  return step(
    call,
    { stage: { kind: 'ended', cause, by } },
    [...before, { do: 'finish', cause, hangUpCaller: by !== 'caller' }, endedFact(call, cause, by)],
    [{ atMs, what: 'ended', detail: cause }],
  );
}

/** Published again by a process that finds the call ended and does not know whether it was published. */
export function endedFact({ answered, direction, lastAgentId, queueId, endedBy, history }: Call, cause: ReleaseCause, by: ReleasedBy) {
  return {
    do: 'publish',
    name: 'call.ended',
    event: {
      cause,
      by,
      // An agent who has passed the call on reads nothing of what became of it.
      ...(endedBy === undefined || hasPassedOn(history, lastAgentId) ? {} : { decided: decidedBy(endedBy) }),
      answered,
      direction,
      ...(lastAgentId === undefined ? {} : { agentId: lastAgentId }),
      ...(queueId === undefined ? {} : { queueId }),
    },
  } as const satisfies Effect;
}

function hasPassedOn(history: Call['history'], agentId: AgentId | undefined): boolean {
  const isIn = ({ what, detail }: Mark): boolean =>
    what === 'agent-answered' || what === 'party-joined' || (what === 'transferred' && detail === 'take-over');
  const isOut = ({ what, detail }: Mark): boolean =>
    what === 'parked' || what === 'transferred' || (what === 'agent-left' && detail !== 'ended-by-supervisor');
  const last = history.findLast((mark) => agentId !== undefined && mark.agentId === agentId && (isIn(mark) || isOut(mark)));
  return last !== undefined && !isIn(last);
}

/** Plays the reason and ends the call when the prompt has ended. */
export const sayAndEnd = (call: Call, promptId: string, cause: ReleaseCause, by: ReleasedBy): Step =>
  saying(call, [promptId], (speech) => ({ kind: 'closing', ...speech, cause, by }));

/** The parties of a conversation who hear everybody and are heard by everybody. */
export const talkers = (stage: Connected): readonly string[] => [
  CALLER,
  ...(stage.away ? [] : [agentParty(stage.agentId)]),
  ...stage.parties.filter(({ role, away }) => role === 'talk' && away !== true).map(({ id }) => id),
];

export const agentOf = (partyId: string): string | undefined => (partyId.startsWith('agent:') ? partyId.slice('agent:'.length) : undefined);
export const legOf = (partyId: string): string | undefined => (partyId.startsWith('number:') ? partyId.slice('number:'.length) : undefined);

/** Publishes that an agent is no longer in the call, and why. */
export const left = (
  agentId: AgentId,
  reason: 'parked' | 'transferred' | 'left-conference' | 'seat-lost' | 'consult-ended' | 'hung-up',
  more: { readonly takenBy?: AgentId } = {},
): Effect => ({
  do: 'publish',
  name: 'call.agent-left',
  event: { agentId, reason, ...more },
});

/** The decision of a supervisor as the agent's page shows it. */
export const decidedBy = ({ name, reason }: EndedBy): { readonly by: string; readonly reason: string } => ({ by: name, reason });

/** Tells the agent's page to fetch the call again. */
export const changed = (agentId: AgentId): Effect => ({ do: 'publish', name: 'call.changed', event: { agentId } });

export type OfferOutcome = 'answered' | 'declined' | 'no-answer' | 'seat-lost' | 'withdrawn';

export const offerEnded = (offer: Offer, outcome: OfferOutcome, reason?: string): Effect => ({
  do: 'publish',
  name: 'call.offer-ended',
  event: { offerId: offer.offerId, agentId: offer.agentId, outcome, ...(reason === undefined ? {} : { reason }) },
});

export const iso = (atMs: number): string => new Date(atMs).toISOString();
