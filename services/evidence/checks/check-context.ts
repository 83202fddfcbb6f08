import type { Say } from '../../shared/domain/language.js';
import type { CalendarDate } from '../../shared/domain/time/calendar-date.js';

export interface CheckContext {
  readonly today: CalendarDate;
  readonly isWorkday: (date: CalendarDate) => boolean;
  /** The language of the findings. */
  readonly say: Say;
}
