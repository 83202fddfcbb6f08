import { OF_SERVICE, visitOutcomes } from '../shared/domain/figures/facts.js';
import type { Reads } from '../shared/records/reads.js';
import type { StoredCall } from '../shared/records/call.js';
import type { StoredVisit } from '../shared/records/visit.js';
import type { createEntitlements } from './visit-book.js';
import type { DayCheck, Difference, VisitStore } from './ports.js';
import type { CallId } from '../shared/domain/ids.js';

/** The largest number that is written into a check. */
const LISTED = 100;
/** A call that begins this long before midnight may have visits of the day. */
const LONGEST_CALL_MS = 12 * 3_600_000;

type CheckedCall = Pick<StoredCall, '_id' | 'visits' | 'direction' | 'class' | 'trunkId' | 'called'>;
type CheckedVisit = Pick<StoredVisit, '_id' | 'callId' | 'queueId' | 'enteredAt' | 'leftAt' | 'waitMs' | 'outcome'>;

const visitsOf = (call: CheckedCall) => call.visits.map((visit) => ({ id: `${call._id}-${String(visit.place)}`, visit }));

/** The difference between a row and the record of its call; undefined when they agree. Rows of live calls are not judged. */
export function differenceOf(row: CheckedVisit, call: CheckedCall | undefined): Difference | undefined {
  if (call === undefined) return 'no-call';
  const visit = visitsOf(call).find(({ id }) => id === row._id)?.visit;
  if (visit === undefined) return 'differs';
  if (row.leftAt === undefined) return 'open';
  const isSame =
    visit.queueId === row.queueId &&
    visit.fromMs === row.enteredAt.getTime() &&
    visit.toMs === row.leftAt.getTime() &&
    visit.waitMs === row.waitMs &&
    visit.outcome === row.outcome;
  return isSame ? undefined : 'differs';
}

/**
 * The number of service visits of a period that none of the counts contains: Q = H + A + F + C + L + W. Counted by a query of the store and
 * not by the counter of reports. 0 when everybody is accounted for.
 */
export async function unaccountedIn(visits: Pick<Reads['visits'], 'count'>, fromMs: number, untilMs: number): Promise<number> {
  const entered = { enteredAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) }, ...OF_SERVICE };
  const counted = await Promise.all([...visitOutcomes, null].map((outcome) => visits.count({ ...entered, outcome })));
  return (await visits.count(entered)) - counted.reduce((sum, count) => sum + count, 0);
}

/**
 * Compares the visits of a day with the records of its calls, an independent source: missing visits are written from the record,
 * contradictions are listed.
 */
export async function checkDay(
  { date, fromMs, untilMs }: { readonly date: string; readonly fromMs: number; readonly untilMs: number },
  needs: {
    readonly reads: Pick<Reads, 'calls' | 'visits'>;
    readonly visits: VisitStore;
    readonly entitlements: ReturnType<typeof createEntitlements>;
    readonly now: () => Date;
  },
): Promise<DayCheck> {
  const { reads, visits, entitlements, now } = needs;
  const differences: { visitId: string; what: Difference }[] = [];
  const judged = new Set<string>();
  let [calls, rows, added] = [0, 0, 0];
  const damaged = new Set<string>();
  /** As collection, id and field. */
  const onDamaged = (row: string): void => void damaged.add(row);

  async function rowsOf(callIds: readonly CallId[]): Promise<Map<string, CheckedVisit>> {
    const found = await reads.visits.find({ callId: { $in: callIds } }, { fields: FIELDS, onDamaged });
    return new Map(found.map((row) => [row._id, row]));
  }

  const within = (atMs: number): boolean => atMs >= fromMs && atMs < untilMs;
  const began = { $gte: new Date(fromMs - LONGEST_CALL_MS), $lt: new Date(untilMs) };
  for await (const batch of reads.calls.batches({ invitedAt: began }, { fields: ['visits', 'direction', 'class', 'trunkId', 'called'] })) {
    const known = await rowsOf(batch.map(({ _id }) => _id));
    for (const call of batch) {
      const own = visitsOf(call).filter(({ visit }) => within(visit.fromMs));
      calls += own.length === 0 ? 0 : 1;
      for (const { id, visit } of own) {
        judged.add(id);
        rows += 1;
        const row = known.get(id);
        const what = row === undefined ? 'open' : differenceOf(row, call);
        if (what === undefined) continue;
        if (what !== 'open') {
          differences.push({ visitId: id, what });
          continue;
        }
        const { queueId, returned, priority, skills, waitMs, offers, outcome, detail, agentId } = visit;
        const { direction, class: kind, trunkId, called } = call;
        const entered = { _id: id, callId: call._id, queueId, enteredAt: new Date(visit.fromMs), returned, priority, skills };
        await visits.left(
          { ...entered, direction, class: kind, trunkId, called, ...(await entitlements(queueId, called)) },
          { leftAt: new Date(visit.toMs), waitMs, offers, outcome, detail, agentId },
          now(),
        );
        added += 1;
      }
    }
  }
  const entered = { enteredAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) } };
  for await (const batch of reads.visits.batches(entered, { fields: FIELDS, onDamaged }))
    for (const row of batch)
      if (!judged.has(row._id)) {
        rows += 1;
        differences.push({ visitId: row._id, what: (await reads.calls.one(row.callId, ['called'])) === undefined ? 'no-call' : 'differs' });
      }
  differences.push(...[...damaged].map((row) => ({ visitId: row, what: 'damaged' as const })));
  const unaccounted = await unaccountedIn(reads.visits, fromMs, untilMs);
  return { date, at: now(), calls, visits: rows, added, differences: differences.slice(0, LISTED), unaccounted };
}

const FIELDS = ['callId', 'queueId', 'enteredAt', 'leftAt', 'waitMs', 'outcome'] as const;
