import { figureRegistry, type AnyFigureKey } from '../../shared/domain/figures/registry.js';
import type { Words } from '../../shared/domain/language.js';
import { proofCallsApart, type FormulaChange } from './formula-changes.js';

/** A definition of a figure. The text is printed beside it; a change of meaning is a new version, never an edit. */
export interface Formula {
  readonly id: string;
  /** One more than the number of changes. */
  readonly version: number;
  /** Oldest first: the first change made version 2. */
  readonly changes: readonly FormulaChange[];
  readonly name: Words;
  readonly text: Words;
  /** How the value is shown. */
  readonly unit: 'percent' | 'seconds' | 'count' | 'per-10000' | 'days' | 'score' | 'per-mille';
  /** Set when the formula relies on an interpretation that the authority has not confirmed (item 86). */
  readonly openPoint?: string;
  /** Set when this is a figure of the registry: it has its name and is computed by it. */
  readonly figure?: AnyFigureKey;
}

export const formula = (
  id: string,
  zh: string,
  en: string,
  unit: Formula['unit'],
  [textZh, textEn]: readonly [string, string],
  openPoint?: string,
  changes: readonly FormulaChange[] = [],
): Formula => ({
  id,
  version: 1 + changes.length,
  changes,
  name: { zh, en },
  text: { zh: textZh, en: textEn },
  unit,
  ...(openPoint === undefined ? {} : { openPoint }),
});

/** A formula over service calls: proof calls, which it counted at first, are left out. */
export const ofService = (...[id, zh, en, unit, [textZh, textEn], openPoint, changes = []]: Parameters<typeof formula>): Formula =>
  formula(id, zh, en, unit, [`${textZh}；不含拨测`, `${textEn}; without proof calls`], openPoint, [proofCallsApart, ...changes]);

/** A figure of the registry in a pack: one name and one computation, with the text in the words of the regulation. */
export const asInReports = <Key extends AnyFigureKey>(figure: Key, of: Formula) => ({ ...of, figure, name: figureRegistry[figure].name });
