import type { AgentDay } from '../shared/contracts/workspace.js';
import type { DayCall, StateSpan } from './ports.js';

export interface DayFacts {
  readonly agentId: string;
  readonly midnight: Date;
  readonly now: Date;
  readonly calls: readonly DayCall[];
  readonly thresholds: ReadonlyMap<string, number>;
  readonly spans: readonly StateSpan[];
  readonly scores: readonly number[];
  readonly reviewPercents: readonly number[];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The figures of an agent's own day. A call counts for the agent who answered it in time, whoever had it later. */
export function agentDay({ agentId, midnight, now, calls, thresholds, spans, scores, reviewPercents }: DayFacts): AgentDay {
  const own = calls.filter(({ talks }) => talks.some((talk) => talk.agentId === agentId));
  const talks = own.flatMap((call) => call.talks.filter((talk) => talk.agentId === agentId));
  const answered = own.flatMap(({ queueId, queuedAt, agentAnsweredAt, talks: [first] }) => {
    const thresholdMs = thresholds.get(queueId ?? '');
    if (thresholdMs === undefined || !queuedAt || !agentAnsweredAt || first?.agentId !== agentId) return [];
    return [agentAnsweredAt.getTime() - queuedAt.getTime() <= thresholdMs];
  });
  return {
    calls: own.length,
    talkMs: talks.reduce((sum, { from, to }) => sum + Math.max(0, to.getTime() - from.getTime()), 0),
    serviceLevelPercent: answered.length === 0 ? null : Math.round((100 * answered.filter(Boolean).length) / answered.length),
    stateMs: stateTimes(midnight, now, spans),
    score: scores.length === 0 ? null : { mean: mean(scores), answers: scores.length },
    reviews: reviewPercents.length === 0 ? null : { meanPercent: mean(reviewPercents), count: reviewPercents.length },
  };
}

/** How long each state lasted between midnight and now. */
function stateTimes(midnight: Date, now: Date, spans: readonly StateSpan[]): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { state, at, untilAt = now } of spans) {
    const ms = Math.min(untilAt.getTime(), now.getTime()) - Math.max(at.getTime(), midnight.getTime());
    if (ms > 0) times[state] = (times[state] ?? 0) + ms;
  }
  return times;
}
