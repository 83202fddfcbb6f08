import type { ReleaseCause } from '../shared/events/catalogue.js';
import type { Call, DialledLeg, Language, Mark, ReleasedBy } from './call.js';
import type { LegStatistics } from './leg-statistics.js';

/** A call that has ended, as it is stored: whole number, every time stamp, and the history they come from. Times are milliseconds UTC. */
export interface CallRecord {
  readonly callId: string;
  readonly direction: 'inbound' | 'outbound';
  readonly trunkId: string;
  /** Test calls are no service: proof and practice calls. */
  readonly class: 'service' | 'test';
  readonly sipCallId: string;
  readonly callerNumber: string;
  readonly callerMasked: string;
  /** Keyed hash of the number of the person outside, to look calls up without reading numbers; none of a withheld one. */
  readonly callerHash: string | undefined;
  /** The number of ours: that was called, or that a call out showed. */
  readonly called: string;
  /** Of a call out: hash of the number that was called, what for, and by whose consent. */
  readonly calledHash: string | undefined;
  readonly purpose: string | undefined;
  readonly consentId: string | undefined;
  readonly language: Language;
  readonly flowVersion: number;
  readonly noticeId: string | undefined;
  readonly choices: readonly string[];
  readonly queueId: string | undefined;
  readonly agentId: string | undefined;
  readonly agentIds: readonly string[];
  readonly ledgerNumber: number | undefined;
  readonly invitedAt: Date;
  /** Of a call out: from dialling to the far side's ringing (or its answer, when it did not ring). */
  readonly postDialDelayMs: number | undefined;
  readonly answeredAt: Date | undefined;
  readonly noticeStartedAt: Date | undefined;
  readonly noticeEndedAt: Date | undefined;
  readonly queuedAt: Date | undefined;
  readonly agentAnsweredAt: Date | undefined;
  readonly endedAt: Date;
  readonly offers: readonly CallOffer[];
  /** Who talked with the caller, and when; holds and declared pauses of the recording. */
  readonly talks: readonly { readonly agentId: string; readonly from: Date; readonly to: Date }[];
  readonly holds: readonly Span[];
  readonly pauses: readonly Span[];
  readonly cause: ReleaseCause;
  readonly by: ReleasedBy;
  /** Of the final response to the INVITE. */
  readonly sipStatus: number;
  readonly media: readonly (LegStatistics & { readonly leg: string })[];
  /** Legs to numbers outside, in time: who was dialled, by which permit, from which number of ours. */
  readonly dialled: readonly DialledRecord[];
  readonly history: readonly Mark[];
}

export interface DialledRecord extends Pick<DialledLeg, 'attemptId' | 'way' | 'trunkId' | 'from' | 'numberMasked' | 'numberHash'> {
  readonly at: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date;
  readonly failure: string | undefined;
}

export interface CallOffer {
  readonly offerId: string;
  readonly agentId: string;
  readonly at: Date;
  readonly endedAt: Date | undefined;
  readonly outcome: string;
}

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** The record of an ended call; undefined while it is going on. */
export function callRecord(
  call: Call,
  given: {
    readonly sipCallId: string;
    readonly callerHash: string | undefined;
    readonly sipStatus: number;
    readonly media: readonly (LegStatistics & { readonly leg: string })[];
  },
): CallRecord | undefined {
  const { stage, history } = call;
  if (stage.kind !== 'ended') return undefined;
  const endedAtMs = last(history, 'ended') ?? history.at(-1)?.atMs ?? 0;
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
    agentId: call.lastAgentId,
    agentIds: [...new Set(history.flatMap((mark) => (beginsToTalk(mark) && mark.agentId !== undefined ? [mark.agentId] : [])))],
    ledgerNumber: call.ledgerNumber,
    invitedAt: firstAt('arrived') ?? new Date(endedAtMs),
    postDialDelayMs: history.find(({ what }) => what === 'far-alerted')?.afterMs,
    answeredAt: firstAt('answered'),
    noticeStartedAt: firstAt('notice-started'),
    noticeEndedAt: firstAt('notice-ended'),
    queuedAt: firstAt('queued'),
    agentAnsweredAt: firstAt('agent-answered'),
    endedAt: new Date(endedAtMs),
    offers: offersOf(history),
    talks: talksOf(history, endedAtMs),
    holds: spans(
      history,
      ['held', 'consulting'],
      ['resumed', 'consult-ended', 'transferred', 'agent-left', 'party-joined', 'parked'],
      endedAtMs,
    ),
    pauses: spans(history, ['recording-paused'], ['recording-resumed'], endedAtMs),
    cause: stage.cause,
    by: stage.by,
    sipStatus: given.sipStatus,
    media: given.media,
    dialled: (call.dialled ?? []).map((leg) => dialledRecord(leg, endedAtMs)),
    history,
  };
}

const dialledRecord = (leg: DialledLeg, callEndedAtMs: number): DialledRecord => ({
  attemptId: leg.attemptId,
  way: leg.way,
  trunkId: leg.trunkId,
  from: leg.from,
  numberMasked: leg.numberMasked,
  numberHash: leg.numberHash,
  at: new Date(leg.atMs),
  answeredAt: leg.answeredAtMs === undefined ? undefined : new Date(leg.answeredAtMs),
  endedAt: new Date(leg.endedAtMs ?? callEndedAtMs),
  failure: leg.failure,
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
      // Of several that rang at once, the others end when the first answers; the last when the ring is called off.
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

/** From here on the agent does not; a supervisor who had barged in may only listen or whisper again. */
const endsTalk = ({ what, detail }: Mark): boolean =>
  what === 'agent-left' ||
  what === 'transferred' ||
  what === 'party-left' ||
  (what === 'party-joined' && (detail === 'listen' || detail === 'whisper'));

/** Each agent's time with the caller. Nobody talks while the caller is parked or waits in a queue. */
function talksOf(history: readonly Mark[], endedAtMs: number): { agentId: string; from: Date; to: Date }[] {
  const talks: { agentId: string; from: Date; to: Date }[] = [];
  const open = new Map<string, number>();
  const close = (agentId: string, atMs: number): void => {
    const fromMs = open.get(agentId);
    if (fromMs !== undefined) talks.push({ agentId, from: new Date(fromMs), to: new Date(atMs) });
    open.delete(agentId);
  };
  const closeAll = (atMs: number): void => {
    for (const agentId of [...open.keys()]) close(agentId, atMs);
  };
  let inCharge: string | undefined;
  for (const mark of history) {
    const { what, agentId, atMs, detail } = mark;
    if (what === 'parked' || what === 'queued' || (what === 'transferred' && detail === 'number')) closeAll(atMs);
    else if (what === 'transferred' && detail === 'take-over') {
      if (inCharge !== undefined) close(inCharge, atMs);
    } else if (endsTalk(mark) && agentId !== undefined) close(agentId, atMs);
    if (!beginsToTalk(mark) || agentId === undefined) continue;
    if (what !== 'party-joined') inCharge = agentId;
    if (!open.has(agentId)) open.set(agentId, atMs);
  }
  closeAll(endedAtMs);
  return talks.sort((a, b) => a.from.getTime() - b.from.getTime());
}

function spans(history: readonly Mark[], starts: readonly string[], ends: readonly string[], endedAtMs: number): Span[] {
  const found: Span[] = [];
  let fromMs: number | undefined;
  for (const { what, atMs } of history) {
    if (starts.includes(what)) fromMs ??= atMs;
    else if (fromMs !== undefined && ends.includes(what)) {
      found.push({ from: new Date(fromMs), to: new Date(atMs) });
      fromMs = undefined;
    }
  }
  if (fromMs !== undefined) found.push({ from: new Date(fromMs), to: new Date(endedAtMs) });
  return found;
}
