/** The service levels of the registry, the standard one first. The settings of a queue name the one that judges its target. */
export const serviceLevelKeys = ['sl.strict', 'sl.withAbandon', 'sl.answered', 'sl.late', 'sl.noShort'] as const;
export type ServiceLevelKey = (typeof serviceLevelKeys)[number];

/** The figures of a queue on the wallboard. */
export const boardFigureKeys = [
  'entered',
  'answered',
  'abandoned',
  'overflowed',
  'callbacks',
  'lost',
  'waiting',
  ...serviceLevelKeys,
  'answerRate',
  'abandonRate',
  'asa',
] as const;
export type BoardFigureKey = (typeof boardFigureKeys)[number];
