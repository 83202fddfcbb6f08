import type { Words } from '../language.js';

/** A change in how a figure counts, from one day on. Earlier days keep the old way. */
export interface FigureChange {
  readonly on: string;
  readonly what: Words;
}

export interface Parts {
  readonly numerator: number;
  readonly denominator: number;
}

/** `score`: a MOS from 1 to 5. */
export type FigureUnit = 'count' | 'percent' | 'seconds' | 'milliseconds' | 'minutes' | 'per-10000' | 'score';

/** What a figure means, and how it is computed from counts. */
export interface FigureDefinition<Count> {
  readonly name: Words;
  readonly text: Words;
  readonly unit: FigureUnit;
  /**
   * `cohort`: by the time at which the visit began or the agent answered. `sliced`: times, cut at the edges of the interval. `daily`: whole
   * days, counted again on each request, because some rows arrive late (recordings, answers, complaints).
   */
  readonly basis: 'cohort' | 'sliced' | 'daily';
  /** Below this denominator the value is shown with a remark that it rests on few cases. */
  readonly minimum: number;
  /** The number of changes plus one is the version. */
  readonly changes: readonly FigureChange[];
  readonly parts: (count: Count) => Parts;
}

/** A figure of a scope and a period. `value` is null when nothing could be counted; pages show a dash, never 0. */
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

/** What a numerator divided by its denominator is multiplied with. */
export const factorOf: Readonly<Record<FigureUnit, number>> = {
  ...{ count: 1, percent: 100, seconds: 1, milliseconds: 1, minutes: 1, score: 1 },
  'per-10000': 10_000,
};

export function valueOf<Count>({ unit, parts }: FigureDefinition<Count>, count: Count): FigureValue {
  const { numerator, denominator } = parts(count);
  return { numerator, denominator, value: denominator === 0 ? null : (numerator / denominator) * factorOf[unit] };
}

/** Two decimals, rounded half to even; a dash when nothing could be counted. */
export function shownValue(unit: FigureUnit, value: number | null): string {
  if (value === null) return '—';
  if (unit === 'count') return String(value);
  return `${rounded(value).toFixed(2)}${unit === 'percent' ? '%' : ''}`;
}

/** The units that a bare number does not show. */
export const shortUnits: Readonly<Partial<Record<FigureUnit, Words>>> = {
  seconds: { zh: '秒', en: 's' },
  milliseconds: { zh: '毫秒', en: 'ms' },
  minutes: { zh: '分钟', en: 'min' },
};

/** The same with its unit: a duration is never a bare number. */
export function valueWithUnit(unit: FigureUnit, value: number | null, language: keyof Words): string {
  const short = value === null ? undefined : shortUnits[unit];
  return short === undefined ? shownValue(unit, value) : `${shownValue(unit, value)} ${short[language]}`;
}

function rounded(value: number): number {
  const hundredths = value * 100;
  const floor = Math.floor(hundredths);
  const rest = hundredths - floor;
  // The rounding error of the division must not decide the direction.
  const isHalf = Math.abs(rest - 0.5) < 1e-9;
  return (isHalf ? floor + (floor % 2) : Math.round(hundredths)) / 100;
}
