import { countLeg, countMedia, countState, countVisit, type FactCount } from '../shared/domain/figures/count.js';
import type { StoredAgentState } from '../shared/records/agent-state.js';
import type { StoredCall } from '../shared/records/call.js';
import type { StoredVisit } from '../shared/records/visit.js';
import type { AgentId, QueueId, TrunkId } from '../shared/domain/ids.js';
import { handlingsSentOn } from '../shared/domain/figures/hand-over.js';

export type ReportedVisit = Pick<
  StoredVisit,
  'queueId' | 'enteredAt' | 'waitMs' | 'outcome' | 'agentId' | 'thresholdMs' | 'called' | 'trunkId' | 'clientUnit'
> &
  Partial<Pick<StoredVisit, '_id' | 'callId' | 'result'>>;
export type ReportedCall = Pick<
  StoredCall,
  '_id' | 'direction' | 'invitedAt' | 'answeredAt' | 'noticeEndedAt' | 'segments' | 'dialled' | 'called' | 'trunkId' | 'queueId'
> &
  // The history only of calls in which somebody was transferred.
  Partial<Pick<StoredCall, 'history' | 'media'>>;
export type ReportedState = Pick<StoredAgentState, 'agentId' | 'at' | 'untilAt' | 'state' | 'callId'>;

/** The attributes of a visit or a handling. */
export interface FactPlace {
  readonly queueId?: QueueId | undefined;
  readonly called: string;
  readonly trunkId: TrunkId;
  readonly clientUnit?: string | undefined;
  readonly agentId?: AgentId | undefined;
  /** The result of the call. */
  readonly result?: string | undefined;
}

/** The counts that facts are added to. */
export interface Counting {
  of(atMs: number, place: FactPlace): readonly FactCount[];
  ofState(atMs: number, agentId: AgentId): readonly FactCount[];
  /** The end of the interval of a moment. */
  endOf(atMs: number): number;
}

/** Takes facts one by one: states first, because a handling includes its wrap-up. */
export interface FactSink {
  addState(state: ReportedState): void;
  addVisit(visit: ReportedVisit): void;
  addCall(call: ReportedCall, clientUnit: string | undefined, result?: string): void;
}

/** Counts the facts of a period. Visits and handlings count where they began; states are cut at the edges of intervals. */
export function createFold({
  fromMs,
  untilMs,
  nowMs,
  counting,
}: {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly nowMs: number;
  readonly counting: Counting;
}): FactSink {
  /** The wrap-up of an agent's last handling in a call. */
  const wraps = new Map<string, number>();
  const within = (atMs: number): boolean => atMs >= fromMs && atMs < untilMs;

  return {
    addVisit(visit) {
      const atMs = visit.enteredAt.getTime();
      if (within(atMs)) for (const count of counting.of(atMs, visit)) countVisit(count, visit, Math.max(0, nowMs - atMs));
    },
    addState({ agentId, at, untilAt, state, callId }) {
      const [beganMs, endMs] = [at.getTime(), Math.min(untilAt?.getTime() ?? nowMs, nowMs)];
      if (state === 'wrap-up' && callId !== undefined && untilAt !== undefined) {
        const key = `${callId}|${agentId}`;
        wraps.set(key, (wraps.get(key) ?? 0) + endMs - beganMs);
      }
      for (let atMs = Math.max(beganMs, fromMs); atMs < Math.min(endMs, untilMs);) {
        const untilSlotMs = Math.min(counting.endOf(atMs), endMs, untilMs);
        for (const count of counting.ofState(atMs, agentId)) countState(count, state, untilSlotMs - atMs);
        atMs = untilSlotMs;
      }
    },
    addCall(call, clientUnit, result) {
      const { _id, direction, segments, called, trunkId } = call;
      for (const leg of call.dialled) {
        const place = { queueId: call.queueId, called: leg.from, trunkId: leg.trunkId, clientUnit, agentId: leg.agentId, result };
        if (within(leg.at.getTime())) for (const count of counting.of(leg.at.getTime(), place)) countLeg(count, leg);
      }
      // The line by which the caller came, or over which the person was called.
      const line = call.media?.find(({ leg }) => leg === 'caller');
      if (line !== undefined && within(call.invitedAt.getTime()))
        for (const count of counting.of(call.invitedAt.getTime(), { queueId: call.queueId, called, trunkId, clientUnit, result }))
          countMedia(count, line);
      // Handling, service and the opening notice are counted for inbound calls only.
      if (direction !== 'inbound') return;
      const invitedMs = call.invitedAt.getTime();
      if (call.answeredAt !== undefined && within(invitedMs))
        for (const count of counting.of(invitedMs, { queueId: call.queueId, called, trunkId, clientUnit, result })) {
          count.callsIn += 1;
          if (call.noticeEndedAt !== undefined) count.noticesHeard += 1;
        }
      const handlings = new Map<number, ReportedCall['segments'][number][]>();
      for (const segment of segments)
        if (segment.handling !== undefined) handlings.set(segment.handling, [...(handlings.get(segment.handling) ?? []), segment]);
      const lastOf = new Map([...handlings].map(([place, [first]]) => [first?.agentId, place]));
      const sentOn = handlingsSentOn(call);
      for (const [place, parts] of handlings) {
        const [first] = parts;
        if (first === undefined || !within(first.fromMs)) continue;
        const { agentId, queueId } = first;
        for (const count of counting.of(first.fromMs, { agentId, queueId, called, trunkId, clientUnit, result })) {
          count.handlings += 1;
          if (sentOn.has(place)) count.transfers += 1;
          for (const { kind, fromMs: partFromMs, toMs } of parts)
            if (kind === 'talk' || kind === 'conference') count.talkMs += toMs - partFromMs;
            else count.holdMs += toMs - partFromMs;
          if (lastOf.get(agentId) === place) count.wrapMs += wraps.get(`${_id}|${agentId}`) ?? 0;
        }
      }
    },
  };
}
