import { addDays, isWeekday } from '../../shared/domain/time/calendar-date.js';
import type { SiteDates } from './case-clock.js';
import type { ClockMove, ComplaintClock } from '../cases/case-parts.js';
import type { Time } from './deadline-rule.js';
import { dueDate, isWorkingDay, type Calendar } from './working-days.js';

export type MoveOfClock = 'extend' | 'pause' | 'resume';
export type MoveRefusal = 'clock-not-running' | 'rule-allows-none' | 'used-already' | 'not-paused';

interface Moment extends SiteDates {
  readonly calendar: Calendar;
  readonly at: Date;
  readonly by: string;
  readonly text: string;
}

/**
 * The clock after a pause, its end or an extension, or why the change is refused. A pause moves the answer at once to the latest moment
 * that its rule allows, and its end takes back the unused time. So a figure that was counted in between stays the same, and every pause has
 * an end.
 */
export function moveClock(
  clock: ComplaintClock,
  move: MoveOfClock,
  moment: Moment,
): { readonly clock: ComplaintClock } | { readonly refused: MoveRefusal } {
  if (clock.stoppedAt !== undefined || clock.dueAt < moment.at) return { refused: 'clock-not-running' };
  const { allows = {}, paused, extended } = clock;
  const isPaused = paused !== undefined && paused.endedAt === undefined;
  switch (move) {
    case 'extend':
      if (allows.extension === undefined) return { refused: 'rule-allows-none' };
      if (extended !== undefined) return { refused: 'used-already' };
      // It is not known yet how much time the end of the pause will take back.
      if (isPaused) return { refused: 'clock-not-running' };
      return putOff(clock, allows.extension, moment, 'extended');
    case 'pause':
      if (allows.pause === undefined) return { refused: 'rule-allows-none' };
      if (paused !== undefined) return { refused: 'used-already' };
      return putOff(clock, allows.pause, moment, 'paused');
    case 'resume':
      return isPaused ? { clock: resumed(clock, paused, moment) } : { refused: 'not-paused' };
  }
}

const noteOf = ({ dueAt, targetAt }: ComplaintClock, { at, by, text }: Moment): ClockMove => ({ at, by, text, dueAt, targetAt });

/** When the time of a reminder moves into the future again, the reminder is sent again. */
function dueAgain(clock: ComplaintClock, dueAt: Date, targetAt: Date): ComplaintClock {
  const { remindedAt: _remindedAt, escalatedAt: _escalatedAt, ...rest } = clock;
  return { ...rest, dueAt, targetAt };
}

function putOff(
  clock: ComplaintClock,
  by: Time,
  moment: Moment,
  what: 'extended' | 'paused',
): { readonly clock: ComplaintClock } | { readonly refused: MoveRefusal } {
  const { dateOf, endOf, calendar } = moment;
  const due = dueDate(dateOf(clock.dueAt), by.days, by.unit, calendar);
  const target = endOf(dueDate(dateOf(clock.targetAt), by.days, by.unit, calendar).date);
  const dueAt = earlier(endOf(due.date), clock.allows?.notAfter);
  // Another matching rule may end the time where it ended before.
  if (dueAt <= clock.dueAt) return { refused: 'rule-allows-none' };
  // Notes that the time was counted through a year without a calendar.
  const provisionalYear = clock.provisionalYear ?? due.provisionalYear;
  return {
    clock: {
      ...dueAgain(clock, dueAt, earlier(target, dueAt)),
      ...(provisionalYear === undefined ? {} : { provisionalYear }),
      [what]: noteOf(clock, moment),
    },
  };
}

/** The days of the pause are added to the time of the clock. The day of resuming counts in the complainant's favour. */
function resumed(clock: ComplaintClock, paused: ClockMove, { dateOf, endOf, calendar, at }: Moment): ComplaintClock {
  const unit = clock.allows?.pause?.unit ?? 'calendar';
  const [from, to] = [dateOf(paused.at), dateOf(at)];
  let days = 0;
  for (let date = from; date < to;) {
    date = addDays(date, 1);
    if (unit === 'calendar' || (isWorkingDay(date, calendar) ?? isWeekday(date))) days += 1;
  }
  const shift = (moment: Date): Date => (days === 0 ? moment : endOf(dueDate(dateOf(moment), days, unit, calendar).date));
  const own = shift(paused.dueAt);
  const dueAt = earlier(own < at ? endOf(to) : own, clock.dueAt);
  return { ...dueAgain(clock, dueAt, earlier(shift(paused.targetAt), dueAt)), paused: { ...paused, endedAt: at } };
}

const earlier = (one: Date, other: Date | undefined): Date => (other === undefined || one < other ? one : other);
