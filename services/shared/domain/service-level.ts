/** The two formulas of the field; a queue's target is judged by the one that its settings name. */
export const serviceLevelFormulas = ['of-answered', 'of-offered'] as const;
export type ServiceLevelFormula = (typeof serviceLevelFormulas)[number];

/** Counts of one queue over one span of time. */
export interface ServiceLevelCounts {
  readonly answered: number;
  readonly abandoned: number;
  /** Answered within the threshold. */
  readonly withinTarget: number;
  /** Abandoned before the threshold. */
  readonly abandonedEarly: number;
}

/**
 * Service levels in percent, null without any call to judge.
 *
 *     of-answered = answered within the threshold / answered
 *     of-offered  = (answered within the threshold + abandoned before it) / (answered + abandoned)
 */
export function serviceLevels(counts: ServiceLevelCounts): Readonly<Record<ServiceLevelFormula, number | null>> {
  const { answered, abandoned, withinTarget, abandonedEarly } = counts;
  const percent = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);
  return {
    'of-answered': percent(withinTarget, answered),
    'of-offered': percent(withinTarget + abandonedEarly, answered + abandoned),
  };
}
