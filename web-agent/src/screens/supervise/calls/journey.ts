import type { ShownCall } from './call-so-far.js';

/** A stretch of a lane. `kind` decides how it is drawn and which words it has. */
export interface JourneyBar {
  readonly kind: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A participant in the call: the caller, a queue, an agent, an outside number. */
export interface JourneyLane {
  readonly of: 'caller' | 'queue' | 'agent' | 'leg';
  /** The queue, the agent or the masked number; empty for the caller. */
  readonly id: string;
  readonly bars: readonly JourneyBar[];
}

export interface Journey {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lanes: readonly JourneyLane[];
  /** Events, as moments. */
  readonly marks: readonly number[];
}

type Told = Pick<ShownCall, 'invitedAt' | 'answeredAt' | 'endedAt' | 'visits' | 'segments' | 'dialled' | 'history' | 'waiting'>;

const msOf = (at: string): number => Date.parse(at);

/**
 * Everything in a call's record, or in the record that a live call will have, on one axis of time: every visit, every agent's parts, every
 * outside leg.
 */
export function journeyOf({ invitedAt, answeredAt, endedAt, visits = [], segments = [], dialled, history, waiting }: Told): Journey {
  const [fromMs, endMs] = [msOf(invitedAt), msOf(endedAt)];
  const answeredMs = answeredAt ? msOf(answeredAt) : endMs;
  const bar = (kind: string, barFromMs: number, barToMs: number): JourneyBar[] =>
    barToMs > barFromMs ? [{ kind, fromMs: barFromMs, toMs: barToMs }] : [];
  const agentIds = [...new Set(segments.map(({ agentId }) => agentId))];
  const lanes: JourneyLane[] = [
    { of: 'caller', id: '', bars: [...bar('arriving', fromMs, answeredMs), ...bar('connected', answeredMs, endMs)] },
    // A visit of no length, such as a refused one, becomes a moment: its lane shows that it took place.
    ...visits.map((visit): JourneyLane => ({
      of: 'queue',
      id: visit.queueId,
      bars: [{ kind: visit.outcome, fromMs: visit.fromMs, toMs: visit.toMs }],
    })),
    // A caller who still waits: until this moment.
    ...(waiting === undefined
      ? []
      : [
          {
            of: 'queue' as const,
            id: waiting.queueId,
            bars: [{ kind: 'waiting', fromMs: waiting.fromMs, toMs: Math.max(waiting.fromMs, endMs) }],
          },
        ]),
    ...agentIds.map((id): JourneyLane => ({
      of: 'agent',
      id,
      bars: segments
        .filter(({ agentId }) => agentId === id)
        .map(({ kind, fromMs: partFromMs, toMs }) => ({ kind, fromMs: partFromMs, toMs })),
    })),
    ...dialled.map((leg): JourneyLane => {
      const [dialledMs, legEndMs] = [msOf(leg.at), msOf(leg.endedAt)];
      const legAnsweredMs = leg.answeredAt ? msOf(leg.answeredAt) : legEndMs;
      return {
        of: 'leg',
        id: leg.numberMasked,
        bars: [...bar('dialled', dialledMs, legAnsweredMs), ...bar('connected', legAnsweredMs, legEndMs)],
      };
    }),
  ];
  const marks = history.map(({ atMs }) => atMs);
  const ends = [endMs, ...marks, ...lanes.flatMap(({ bars }) => bars.map(({ toMs }) => toMs))];
  return { fromMs: Math.min(fromMs, ...marks), toMs: Math.max(...ends, fromMs + 1), lanes, marks };
}

/** Where a moment lies on the axis, in percent. */
export const placeOf = ({ fromMs, toMs }: Pick<Journey, 'fromMs' | 'toMs'>, atMs: number): number =>
  Math.min(100, Math.max(0, (100 * (atMs - fromMs)) / (toMs - fromMs)));
