import { CallCentreError } from '../../shared/domain/failure.js';
import { OF_SERVICE } from '../../shared/domain/figures/facts.js';
import { SHORT_ABANDON_MS } from '../../shared/domain/figures/count.js';
import { followUps, type FollowUp } from '../../shared/domain/figures/report.js';
import { withinReach, type Reach } from '../../shared/platform/reach/reach.js';
import type { StoredCall } from '../../shared/records/call.js';
import type { Reads } from '../../shared/records/reads.js';
import type { Span } from '../report.js';
import { chunksOf, reachFilter } from './list-reads.js';
import type { CallId, QueueId } from '../../shared/domain/ids.js';

/** How long after abandoning a caller is followed. */
export const FOLLOWED_MS = 86_400_000;
/** A longer list is not workable for people. */
export const MOST_ABANDONED = 20_000;

/** A later call of, or to, the same number. */
export type LaterCall = Pick<StoredCall, '_id' | 'direction' | 'invitedAt' | 'answeredAt' | 'agentAnsweredAt'>;

export interface Followed {
  readonly followUp: FollowUp;
  /** The first inbound and the first outbound call after the visit. */
  readonly again: LaterCall | undefined;
  readonly rungBack: LaterCall | undefined;
}

/** An inbound call that an agent answered, or an outbound call that the person answered. */
const isReached = ({ direction, answeredAt, agentAnsweredAt }: LaterCall): boolean =>
  (direction === 'inbound' ? agentAnsweredAt : answeredAt) !== undefined;

/**
 * What happened to a caller who abandoned at `leftAtMs`. `later`: calls of the same number in order of time; none for a withheld number.
 */
export function followed(leftAtMs: number, later: readonly LaterCall[] | undefined): Followed {
  const after = (later ?? []).filter(({ invitedAt }) => invitedAt.getTime() > leftAtMs && invitedAt.getTime() <= leftAtMs + FOLLOWED_MS);
  const again = after.find(({ direction }) => direction === 'inbound');
  const rungBack = after.find(({ direction }) => direction === 'outbound');
  const followUp = after.some(isReached) ? 'reached' : rungBack ? 'rung' : again ? 'again' : later === undefined ? 'withheld' : 'open';
  return { followUp, again, rungBack };
}

export interface AbandonedVisit extends Followed {
  readonly visitId: string;
  readonly callId: CallId;
  readonly queueId: QueueId;
  readonly called: string;
  /** Undefined until the record of the call exists. */
  readonly callerMasked: string | undefined;
  readonly enteredAt: Date;
  readonly waitMs: number;
  /** Shorter than any wait that counts. */
  readonly isShort: boolean;
}

export interface AbandonedList {
  /** Newest first. */
  readonly visits: readonly AbandonedVisit[];
  readonly counts: Readonly<Record<FollowUp, number>>;
}

/**
 * Callers of service who abandoned in a period, each with what happened to them within the reader's part of the centre; a call to another
 * part is not known there. Fails with `invalid-request` when the list is too long.
 */
export async function readAbandoned(
  { visits, calls }: Pick<Reads, 'visits' | 'calls'>,
  { span, reach, queueId }: { readonly span: Span; readonly reach: Reach; readonly queueId?: QueueId | undefined },
): Promise<AbandonedList> {
  const during = { enteredAt: { $gte: new Date(span.fromMs), $lt: new Date(span.untilMs) } };
  const found = await visits.find(
    {
      ...during,
      ...OF_SERVICE,
      outcome: 'abandoned',
      $and: [reachFilter(reach), queueId === undefined ? {} : { queueId }],
    },
    { fields: ['callId', 'queueId', 'called', 'enteredAt', 'leftAt', 'waitMs'], sort: { enteredAt: -1 }, limit: MOST_ABANDONED + 1 },
  );
  if (found.length > MOST_ABANDONED)
    throw new CallCentreError('invalid-request', `More than ${String(MOST_ABANDONED)} callers gave up: choose fewer days.`, {
      details: { limit: 'list-rows', most: MOST_ABANDONED },
    });
  const callers = new Map<string, { readonly callerMasked: string; readonly callerHash?: string | undefined }>();
  for (const ids of chunksOf(found.map(({ callId }) => callId)))
    for (const { _id, ...caller } of await calls.find({ _id: { $in: ids } }, { fields: ['callerMasked', 'callerHash'] }))
      callers.set(_id, caller);
  const laterOf = await readLater(calls, [...new Set([...callers.values()].flatMap(({ callerHash }) => callerHash ?? []))], span, reach);
  const rows = found.map(({ _id, callId, queueId: at, called, enteredAt, leftAt = enteredAt, waitMs = 0 }): AbandonedVisit => {
    const caller = callers.get(callId);
    // Until the record of its call exists, nobody knows whether the number is withheld.
    const later = caller !== undefined && caller.callerHash === undefined ? undefined : (laterOf.get(caller?.callerHash ?? '') ?? []);
    const own = { visitId: _id, callId, queueId: at, called, enteredAt, waitMs, isShort: waitMs < SHORT_ABANDON_MS };
    return { ...own, callerMasked: caller?.callerMasked, ...followed(leftAt.getTime(), later) };
  });
  const counts = Object.fromEntries(followUps.map((each) => [each, 0])) as Record<FollowUp, number>;
  for (const { followUp } of rows) counts[followUp] += 1;
  return { visits: rows, counts };
}

/** The calls of each number during the period and one day after it, in order of time. */
async function readLater(
  calls: Reads['calls'],
  hashes: readonly string[],
  { fromMs, untilMs }: Span,
  reach: Reach,
): Promise<ReadonlyMap<string, readonly LaterCall[]>> {
  const later = new Map<string, LaterCall[]>();
  for (const some of chunksOf(hashes)) {
    // A caller who abandoned at the end of the period is followed for as long as the others; a wait lasts hours at most.
    const found = await calls.find(
      { callerHash: { $in: some }, invitedAt: { $gt: new Date(fromMs), $lt: new Date(untilMs + 2 * FOLLOWED_MS) }, class: 'service' },
      { fields: ['callerHash', 'direction', 'invitedAt', 'answeredAt', 'agentAnsweredAt', 'queueId', 'called', 'agentIds'] },
    );
    for (const { callerHash = '', queueId, called, agentIds, ...call } of found) {
      if (!withinReach(reach, { queueId, called, agentIds }, call.invitedAt)) continue;
      const known = later.get(callerHash);
      if (known === undefined) later.set(callerHash, [call]);
      else known.push(call);
    }
  }
  for (const known of later.values()) known.sort((a, b) => a.invitedAt.getTime() - b.invitedAt.getTime());
  return later;
}
