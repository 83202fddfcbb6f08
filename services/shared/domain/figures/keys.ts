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
/** The figures of the legs that a trunk carried, beside those of the visits that came over it. */
export const trunkFigureKeys = ['legs', 'asr', 'ner', 'pdd.p50', 'pdd.p95'] as const;
/** The figures of an agent's own day: those that a supervisor sees in a report by agent. */
export const agentDayKeys = ['sl.answered', 'aht', 'aht.talk', 'aht.hold', 'aht.wrap', 'occupancy', 'utilisation'] as const;
export type AgentDayKey = (typeof agentDayKeys)[number];
/** What every row of a live board has beside: the handlings that ended by a transfer. */
export const rowOwnKeys = ['transfers'] as const;
/** What a tile of a wall can show. */
export type WallFigureKey = BoardFigureKey | (typeof trunkFigureKeys)[number];
export type RowFigureKey = WallFigureKey | (typeof rowOwnKeys)[number];
export type BoardFigureKey = (typeof boardFigureKeys)[number];
