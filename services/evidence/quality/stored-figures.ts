/** Figures of a month or a year, as complaints and satisfaction stored them when the period was over (items 34, 36 and 39). */
export interface StoredFigures {
  readonly what: 'complaints' | 'satisfaction';
  /** `2026-11` or `2026`. */
  readonly period: string;
  readonly asOfMs: number;
  readonly formulaVersion: number;
  readonly by: string;
  readonly figures: Readonly<Record<string, unknown>>;
}
