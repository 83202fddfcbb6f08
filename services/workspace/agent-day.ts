import type { AgentDay } from '../shared/contracts/workspace.js';
import { agentDayKeys } from '../shared/domain/figures/keys.js';
import { figureRegistry } from '../shared/domain/figures/registry.js';
import type { AgentFigures, DayCall, StateSpan } from './ports.js';
import type { AgentId } from '../shared/domain/ids.js';

export interface DayFacts {
  readonly agentId: AgentId;
  readonly midnight: Date;
  readonly now: Date;
  readonly calls: readonly DayCall[];
  readonly figures: AgentFigures;
  readonly spans: readonly StateSpan[];
  readonly scores: readonly number[];
  readonly reviewPercents: readonly number[];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The figures of an agent's own day: `figures` are those of the reports, and nothing of them is computed here. */
export function agentDay({ agentId, midnight, now, calls, figures, spans, scores, reviewPercents }: DayFacts): AgentDay {
  const talks = calls.map(({ segments }) =>
    segments.filter((segment) => segment.agentId === agentId && (segment.kind === 'talk' || segment.kind === 'conference')),
  );
  const talked = calls.filter((_call, i) => talks[i]?.length !== 0);
  const callsOut = talked.filter(({ direction }) => direction === 'outbound').length;
  return {
    calls: talked.length - callsOut,
    callsOut,
    talkMs: talks.flat().reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
    serviceLevelPercent: figures['sl.answered'].value,
    figures: agentDayKeys.map((key) => {
      const { name, text, unit } = figureRegistry[key];
      return { key, name, text, unit: unit === 'percent' ? 'percent' : 'seconds', ...figures[key] };
    }),
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
