import { clip, intersect, subtract, total, union, type Interval } from '../media/intervals.js';

/**
 * COMPLEX What became of a stretch of an answered call:
 *
 * - `recorded`: audio of at least one side is in the file (silences of less than a second in between count as recorded);
 * - `paused`: recording was stopped on purpose, with a reason;
 * - `no-media`: a witness was there and neither side sent anything;
 * - `lost`: no witness was there, or one saw audio that the file does not have.
 */
export const stretchKinds = ['recorded', 'paused', 'no-media', 'lost'] as const;
export type StretchKind = (typeof stretchKinds)[number];

export interface Stretch {
  readonly kind: StretchKind;
  /** Start, in ms from the answer. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason?: string;
}

export interface Account {
  /** Spans that cover 0 to `answeredMs` without a gap. */
  readonly stretches: readonly Stretch[];
  readonly ms: Readonly<Record<StretchKind, number>>;
  readonly answeredMs: number;
}

export interface AccountInput {
  /** The answered time on the call's clock. */
  readonly answered: Interval;
  readonly paused: readonly (Interval & { readonly reason: string })[];
  /** The times when the recorder listened. */
  readonly recorderWitness: readonly Interval[];
  /** The times when the relay's own capture ran; empty when there is none. */
  readonly captureWitness: readonly Interval[];
  /** Times with audio in the file, from either side. */
  readonly sound: readonly Interval[];
  /** Times with audio that the relay's capture has and the file does not. */
  readonly soundMissing: readonly Interval[];
  /** Why the recorder was away at the times when it was. */
  readonly absenceReason: string;
}

const SILENCE_BRIDGE_MS = 1_000;
/** A witnessed silence next to audio that is shorter than this is the edge of a packet. */
const EDGE_MS = 200;

/** The account of every answered millisecond: by construction the kinds never overlap, and their sum is the answered time. */
export function accountFor(input: AccountInput): Account {
  const whole = [input.answered];
  const paused = clip(union(input.paused), input.answered);
  const missing = clip(subtract(union(input.soundMissing), paused), input.answered);
  const heard = subtract(subtract(clip(union(input.sound, SILENCE_BRIDGE_MS), input.answered), paused), missing);
  const witnessed = union([...input.recorderWitness, ...input.captureWitness]);
  const unheard = subtract(subtract(subtract(whole, paused), missing), heard);
  const edges = intersect(unheard, witnessed).filter(
    ({ from, to }) => to - from < EDGE_MS && heard.some((sound) => sound.to === from || sound.from === to),
  );
  const recorded = union([...heard, ...edges]);
  const rest = subtract(unheard, edges);
  const noMedia = intersect(rest, witnessed);
  const unseen = subtract(rest, witnessed);
  const place = (intervals: readonly Interval[], kind: StretchKind, reason: (at: Interval) => string | undefined): Stretch[] =>
    intervals.map((interval) => {
      const why = reason(interval);
      return {
        kind,
        fromMs: Math.round(interval.from - input.answered.from),
        toMs: Math.round(interval.to - input.answered.from),
        ...(why === undefined ? {} : { reason: why }),
      };
    });
  const stretches = [
    ...place(recorded, 'recorded', () => undefined),
    ...place(paused, 'paused', ({ from, to }) => input.paused.find((one) => one.from < to && one.to > from)?.reason),
    ...place(noMedia, 'no-media', () => 'no-sound'),
    ...place(missing, 'lost', () => 'relay-heard-more'),
    ...place(unseen, 'lost', () => input.absenceReason),
  ]
    .filter(({ fromMs, toMs }) => toMs > fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  const ms: Record<StretchKind, number> = { recorded: 0, paused: 0, 'no-media': 0, lost: 0 };
  for (const { kind, fromMs, toMs } of stretches) ms[kind] += toMs - fromMs;
  return { stretches, ms, answeredMs: Math.round(total(whole)) };
}

/** An answered call that no witness saw: all of it is lost, with its reason. */
export function lostEntirely(answeredMs: number, reason: string): Account {
  return {
    stretches: answeredMs > 0 ? [{ kind: 'lost', fromMs: 0, toMs: answeredMs, reason }] : [],
    ms: { recorded: 0, paused: 0, 'no-media': 0, lost: answeredMs },
    answeredMs,
  };
}
