import type { DailyCut } from '../../shared/domain/figures/daily.js';
import { OF_SERVICE } from '../../shared/domain/figures/facts.js';
import { createPeak } from '../../shared/domain/figures/peak.js';
import { withinReach } from '../../shared/platform/reach/reach.js';
import type { StoredCall } from '../../shared/records/call.js';
import { LONGEST_CALL_MS } from '../facts.js';
import type { Span } from '../report.js';
import { callsOf, type ReadCall } from './call-rows.js';
import { cutOf, type DailyNeeds, type DailyRow, type DailySpan } from './daily-row.js';

/** The times in which at least one agent talked in a call; for several agents at once, the time of all. */
export function talkTimes(talks: ReadCall['talks']): { readonly fromMs: number; readonly toMs: number }[] {
  const times: { fromMs: number; toMs: number }[] = [];
  for (const { from, to } of [...talks].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = times.at(-1);
    if (last !== undefined && from.getTime() <= last.toMs) last.toMs = Math.max(last.toMs, to.getTime());
    else times.push({ fromMs: from.getTime(), toMs: to.getTime() });
  }
  return times;
}

type TimedRow = Span & { readonly row: DailyRow };

/** The busiest moment of all together, or of each queue, number or trunk on its own. */
function createPeaks<T extends Pick<DailyRow, 'queueId' | 'called' | 'trunkId'>>(by: DailyCut = 'all') {
  const peaks = new Map<string, ReturnType<typeof createPeak<T>>>();
  return {
    add(fromMs: number, toMs: number, item: T): void {
      const cut = cutOf(by, item);
      if (cut === undefined) return;
      let peak = peaks.get(cut);
      if (peak === undefined) peaks.set(cut, (peak = createPeak<T>()));
      peak.add(fromMs, toMs, item);
    },
    items: (): T[] => [...peaks.values()].flatMap((peak) => peak.items()),
  };
}

/** The rows at the busiest moment of a period, of rows that arrive in order of their calls. */
function createBusiest({ fromMs, untilMs, by }: DailySpan) {
  const peaks = createPeaks<DailyRow>(by);
  let pending: readonly TimedRow[] = [];
  /** Calls arrive in order of their start: no later call can add a time before this moment. */
  function settle(beforeMs: number): void {
    const ready = pending.filter((each) => each.fromMs < beforeMs).sort((a, b) => a.fromMs - b.fromMs);
    pending = pending.filter((each) => each.fromMs >= beforeMs);
    for (const { row, ...time } of ready)
      if (time.fromMs < untilMs && time.untilMs > fromMs) peaks.add(Math.max(time.fromMs, fromMs), Math.min(time.untilMs, untilMs), row);
  }
  return {
    add(times: readonly TimedRow[], beforeMs: number): void {
      pending = [...pending, ...times];
      settle(beforeMs);
    },
    rows(): readonly DailyRow[] {
      settle(Number.POSITIVE_INFINITY);
      return peaks.items();
    },
  };
}

const beganAt = (batch: readonly Pick<StoredCall, 'invitedAt'>[]): number => batch.at(-1)?.invitedAt.getTime() ?? Number.NEGATIVE_INFINITY;

/** The calls in which agents talked at the busiest moment of the period. */
export async function* peakTalkRows(needs: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const busiest = createBusiest(span);
  const timesOf = ({ _id, invitedAt, queueId, called, trunkId, talks }: ReadCall): TimedRow[] =>
    talkTimes(talks).map(({ fromMs, toMs }) => ({
      ...{ fromMs, untilMs: toMs },
      row: { id: _id, kind: 'call', at: invitedAt, callId: _id, queueId, called, trunkId, counts: { peakTalks: 1 } },
    }));
  for await (const batch of callsOf(needs, { ...span, fromMs: span.fromMs - LONGEST_CALL_MS }))
    busiest.add(batch.flatMap(timesOf), beganAt(batch));
  yield busiest.rows();
}

const CHANNEL_FIELDS = ['direction', 'invitedAt', 'endedAt', 'queueId', 'called', 'trunkId', 'dialled', 'agentIds'] as const;

/** The lines that a call had: its own, and one for each leg that was dialled. */
export function channelsOf({
  _id,
  direction,
  invitedAt,
  endedAt,
  queueId,
  called,
  trunkId,
  dialled,
}: Pick<StoredCall, '_id' | (typeof CHANNEL_FIELDS)[number]>): TimedRow[] {
  const row = { kind: 'call', callId: _id, queueId, counts: { peakChannels: 1 } } as const;
  const legs = dialled.map((leg): TimedRow => ({
    ...{ fromMs: leg.at.getTime(), untilMs: leg.endedAt.getTime() },
    row: { ...row, id: leg.attemptId, at: leg.at, called: leg.from, trunkId: leg.trunkId },
  }));
  // A call out is dialled itself: its own leg is among those that were.
  if (direction === 'outbound' && dialled.some(({ way }) => way === 'call-out' || way === 'callback')) return legs;
  const own = { fromMs: invitedAt.getTime(), untilMs: endedAt.getTime() };
  return [{ ...own, row: { ...row, id: _id, at: invitedAt, called, trunkId } }, ...legs];
}

/** The lines that were in use at the busiest moment of the period. */
export async function* peakChannelRows({ reads }: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const busiest = createBusiest(span);
  const began = { $gte: new Date(span.fromMs - LONGEST_CALL_MS), $lt: new Date(span.untilMs) };
  const calls = reads.calls.batches({ invitedAt: began, class: 'service' }, { fields: CHANNEL_FIELDS, sort: { invitedAt: 1 } });
  for await (const batch of calls)
    busiest.add(batch.filter((call) => withinReach(span.reach, call, call.invitedAt)).flatMap(channelsOf), beganAt(batch));
  yield busiest.rows();
}

/** The visits to queues that waited at the busiest moment of the period. */
export async function* peakWaitingRows({ reads }: DailyNeeds, span: DailySpan): AsyncGenerator<readonly DailyRow[]> {
  const { fromMs, untilMs, reach, nowMs, by } = span;
  const peaks = createPeaks<DailyRow>(by);
  const filter = { enteredAt: { $gte: new Date(fromMs - LONGEST_CALL_MS), $lt: new Date(untilMs) }, ...OF_SERVICE };
  const visits = reads.visits.batches(filter, {
    fields: ['callId', 'queueId', 'called', 'trunkId', 'enteredAt', 'leftAt', 'agentId'],
    sort: { enteredAt: 1 },
  });
  for await (const batch of visits)
    for (const visit of batch) {
      const { _id, callId, enteredAt, leftAt, queueId, called, trunkId } = visit;
      if (!withinReach(reach, visit, enteredAt)) continue;
      const row = { id: _id, kind: 'visit', at: enteredAt, callId, queueId, called, trunkId, counts: { peakWaiting: 1 } } as const;
      peaks.add(Math.max(enteredAt.getTime(), fromMs), Math.min(leftAt?.getTime() ?? nowMs, untilMs), row);
    }
  yield peaks.items();
}
