import type { BoardFigureKey } from './keys.js';

/** What a threshold watches: the whole centre, a queue, a service number, a client unit, or the visits that one agent or one team answered. */
export const thresholdScopes = ['site', 'queue', 'number', 'client-unit', 'agent', 'team'] as const;
export type ThresholdScopeKind = (typeof thresholdScopes)[number];
export interface ThresholdScope {
  readonly of: ThresholdScopeKind;
  /** Empty for the whole centre. */
  readonly id: string;
}

/** Since midnight of the site, or over the last 30 minutes. */
export const thresholdWindows = ['today', 'lately'] as const;
export type ThresholdWindow = (typeof thresholdWindows)[number];

/** Which side of the limit is bad. */
export const thresholdDirections = ['above', 'below'] as const;

/**
 * A visit belongs to an agent once that agent has answered it, and to the team of the agent at that time. Other visits belong to nobody: a
 * threshold of an agent or of a team has only these figures.
 */
export const agentFigures = ['answered', 'sl.answered', 'asa'] as const satisfies readonly BoardFigureKey[];

/** Whether a scope is about people, who own only the visits that they answered. */
export const isOfPeople = (of: string): boolean => of === 'agent' || of === 'team';

/** The limits. At least one of `warn` and `alarm` is set. Values have the unit of the figure. */
export interface ThresholdLimits {
  readonly worse: (typeof thresholdDirections)[number];
  readonly warn?: number | undefined;
  readonly alarm?: number | undefined;
  /** The incident ends at this value, or on its good side. */
  readonly clear: number;
  /** With a smaller denominator nothing is judged. */
  readonly minimumSample: number;
  /** A limit counts as passed after the figure has been beyond it for this long without a break. */
  readonly holdOffSeconds: number;
}

export const thresholdLevels = ['ok', 'warn', 'alarm'] as const;
export type ThresholdLevel = (typeof thresholdLevels)[number];

/**
 * The state of one threshold. After a start it is `undefined` until the figure is on the good side, or has been beyond a limit for the
 * hold-off: before that, nobody can tell whether an earlier incident has ended.
 */
export interface ThresholdState {
  readonly level: ThresholdLevel | undefined;
  readonly sinceMs: number;
  /** Since when the figure has been beyond each limit. */
  readonly beyondSinceMs: Readonly<Partial<Record<'warn' | 'alarm', number>>>;
}

export const unjudgedThreshold = (nowMs: number): ThresholdState => ({ level: undefined, sinceMs: nowMs, beyondSinceMs: {} });

/** A figure without a denominator always has a sufficient sample. */
interface Measured {
  readonly value: number | null;
  readonly denominator: number;
}

/**
 * Judges the figure once. The level rises when a limit has been passed for the hold-off. It falls only to `ok`, when the clear level is
 * reached or the sample has become too small: a figure that swings around a limit is one incident.
 */
export function thresholdAfter(
  limits: ThresholdLimits,
  state: ThresholdState,
  { value, denominator }: Measured,
  nowMs: number,
): ThresholdState {
  const become = (level: ThresholdLevel, beyondSinceMs: ThresholdState['beyondSinceMs']): ThresholdState =>
    level === state.level ? { ...state, beyondSinceMs } : { level, sinceMs: nowMs, beyondSinceMs };
  if (value === null || denominator < limits.minimumSample) return become('ok', {});
  const isBeyond = (limit: number | undefined): boolean =>
    limit !== undefined && (limits.worse === 'above' ? value > limit : value < limit);
  const beyondSinceMs = {
    ...(isBeyond(limits.warn) ? { warn: state.beyondSinceMs.warn ?? nowMs } : {}),
    ...(isBeyond(limits.alarm) ? { alarm: state.beyondSinceMs.alarm ?? nowMs } : {}),
  };
  const held = (sinceMs: number | undefined): boolean => sinceMs !== undefined && nowMs - sinceMs >= limits.holdOffSeconds * 1_000;
  if (held(beyondSinceMs.alarm)) return become('alarm', beyondSinceMs);
  if (held(beyondSinceMs.warn) && state.level !== 'alarm') return become('warn', beyondSinceMs);
  const isClear = limits.worse === 'above' ? value <= limits.clear : value >= limits.clear;
  return isClear ? become('ok', beyondSinceMs) : { ...state, beyondSinceMs };
}

/** Finds limits that contradict each other: returns the field, and a sentence. */
export function limitsFault({
  worse,
  warn,
  alarm,
  clear,
}: Pick<ThresholdLimits, 'worse' | 'warn' | 'alarm' | 'clear'>): { readonly at: string; readonly message: string } | undefined {
  if (warn === undefined && alarm === undefined) return { at: 'warn', message: 'a limit for the warning or for the alarm is needed' };
  const isWorse = (a: number, b: number): boolean => (worse === 'above' ? a > b : a < b);
  if (warn !== undefined && alarm !== undefined && !isWorse(alarm, warn)) return { at: 'alarm', message: 'must be worse than the warning' };
  const first = warn ?? alarm ?? clear;
  return isWorse(clear, first) ? { at: 'clear', message: 'must not be worse than the first limit' } : undefined;
}
