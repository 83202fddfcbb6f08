/** The service levels of the registry, the standard one first. A queue's target is judged by the one that its settings name. */
export const serviceLevelKeys = ['sl.strict', 'sl.withAbandon', 'sl.answered', 'sl.late', 'sl.noShort'] as const;
export type ServiceLevelKey = (typeof serviceLevelKeys)[number];

/** What the wallboard has of a queue. */
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
