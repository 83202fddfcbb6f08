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

/** A figure as documents print it; what could not be counted is a dash. */
export const showFigure = ({ formula, value }: Figure, say: Say): string =>
  value === undefined ? '—' : `${value.toFixed(formulas[formula].unit === 'score' ? 3 : 2)}${inWords(units[formulas[formula].unit], say)}`;

/** Counts without a fraction, sums of seconds with at most three places. */
export const showCount = (count: number): string => (Number.isInteger(count) ? String(count) : String(Number(count.toFixed(3))));

export const showBytes = (bytes: number): string =>
  bytes >= 2 ** 40
    ? `${(bytes / 2 ** 40).toFixed(2)} TiB`
    : bytes >= 2 ** 30
      ? `${(bytes / 2 ** 30).toFixed(1)} GiB`
      : `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Local wall time of a moment, `2026-11-25 10:15:30`, in the site's zone. */
export function localTime(atMs: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(new Date(atMs));
  return parts;
}

export const localDate = (atMs: number, zone: string): string => localTime(atMs, zone).slice(0, 10);
