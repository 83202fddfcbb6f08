import { figureRegistry, versionOf, type FigureKey } from '../../../../services/shared/domain/figures/registry.js';
import type { FigureReport } from '../../../../services/shared/contracts/api/figures.js';

/** A cell that a spreadsheet would take for a formula begins with an apostrophe. */
const cell = (value: string): string => {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

export interface CsvWords {
  readonly start: string;
  readonly scope: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly version: string;
  readonly nameOf: (key: FigureKey) => string;
  readonly startOf: (start: string) => string;
  readonly scopeOf: (scope: string) => string;
}

/** The rows of a report; of each rate also what it is made of, so that whoever adds rows can work it out anew. The mark at the beginning says UTF-8. */
export function reportCsv({ rows }: Pick<FigureReport, 'rows'>, keys: readonly FigureKey[], words: CsvWords): string {
  const isCount = (key: FigureKey): boolean => figureRegistry[key].unit === 'count';
  const heads = keys.flatMap((key) => {
    const name = `${words.nameOf(key)} (${words.version} ${String(versionOf(key))})`;
    return isCount(key) ? [name] : [name, `${words.nameOf(key)} ${words.numerator}`, `${words.nameOf(key)} ${words.denominator}`];
  });
  const lines = rows.map(({ start, scope, figures }) => [
    words.startOf(start),
    words.scopeOf(scope),
    ...keys.flatMap((key) => {
      const { value = null, numerator = 0, denominator = 0 } = figures[key] ?? {};
      const shown = value === null ? '' : String(value);
      return isCount(key) ? [shown] : [shown, String(numerator), String(denominator)];
    }),
  ]);
  return `\uFEFF${[[words.start, words.scope, ...heads], ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}
