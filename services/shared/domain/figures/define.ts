import type { Words } from '../language.js';

/** What a figure has counted differently since a day; the past keeps what it was. */
export interface FigureChange {
  readonly on: string;
  readonly what: Words;
}

export interface Parts {
  readonly numerator: number;
  readonly denominator: number;
}

export type FigureUnit = 'count' | 'percent' | 'seconds' | 'minutes' | 'per-10000';

/** What a figure means, and how it is worked out of what was counted. */
export interface FigureDefinition<Count> {
  readonly name: Words;
  readonly text: Words;
  readonly unit: FigureUnit;
  /**
   * `cohort`: by when the visit began or the agent answered; `sliced`: time, cut at the edges of the interval; `daily`: of whole days, counted
   * anew from rows that come late (recordings, answers, complaints) whenever it is asked for.
   */
  readonly basis: 'cohort' | 'sliced' | 'daily';
  /** Below this denominator the value is shown and marked as resting on few. */
  readonly minimum: number;
  /** The number of changes plus one is the version. */
  readonly changes: readonly FigureChange[];
  readonly parts: (count: Count) => Parts;
}

/** A figure of a scope and a time. `value` is null when nothing could be counted: shown as a dash, never as 0. */
export interface FigureValue extends Parts {
  readonly value: number | null;
}

/** Chinese and English. */
export type Name = readonly [zh: string, en: string];

export const figure = <Count>(
  [zh, en]: Name,
  [textZh, textEn]: Name,
  unit: FigureUnit,
  parts: (count: Count) => readonly [numerator: number, denominator: number],
  basis: FigureDefinition<Count>['basis'] = 'cohort',
): FigureDefinition<Count> => ({
  name: { zh, en },
  text: { zh: textZh, en: textEn },
  unit,
  basis,
  minimum: unit === 'count' ? 0 : 10,
  changes: [],
  parts: (count) => {
    const [numerator, denominator] = parts(count);
    return { numerator, denominator };
  },
});

const factorOf: Readonly<Record<FigureUnit, number>> = { count: 1, percent: 100, seconds: 1, minutes: 1, 'per-10000': 10_000 };

export function valueOf<Count>({ unit, parts }: FigureDefinition<Count>, count: Count): FigureValue {
  const { numerator, denominator } = parts(count);
  return { numerator, denominator, value: denominator === 0 ? null : (numerator / denominator) * factorOf[unit] };
}

/** Two digits, half to even; a dash where nothing could be counted. */
export function shownValue(unit: FigureUnit, value: number | null): string {
  if (value === null) return '—';
  if (unit === 'count') return String(value);
  return `${rounded(value).toFixed(2)}${unit === 'percent' ? '%' : ''}`;
}

function rounded(value: number): number {
  const hundredths = value * 100;
  const floor = Math.floor(hundredths);
  const rest = hundredths - floor;
  // What a division leaves behind its last digit must not decide.
  const isHalf = Math.abs(rest - 0.5) < 1e-9;
  return (isHalf ? floor + (floor % 2) : Math.round(hundredths)) / 100;
}
