import { accountsForAll, addFacts, countState, countVisit, zeroFacts, type FactCount } from '../shared/domain/figures/count.js';
import { figureKeys, figureOf, type FigureKey, type FigureValue } from '../shared/domain/figures/registry.js';
import type { ReportScope } from '../shared/domain/figures/report.js';
import type { StoredAgentState } from '../shared/records/agent-state.js';
import type { StoredCall } from '../shared/records/call.js';
import type { StoredVisit } from '../shared/records/visit.js';

export type ReportedVisit = Pick<
  StoredVisit,
  'queueId' | 'enteredAt' | 'waitMs' | 'outcome' | 'agentId' | 'thresholdMs' | 'called' | 'trunkId' | 'clientUnit'
>;
export type ReportedCall = Pick<StoredCall, '_id' | 'segments' | 'called' | 'trunkId'>;
export type ReportedState = Pick<StoredAgentState, 'agentId' | 'at' | 'untilAt' | 'state' | 'callId'>;

/** A part of the time of a report; under the key its facts are counted. */
export interface Slot {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly key: string;
}

export interface ReportLine {
  readonly start: string;
  readonly scope: string;
  readonly figures: Readonly<Record<FigureKey, FigureValue>>;
}

const figuresOf = (count: FactCount) =>
  Object.fromEntries(figureKeys.map((key) => [key, figureOf(key, count)])) as Record<FigureKey, FigureValue>;

/** Folds facts into the lines of a report. Visits and handlings count where they began, states are cut at the edges. */
export function createReport({
  slotOf,
  by,
  fromMs,
  untilMs,
  nowMs,
  withStates,
}: {
  readonly slotOf: (atMs: number) => Slot;
  readonly by: ReportScope;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly nowMs: number;
  /** Whether the states of all agents are counted; their wrap-ups always are. */
  readonly withStates: boolean;
}) {
  const counts = new Map<string, FactCount>();
  /** The wrap-up of the last handling of an agent in a call. */
  const wraps = new Map<string, number>();

  function countOf(atMs: number, scope: string): FactCount {
    const key = `${slotOf(atMs).key}|${scope}`;
    let found = counts.get(key);
    if (found === undefined) counts.set(key, (found = zeroFacts()));
    return found;
  }

  function scopeOf(fact: {
    readonly queueId?: string | undefined;
    readonly called: string;
    readonly trunkId: string;
    readonly clientUnit?: string | undefined;
    readonly agentId?: string | undefined;
  }): string | undefined {
    switch (by) {
      case 'all':
        return '';
      case 'queue':
        return fact.queueId;
      case 'number':
        return fact.called;
      case 'trunk':
        return fact.trunkId;
      case 'client':
        return fact.clientUnit ?? '';
      case 'agent':
        return fact.agentId;
    }
  }

  const within = (atMs: number): boolean => atMs >= fromMs && atMs < untilMs;

  return {
    /** Of agents, visits that they answered. */
    addVisit(visit: ReportedVisit): void {
      const scope = scopeOf(visit);
      const atMs = visit.enteredAt.getTime();
      if (scope !== undefined && within(atMs)) countVisit(countOf(atMs, scope), visit, Math.max(0, nowMs - atMs));
    },
    /** Before the calls: a handling takes its wrap-up with it. */
    addState({ agentId, at, untilAt, state, callId }: ReportedState): void {
      const [beganMs, endMs] = [at.getTime(), Math.min(untilAt?.getTime() ?? nowMs, nowMs)];
      if (state === 'wrap-up' && callId !== undefined && untilAt !== undefined) {
        const key = `${callId}|${agentId}`;
        wraps.set(key, (wraps.get(key) ?? 0) + endMs - beganMs);
      }
      const scope = by === 'all' ? '' : by === 'agent' ? agentId : undefined;
      if (scope === undefined || !withStates) return;
      for (let atMs = Math.max(beganMs, fromMs); atMs < Math.min(endMs, untilMs);) {
        const untilSlotMs = Math.min(slotOf(atMs).untilMs, endMs, untilMs);
        countState(countOf(atMs, scope), state, untilSlotMs - atMs);
        atMs = untilSlotMs;
      }
    },
    addCall({ _id, segments, called, trunkId }: ReportedCall, clientUnit: string | undefined): void {
      const handlings = new Map<number, ReportedCall['segments'][number][]>();
      for (const segment of segments)
        if (segment.handling !== undefined) handlings.set(segment.handling, [...(handlings.get(segment.handling) ?? []), segment]);
      const lastOf = new Map([...handlings].map(([place, [first]]) => [first?.agentId, place]));
      for (const [place, parts] of handlings) {
        const [first] = parts;
        if (first === undefined || !within(first.fromMs)) continue;
        const { agentId, queueId } = first;
        const scope = scopeOf({ agentId, queueId, called, trunkId, clientUnit });
        if (scope === undefined) continue;
        const count = countOf(first.fromMs, scope);
        count.handlings += 1;
        for (const { kind, fromMs: partFromMs, toMs } of parts)
          if (kind === 'talk' || kind === 'conference') count.talkMs += toMs - partFromMs;
          else count.holdMs += toMs - partFromMs;
        if (lastOf.get(agentId) === place) count.wrapMs += wraps.get(`${_id}|${agentId}`) ?? 0;
      }
    },
    get size(): number {
      return counts.size;
    },
    lines(): { readonly rows: readonly ReportLine[]; readonly total: ReportLine; readonly accounted: boolean } {
      const sum = zeroFacts();
      const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
      const rows = sorted.map(([key, count]) => {
        addFacts(sum, count);
        const [start = '', scope = ''] = key.split(/\|(.*)/s);
        return { start, scope, figures: figuresOf(count) };
      });
      return { rows, total: { start: '', scope: '', figures: figuresOf(sum) }, accounted: [...counts.values()].every(accountsForAll) };
    },
  };
}
