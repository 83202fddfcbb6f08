import type { CallPart, LiveCall } from '../../shared/contracts/calls/commands.js';
import type { LiveCallState } from '../../shared/contracts/calls/live-state.js';
import type { Introduction } from '../../shared/contracts/calls/hand-over.js';
import { maskNumber } from '../../shared/domain/numbers/phone-number.js';
import { agentParty, numberParty, type Call, type Offer, type Stage } from '../machine/call.js';
import { introductionOf } from '../stages/consult.js';
import { isFarSilent } from '../dialling/dialled-legs.js';
import { listenersIn } from '../machine/listening.js';
import { PARK_FOR_MS } from '../stages/parking.js';
import { agentOf, iso, legOf } from '../machine/step.js';
import type { AgentId, UserId } from '../../shared/domain/ids.js';

/** A live call as pages see it: with the number masked, the parties by role and, of several offers, the one made to `viewer`. */
export function liveCallView(call: Call, callerSsrc: number | undefined, viewer?: string): LiveCall {
  const { stage } = call;
  const offers = offersOf(stage);
  const offer = offers.find(({ agentId: rung }) => rung === viewer) ?? offers[0];
  const agentId = agentInCharge(call);
  const part = viewer === undefined ? undefined : partIn(call, viewer);
  const introduction = introductionTo(call, part);
  const asks = askedIn(call);
  return {
    callId: call.id,
    state: stateOf(call),
    direction: call.direction,
    callerMasked: call.callerMasked,
    called: call.called,
    since: iso(call.history[0]?.atMs ?? 0),
    held: stage.kind === 'connected' && stage.held,
    ...heldSince(call),
    ...listenersOf(stage, viewer),
    // Recording begins with the answer.
    recording: call.answered ? call.recording : 'off',
    parties: partiesOf(call),
    ...(stage.kind === 'parked'
      ? { parkedUntil: iso((call.history.findLast(({ what }) => what === 'parked')?.atMs ?? 0) + PARK_FOR_MS) }
      : {}),
    ...(call.pause === undefined ? {} : { pause: { by: call.pause.by, reason: call.pause.reason, since: iso(call.pause.sinceMs) } }),
    ...(call.queueId === undefined ? {} : { queueId: call.queueId }),
    ...(agentId === undefined ? {} : { agentId }),
    ...(offer === undefined ? {} : { offerId: offer.offerId, autoAnswer: offer.autoAnswer }),
    ...(callerSsrc === undefined ? {} : { callerSsrc }),
    ...(part === undefined ? {} : { part }),
    ...(introduction === undefined ? {} : { introduction }),
    ...(asks === undefined ? {} : { asks }),
    ...(call.outbound === undefined ? {} : { purpose: call.outbound.purpose }),
    ...(stage.kind === 'calling' && isFarSilent(call) ? { carrierSilent: true } : {}),
  };
}

function heldSince({ stage, history }: Call): Pick<LiveCall, 'heldSince'> {
  const atMs = history.findLast(({ what }) => what === 'held')?.atMs;
  return stage.kind === 'connected' && stage.held && atMs !== undefined ? { heldSince: iso(atMs) } : {};
}

/** Supervisors see all listeners. A `viewer` in the call sees the ones that the rule of the site does not keep secret. */
function listenersOf(stage: Stage, viewer: string | undefined): Pick<LiveCall, 'listeners'> {
  const isSecret = (agentId: AgentId): boolean =>
    stage.kind === 'connected' &&
    stage.parties.some(({ id, role, secret }) => id === agentParty(agentId) && role !== 'talk' && secret === true);
  const listeners = [...listenersIn(stage)]
    .map(([agentId, mode]) => ({ agentId, mode }))
    .filter(({ agentId }) => viewer === undefined || (agentId !== viewer && !isSecret(agentId)));
  return listeners.length === 0 ? {} : { listeners };
}

/** A call as a reader of calls sees it; without listeners if the reader is in the call. */
export function withoutOwnListeners(call: LiveCall, userId: UserId): LiveCall {
  const isOwn = call.agentId === userId || call.parties.some(({ kind, label }) => kind === 'agent' && label === userId);
  if (!isOwn) return call;
  const { listeners: _listeners, ...rest } = call;
  return rest;
}

/** All seats that ring now. */
function offersOf(stage: Stage): readonly Offer[] {
  switch (stage.kind) {
    case 'offered':
      return stage.offers;
    case 'handed':
      return stage.target.to === 'seat' ? [stage.target.offer] : [];
    case 'connected':
      return stage.consult?.offer === undefined ? [] : [stage.consult.offer];
    default:
      return [];
  }
}

/** The colleague who transfers the caller to this agent, or consults this agent about the caller. */
function introductionTo({ stage, introduction }: Call, part: CallPart | undefined): Introduction | undefined {
  if (stage.kind !== 'connected') return part === 'rings' ? introduction : undefined;
  return stage.consult === undefined || (part !== 'rings' && part !== 'consulted') ? undefined : introductionOf(stage, stage.consult.note);
}

/** The party whom the agent in charge consults; a number is masked. */
function askedIn({ stage, dialled = [] }: Call): LiveCall['asks'] {
  if (stage.kind !== 'connected' || stage.consult === undefined) return undefined;
  const { target, party } = stage.consult;
  if (target.to === 'number') {
    const leg = dialled.find(({ legId }) => legId === legOf(party ?? ''));
    return {
      to: 'number',
      target: maskNumber(target.number),
      ...(leg?.speech?.what === 'notice' ? { hearsNotice: true } : {}),
      ...(leg?.silent === true ? { carrierSilent: true } : {}),
    };
  }
  return { to: target.to, target: target.to === 'seat' ? target.agentId : target.queueId };
}

/** Whether the agent is joined to the caller and to nobody else. A consultation and the mixer have their own SSRCs. */
export const hearsTheCaller = ({ stage }: Call, agentId: AgentId): boolean =>
  stage.kind !== 'connected' || (!stage.mixed && stage.consult?.state !== 'talking' && !listenersIn(stage).has(agentId));

/** The current state of the call, in one word. */
export function stateOf({ stage }: Call): LiveCallState {
  // In `answering` the agent has the call but hears nothing yet: the notice is still playing.
  if (stage.kind === 'offered' && stage.answeredBy !== undefined) return 'answering';
  if (stage.kind === 'calling')
    return stage.notice !== undefined
      ? 'answering'
      : stage.early === true
        ? 'early-media'
        : stage.rings === true
          ? 'far-ringing'
          : 'calling';
  if (stage.kind !== 'connected') return stage.kind;
  if (stage.away) return 'seat-away';
  if (stage.consult !== undefined) return stage.consult.state === 'talking' ? 'consulting' : 'consult-ringing';
  if (stage.held) return 'held';
  return stage.parties.some(({ role }) => role === 'talk') ? 'conference' : 'connected';
}

/** The agent in charge; for a parked call the agent who parked it. */
export function agentInCharge({ stage }: Call): string | undefined {
  switch (stage.kind) {
    case 'connected':
    case 'calling':
      return stage.agentId;
    case 'parked':
      return stage.by;
    case 'offered':
      return stage.answeredBy ?? stage.offers[0]?.agentId;
    case 'handed':
    case 'arriving':
    case 'playing':
    case 'menu':
    case 'admitting':
    case 'queued':
    case 'dialling':
    case 'outside':
    case 'message':
    case 'survey':
    case 'closing':
    case 'ended':
      return undefined;
  }
}

/** Every agent in the call, with the role: ringing, talking, consulted, listening. */
function partsIn({ stage }: Call): ReadonlyMap<string, CallPart> {
  switch (stage.kind) {
    case 'calling':
      return new Map([[stage.agentId, 'in-charge']]);
    case 'offered':
      return new Map(stage.offers.map(({ agentId }) => [agentId, stage.answeredBy === agentId ? 'in-charge' : 'rings']));
    case 'handed':
      return new Map(offersOf(stage).map(({ agentId }) => [agentId, 'rings']));
    case 'connected': {
      const { consult } = stage;
      const consulted = agentOf(consult?.party ?? '');
      const parts = new Map<string, CallPart>([[stage.agentId, 'in-charge']]);
      for (const { id, role, barged } of stage.parties) {
        const agentId = agentOf(id);
        if (agentId !== undefined) parts.set(agentId, role !== 'talk' ? role : barged === true ? 'barge' : 'conference');
      }
      if (consulted !== undefined) parts.set(consulted, 'consulted');
      else if (consult?.offer !== undefined) parts.set(consult.offer.agentId, 'rings');
      return parts;
    }
    case 'parked':
    case 'arriving':
    case 'playing':
    case 'menu':
    case 'admitting':
    case 'queued':
    case 'dialling':
    case 'outside':
    case 'message':
    case 'survey':
    case 'closing':
    case 'ended':
      return new Map();
  }
}

/** The role of an agent in the call; undefined for somebody who is not in it. */
export const partIn = (call: Call, agentId: AgentId): CallPart | undefined => partsIn(call).get(agentId);

export const agentsIn = (call: Call): string[] => [...partsIn(call).keys()];

function partiesOf(call: Call): LiveCall['parties'] {
  const { stage } = call;
  const caller = { id: 'caller', kind: 'caller', label: call.callerMasked, muted: stage.kind === 'connected' && stage.held } as const;
  if (stage.kind === 'outside')
    return [caller, { id: `number:${stage.legId}`, kind: 'number', label: maskNumber(stage.number), muted: false }];
  if (stage.kind !== 'connected') return [caller];
  const consulted = stage.consult?.party;
  return [
    caller,
    { id: agentParty(stage.agentId), kind: 'agent', label: stage.agentId, muted: false },
    // Supervisors who only listen are not shown as parties of the conversation.
    ...stage.parties.filter(({ role }) => role === 'talk').map(({ id }) => other(id, call)),
    ...(consulted === undefined ? [] : [other(consulted, call)]),
  ];
}

function other(id: string, { dialled = [] }: Call): LiveCall['parties'][number] {
  const agentId = agentOf(id);
  if (agentId !== undefined) return { id, kind: 'agent', label: agentId, muted: false };
  const leg = dialled.findLast(({ legId }) => numberParty(legId) === id);
  return { id, kind: 'number', label: leg?.numberMasked ?? '', muted: false };
}
