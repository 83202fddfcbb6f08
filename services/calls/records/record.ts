import type { CallOffer, DialledRecord, LegStatistics, StoredCall } from '../../shared/records/call.js';
import { OWN_LEG } from '../dialling/dialled-legs.js';
import type { Call, DialledLeg, Mark } from '../machine/call.js';
import { segmentsOf } from './segments.js';
import type { AgentId, CallId, SipCallId } from '../../shared/domain/ids.js';

/** A call that has ended, as it is stored, with its id under the name that the rest of the slice uses. */
export type CallRecord = Omit<StoredCall, '_id'> & { readonly callId: CallId };

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** What the record needs beside the call itself. */
interface Given {
  readonly sipCallId: SipCallId;
  readonly callerHash: string | undefined;
  readonly sipStatus: number;
  readonly media: readonly (LegStatistics & { readonly leg: string })[];
}

/** The record of an ended call; undefined while the call is live. */
export function callRecord(call: Call, given: Given): CallRecord | undefined {
  const { stage, history } = call;
  if (stage.kind !== 'ended') return undefined;
  const endedAtMs = last(history, 'ended') ?? history.at(-1)?.atMs ?? 0;
  return { ...recordUntil(call, given, endedAtMs), cause: stage.cause, by: stage.by, decided: decidedIn(call), sipStatus: given.sipStatus };
}

/** What the record of a call would say if the call ended at that moment. */
export function recordUntil(
  call: Call,
  given: Omit<Given, 'sipStatus'>,
  endedAtMs: number,
): Omit<CallRecord, 'cause' | 'by' | 'decided' | 'sipStatus'> {
  const { history } = call;
  const caller = diallerOf(call);
  const [offers, talks, holds] = [offersOf(history), talksOf(history, endedAtMs), holdsOf(history, endedAtMs)];
  const firstAt = (what: Mark['what']): Date | undefined => {
    const mark = history.find((each) => each.what === what);
    return mark === undefined ? undefined : new Date(mark.atMs);
  };
  return {
    callId: call.id,
    direction: call.direction,
    trunkId: call.trunkId,
    class: call.class ?? 'service',
    sipCallId: given.sipCallId,
    callerNumber: call.callerNumber,
    callerMasked: call.callerMasked,
    callerHash: given.callerHash,
    called: call.called,
    calledHash: call.direction === 'outbound' ? given.callerHash : undefined,
    purpose: call.outbound?.purpose,
    consentId: call.outbound?.consentId,
    language: call.language,
    flowVersion: call.flowVersion,
    noticeId: history.find(({ what }) => what === 'notice-started')?.detail,
    choices: call.choices,
    queueId: call.queueId,
    agentId: call.lastAgentId ?? caller,
    agentIds: [
      ...new Set([
        ...(caller === undefined ? [] : [caller]),
        ...history.flatMap((mark) => (beginsToTalk(mark) && mark.agentId !== undefined ? [mark.agentId] : [])),
      ]),
    ],
    ledgerNumber: call.ledgerNumber,
    invitedAt: firstAt('arrived') ?? new Date(endedAtMs),
    postDialDelayMs: history.find(({ what }) => what === 'far-alerted')?.afterMs,
    answeredAt: firstAt('answered'),
    noticeStartedAt: firstAt('notice-started'),
    noticeEndedAt: firstAt('notice-ended'),
    queuedAt: firstAt('queued'),
    agentAnsweredAt: firstAt('agent-answered'),
    endedAt: new Date(endedAtMs),
    offers,
    talks,
    holds,
    pauses: pausesOf(history, endedAtMs),
    media: given.media,
    dialled: (call.dialled ?? []).map((leg) => dialledRecord(leg, endedAtMs)),
    scripts: (call.scripts ?? []).map(({ atMs, ...shown }) => ({ ...shown, at: new Date(atMs) })),
    visits: call.visits ?? [],
    segments: segmentsOf({ offers, talks, holds, visits: call.visits ?? [], history }, endedAtMs),
    history,
  };
}

/** The record knows the supervisor by the account; the name is that of the account. */
const decidedIn = ({ endedBy }: Call): CallRecord['decided'] =>
  endedBy === undefined ? undefined : { supervisorId: endedBy.supervisorId, reason: endedBy.reason };

/** The agent who called out; that agent has a part in the call even when nobody answered. */
const diallerOf = ({ direction, dialled }: Call): string | undefined =>
  direction === 'outbound' ? dialled?.find(({ legId }) => legId === OWN_LEG)?.agentId : undefined;

const dateOf = (atMs: number | undefined): Date | undefined => (atMs === undefined ? undefined : new Date(atMs));

const dialledRecord = (leg: DialledLeg, callEndedAtMs: number): DialledRecord => ({
  attemptId: leg.attemptId,
  way: leg.way,
  trunkId: leg.trunkId,
  from: leg.from,
  numberMasked: leg.numberMasked,
  numberHash: leg.numberHash,
  number: leg.number,
  agentId: leg.agentId,
  rulesVersion: leg.rulesVersion,
  emergency: leg.emergency,
  freeReason: leg.freeReason,
  at: new Date(leg.atMs),
  ringingAt: dateOf(leg.ringingAtMs),
  answeredAt: dateOf(leg.answeredAtMs),
  endedAt: new Date(leg.endedAtMs ?? callEndedAtMs),
  failure: leg.failure,
  noticeId: leg.noticeId,
  noticeEndedAt: dateOf(leg.noticeEndedAtMs),
  refusedAt: dateOf(leg.refusedAtMs),
});

function last(history: readonly Mark[], what: Mark['what']): number | undefined {
  return history.findLast((mark) => mark.what === what)?.atMs;
}

function offersOf(history: readonly Mark[]): CallOffer[] {
  return history
    .filter(({ what }) => what === 'offered')
    .map(({ offerId = '', agentId = '', atMs }) => {
      const end = history.find((mark) => mark.what === 'offer-ended' && mark.offerId === offerId);
      const answer = history.find((mark) => mark.what === 'agent-answered' && mark.offerId === offerId);
      // When several rang at once, the others end when the first answers; the last one ends when the ring is called off.
      const over = history.find((mark) => mark.atMs >= atMs && (mark.what === 'agent-answered' || mark.what === 'ended'));
      const closing = end ?? answer ?? over;
      return {
        offerId,
        agentId,
        at: new Date(atMs),
        endedAt: closing === undefined ? undefined : new Date(closing.atMs),
        outcome: end?.detail ?? (answer === undefined ? 'withdrawn' : 'answered'),
      };
    });
}

/** From here on the agent talks with the caller, alone or with others. */
const beginsToTalk = ({ what, detail }: Mark): boolean =>
  what === 'agent-answered' ||
  (what === 'transferred' && detail === 'take-over') ||
  (what === 'party-joined' && (detail === 'conference' || detail === 'barge'));

/** From here on the agent no longer talks; a supervisor who had barged in may only listen or whisper again. */
const endsTalk = ({ what, detail }: Mark): boolean =>
  what === 'agent-left' ||
  (what === 'transferred' && detail !== 'take-over') ||
  what === 'party-left' ||
  (what === 'party-joined' && (detail === 'listen' || detail === 'whisper'));

/** The caller is no longer on hold or waiting for an answer. Listening, whispering and barging in change nothing for a caller on hold. */
const endsHold = ({ what, detail }: Mark): boolean =>
  what === 'consult-ended' ||
  what === 'transferred' ||
  what === 'agent-left' ||
  what === 'parked' ||
  (what === 'party-joined' && detail === 'conference');

/** Whether from this line on somebody is being consulted while the caller waits. */
const isAsking = (before: boolean, mark: Mark): boolean => mark.what === 'consulting' || (before && !endsHold(mark));

/**
 * Nobody who talked talks any more: the caller is parked, waits, or was blind-transferred, which frees everybody in the conversation. After
 * a consultation the other members of a conference go on, unless the caller now talks with a number outside.
 */
const endsAllTalk = ({ what, detail }: Mark, asking: boolean): boolean =>
  what === 'parked' ||
  what === 'queued' ||
  what === 'refused-by-key' ||
  (what === 'transferred' && detail !== 'take-over' && (detail === 'number' || !asking));

/** Each agent's time with the caller. */
export function talksOf(history: readonly Mark[], endedAtMs: number): { agentId: AgentId; from: Date; to: Date }[] {
  const talks: { agentId: AgentId; from: Date; to: Date }[] = [];
  const open = new Map<string, number>();
  const close = (agentId: AgentId, atMs: number): void => {
    const fromMs = open.get(agentId);
    if (fromMs !== undefined) talks.push({ agentId, from: new Date(fromMs), to: new Date(atMs) });
    open.delete(agentId);
  };
  const closeAll = (atMs: number): void => {
    for (const agentId of [...open.keys()]) close(agentId, atMs);
  };
  let asking = false;
  for (const mark of history) {
    const { agentId, atMs } = mark;
    const asked = asking;
    asking = isAsking(asking, mark);
    if (endsAllTalk(mark, asked)) closeAll(atMs);
    else if (endsTalk(mark) && agentId !== undefined) close(agentId, atMs);
    if (beginsToTalk(mark) && agentId !== undefined && !open.has(agentId)) open.set(agentId, atMs);
  }
  closeAll(endedAtMs);
  return talks.sort((a, b) => a.from.getTime() - b.from.getTime());
}

/** Times on hold, or waiting while somebody is consulted; one may begin within the other. */
function holdsOf(history: readonly Mark[], endedAtMs: number): Span[] {
  let held = false;
  let asking = false;
  return spans(history, endedAtMs, (mark) => {
    asking = isAsking(asking, mark);
    held = mark.what === 'held' || (held && mark.what !== 'resumed' && !endsHold(mark));
    return held || asking;
  });
}

function pausesOf(history: readonly Mark[], endedAtMs: number): Span[] {
  let paused = false;
  return spans(history, endedAtMs, ({ what }) => {
    paused = what === 'recording-paused' || (paused && what !== 'recording-resumed');
    return paused;
  });
}

/** The spans in which `isSo` holds; it is asked once for each line in order, about the time after that line. */
function spans(history: readonly Mark[], endedAtMs: number, isSo: (mark: Mark) => boolean): Span[] {
  const found: Span[] = [];
  let fromMs: number | undefined;
  for (const mark of history) {
    const { atMs } = mark;
    if (isSo(mark)) fromMs ??= atMs;
    else if (fromMs !== undefined) {
      found.push({ from: new Date(fromMs), to: new Date(atMs) });
      fromMs = undefined;
    }
  }
  if (fromMs !== undefined) found.push({ from: new Date(fromMs), to: new Date(endedAtMs) });
  return found;
}
