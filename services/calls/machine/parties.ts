import { agentParty, numberParty, type Call, type Connected, type Mark, type Party, type PartyId } from './call.js';
import type { Effect, Step } from './effects.js';
import { agentOf, left, legOf, offerEnded, step } from './step.js';
import type { AgentId } from '../../shared/domain/ids.js';

/**
 * One rule for every way in which the agent in charge leaves a conversation: `heirOf` says who gets the caller, `released` what ends. So
 * nobody is left in a call alone, no leg outside stays up, and no seat rings for a consultation that has ended.
 */
export type Heir =
  | { readonly to: 'agent'; readonly agentId: AgentId; readonly away: boolean }
  | { readonly to: 'number'; readonly legId: string; readonly number: string }
  | { readonly to: 'nobody' };

/**
 * `hung-up`: the agent chose to leave, and the consulted party gets the call. `seat-lost`: nobody chose, and a third party outside who was
 * only consulted is not left alone with the caller.
 */
export function heirOf(stage: Connected, why: 'hung-up' | 'seat-lost'): Heir {
  const { consult } = stage;
  const consulted = consult?.state === 'talking' ? consult.party : undefined;
  const consultedAgent = agentOf(consulted ?? '');
  const consultedLeg = legOf(consulted ?? '');
  const talking = stage.parties.filter(({ role }) => role === 'talk');
  // The call's own agents come before a supervisor who barged in, and parties who are here before parties who are away.
  const inOrder = [...talking].sort(
    (a, b) => Number(a.barged ?? false) - Number(b.barged ?? false) || Number(a.away ?? false) - Number(b.away ?? false),
  );
  const agent = inOrder.find(({ id }) => agentOf(id) !== undefined);
  const fromConsult: Heir[] = [
    ...(consultedAgent === undefined ? [] : [{ to: 'agent', agentId: consultedAgent, away: consult?.away === true } as const]),
    ...(consultedLeg === undefined || why === 'seat-lost'
      ? []
      : [{ to: 'number', legId: consultedLeg, number: consult?.target.to === 'number' ? consult.target.number : '' } as const]),
  ];
  const fromParties: Heir[] = agent === undefined ? [] : [{ to: 'agent', agentId: agentOf(agent.id) ?? '', away: agent.away === true }];
  const legId = talking.map(({ id }) => legOf(id)).find((id) => id !== undefined);
  const outside: Heir[] = legId === undefined ? [] : [{ to: 'number', legId, number: '' }];
  const agents = why === 'hung-up' ? [...fromConsult, ...fromParties] : [...fromParties, ...fromConsult];
  return [...agents, ...outside][0] ?? { to: 'nobody' };
}

/** What ends with a consultation: its ring, its place in a queue, its leg, its agent's part; except `stays`. */
export function consultReleased({ consult }: Connected, stays?: PartyId): Effect[] {
  if (consult === undefined) return [];
  const { offer, party, state, target, away } = consult;
  const legId = party === stays ? undefined : legOf(party ?? '');
  const agentId = party === stays || state !== 'talking' ? undefined : agentOf(party ?? '');
  return [
    // First out of the queue: routing would offer a call again that is back in line when its ring ends.
    ...(state === 'ringing' && target.to === 'queue'
      ? [{ do: 'publish', name: 'call.dequeued', event: { queueId: target.queueId, reason: 'ended' } } as const]
      : []),
    ...(offer === undefined ? [] : [{ do: 'cancel-timer', timer: 'ring', token: offer.offerId } as const, offerEnded(offer, 'withdrawn')]),
    ...(legId === undefined ? [] : [{ do: 'hang-up-leg', legId } as const]),
    ...(agentId === undefined ? [] : [...waitedFor({ agentId, away }), left(agentId, 'consult-ended')]),
  ];
}

/** What ends with the conversation, or with all of it except `stays`: consultation, conference parties, supervisors. */
export function released(stage: Connected, stays?: PartyId): Effect[] {
  const parties = stage.parties.filter(({ id }) => id !== stays).flatMap(partyReleased);
  return [...parties, ...consultReleased(stage, stays)];
}

function partyReleased({ id, away }: Party): Effect[] {
  const legId = legOf(id);
  if (legId !== undefined) return [{ do: 'hang-up-leg', legId }];
  const agentId = agentOf(id);
  return agentId === undefined ? [] : [...waitedFor({ agentId, away }), left(agentId, 'left-conference')];
}

export const graceFor = (agentId: AgentId): Effect => ({ do: 'start-timer', timer: 'seat-grace', ms: 0, token: agentId });
export const noGrace = (agentId: AgentId): Effect => ({ do: 'cancel-timer', timer: 'seat-grace', token: agentId });

/** Nobody waits any more for a seat that was lost. */
export const waitedFor = ({ agentId, away }: { readonly agentId: AgentId; readonly away?: boolean | undefined }): Effect[] =>
  away === true ? [noGrace(agentId)] : [];

/**
 * The heir has the caller, and the agent in charge leaves. A conference continues with everybody else who talks in it. People who listened
 * to that agent leave too, because the listening rule was asked for that agent alone.
 */
export function handOn(
  call: Call,
  stage: Connected,
  heir: Exclude<Heir, { to: 'nobody' }>,
  { leaves, marks }: { readonly leaves: readonly Effect[]; readonly marks: readonly Mark[] },
  atMs: number,
): Step {
  if (heir.to === 'number') {
    const { legId, number } = heir;
    return step(
      call,
      { stage: { kind: 'outside', legId, number } },
      [...waitedFor(stage), ...released(stage, numberParty(legId)), ...leaves],
      marks,
    );
  }
  const { agentId, away } = heir;
  const id = agentParty(agentId);
  const others: readonly Party[] = stage.parties.filter((each) => each.id !== id && each.role === 'talk');
  const listeners = stage.parties.filter(({ role }) => role !== 'talk');
  const party = stage.parties.find((each) => each.id === id);
  return step(
    call,
    { stage: { ...stage, agentId, held: false, away, consult: undefined, parties: others }, lastAgentId: agentId },
    [
      ...waitedFor(stage),
      ...consultReleased(stage, id),
      ...listeners.flatMap(partyReleased),
      ...leaves,
      ...connectedBy(call, agentId, party),
    ],
    [
      ...marks,
      ...listeners.map((each) => stoppedListening(each, atMs)),
      ...(party === undefined ? [{ atMs, what: 'agent-answered', agentId } as const] : []),
    ],
  );
}

function stoppedListening({ id }: Party, atMs: number): Mark {
  const agentId = agentOf(id);
  return { atMs, what: 'party-left', detail: 'monitor', ...(agentId === undefined ? {} : { agentId }) };
}

/** A supervisor who barged in becomes one of the call's agents by taking charge of it. */
const connectedBy = (call: Call, agentId: AgentId, party: Party | undefined): Effect[] =>
  party?.barged === true
    ? [{ do: 'publish', name: 'call.connected', event: { agentId, ...(call.queueId === undefined ? {} : { queueId: call.queueId }) } }]
    : [];
