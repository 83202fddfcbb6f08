import { addDays, type CalendarDate } from '../shared/domain/time/calendar-date.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { Service } from '../shared/platform/processes/service.js';
import { everyQuarter } from '../shared/platform/processes/rounds.js';

export interface WitnessRounds {
  /** Sends the sealed day sheets from a day on out of the house. */
  readonly witness: { round(since: CalendarDate, now: Date): Promise<void> };
  readonly today: () => CalendarDate;
  readonly now: () => Date;
  readonly log: Pick<Logger, 'error'>;
}

/** A sheet fixes those before it: one older than this that no witness was ever sent leaves the house through the newer ones. */
const WITNESS_DAYS = 60;

/** The rounds of the witnesses. A witness that takes its time holds up nothing else. */
export function createWitnessRounds({ witness, today, now, log }: WitnessRounds): Service {
  const witnessing = everyQuarter(
    async () => witness.round(addDays(today(), -WITNESS_DAYS), now()),
    (error) => log.error({ err: error }, 'day sheets could not be sent to outside witnesses'),
  );
  return {
    name: 'sheet-witnesses',
    start: async () => witnessing.begin(),
    stop: async () => witnessing.end(),
  };
}
