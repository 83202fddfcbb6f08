/** What is out of the ordinary (regulation item 16); docs/calls.md says how each is counted. */
export const fraudPatterns = [
  'burst',
  'short-calls',
  'unreached',
  'refusals',
  'complaints',
  'destinations',
  'night',
  'too-often',
  'blocked',
  'one-caller',
  'short-calls-in',
] as const;
export type FraudPattern = (typeof fraudPatterns)[number];

export interface FraudRule {
  readonly on: boolean;
  /** The stretch that is looked at; `complaints` are counted by the calendar month. */
  readonly withinMinutes: number;
  /** From so many on, or from such a share in percent on. */
  readonly limit: number;
  /** A share of fewer calls than these says nothing. */
  readonly atLeast: number;
  /** The number, or the agent, calls nobody from then on until a person has looked. */
  readonly stops: boolean;
}

export interface FraudSettings {
  readonly rules: Readonly<Record<FraudPattern, FraudRule>>;
  /** An answered call that ended before this is a short one. */
  readonly shortCallMs: number;
  /** Beginnings of numbers that are foreign or expensive. */
  readonly watchedPrefixes: readonly string[];
}
