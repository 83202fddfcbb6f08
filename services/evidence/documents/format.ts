import { inWords, type Say, type Words } from '../../shared/domain/language.js';
import { formulas, type Figure } from '../quality/formulas.js';

const units = {
  percent: { zh: '%', en: ' %' },
  seconds: { zh: ' 秒', en: ' s' },
  count: { zh: '', en: '' },
  'per-10000': { zh: ' /万次', en: ' per 10 000' },
  days: { zh: ' 天', en: ' days' },
  score: { zh: '', en: '' },
  'per-mille': { zh: '‰', en: ' ‰' },
} as const satisfies Record<string, Words>;

const places = { percent: 2, seconds: 2, count: 0, 'per-10000': 2, days: 2, score: 3, 'per-mille': 2 } as const;

const SHORT_S = 10;

/** A figure as documents print it; a dash when it could not be counted. */
export function showFigure({ formula, value }: Figure, say: Say): string {
  const { unit } = formulas[formula];
  return value === undefined ? '—' : `${value.toFixed(places[unit])}${inWords(units[unit], say)}`;
}

/**
 * Numerator and denominator: plain counts, or sums of time and scores, which get a unit and one decimal place. Short times get the two
 * places of their value.
 */
export function showParts({ formula, numerator, denominator }: Figure, say: Say): [numerator: string, denominator: string] {
  const { unit } = formulas[formula];
  const timed = (value: number): string => `${Number(value.toFixed(value < SHORT_S ? 2 : 1))}${inWords(units.seconds, say)}`;
  // Occupancy is the only share of two times.
  if (formula === 'occupancy') return [timed(numerator), timed(denominator)];
  if (unit === 'seconds') return [timed(numerator), String(denominator)];
  return [
    unit === 'days' ? `${Number(numerator.toFixed(2))}${inWords(units.days, say)}` : String(Number(numerator.toFixed(1))),
    String(denominator),
  ];
}

export const showBytes = (bytes: number): string =>
  bytes >= 2 ** 40
    ? `${(bytes / 2 ** 40).toFixed(2)} TiB`
    : bytes >= 2 ** 30
      ? `${(bytes / 2 ** 30).toFixed(1)} GiB`
      : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
