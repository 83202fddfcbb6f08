import { clockFor, type SiteDates } from './case-clock.js';
import type { ComplaintClock } from '../cases/case-parts.js';
import { moveClock } from './clock-moves.js';
import type { RuleQuestion, RuleTable } from './deadline-rule.js';
import type { Calendar } from './working-days.js';

export type RecountRefusal = 'clock-paused';

/** The effect of another kind or province on the clock: another due time, or none and the reason. */
export const recountOutcomes = ['later', 'earlier', 'same', 'stopped', 'ran-out'] as const;
export type RecountOutcome = (typeof recountOutcomes)[number];

interface RecountMoment extends SiteDates {
  /** The rules by which the clock was set. A later version moves no running clock. */
  readonly table: RuleTable;
  readonly calendar: Calendar;
  readonly asked: RuleQuestion;
  readonly at: Date;
  readonly by: string;
  readonly text: string;
  /** The earliest end of the clocks of complaints that were joined to this one: they end with it. */
  readonly notAfter?: Date | undefined;
}

/**
 * The clock as the strictest matching rule sets it, counted from the same start. A clock that stopped or ran out stays as it is. A used
 * pause or extension stays used, and counts as far as the deciding rule allows it.
 */
export function recount(
  clock: ComplaintClock | undefined,
  moment: RecountMoment,
): { readonly outcome: RecountOutcome; readonly clock?: ComplaintClock } | { readonly refused: RecountRefusal } {
  const { at, by, text } = moment;
  if (clock === undefined || clock.stoppedAt !== undefined) return { outcome: 'stopped' };
  if (clock.dueAt < at || clock.overdueAt !== undefined) return { outcome: 'ran-out' };
  const { extended, paused } = clock;
  // It is not known yet how much time the end of the pause will take back.
  if (paused !== undefined && paused.endedAt === undefined) return { refused: 'clock-paused' };
  const set = bounded(withMoves(clock, clockFor(moment, moment.table, moment.calendar, moment.asked, clock.startedAt), moment), moment);
  const { ruleId, dueAt, targetAt, remindedAt, escalatedAt, recounted } = clock;
  const sameTimes = +set.dueAt === +dueAt && +set.targetAt === +targetAt;
  if (sameTimes && set.ruleId === ruleId && allowsOf(set) === allowsOf(clock)) return { outcome: 'same' };
  const next = {
    ...set,
    ...(extended === undefined ? {} : { extended }),
    ...(paused === undefined ? {} : { paused }),
    // A reminder whose moment has moved is sent again.
    ...(sameTimes && remindedAt !== undefined ? { remindedAt } : {}),
    ...(sameTimes && escalatedAt !== undefined ? { escalatedAt } : {}),
    recounted: [...(recounted ?? []), { at, by, text, dueAt, targetAt, ruleId }],
  };
  return { outcome: +set.dueAt === +dueAt ? 'same' : set.dueAt > dueAt ? 'later' : 'earlier', clock: next };
}

/** The changes that a clock allows, in comparable form. */
const allowsOf = ({ allows: { pause, extension, notAfter } = {} }: ComplaintClock): string =>
  [pause?.days, pause?.unit, extension?.days, extension?.unit, notAfter?.getTime()].join(' ');

/** The changes of the earlier clock, one after the other, as the new rule allows them. */
function withMoves({ extended, paused }: ComplaintClock, set: ComplaintClock, moment: RecountMoment): ComplaintClock {
  const steps = [
    ...(extended === undefined ? [] : [{ move: 'extend' as const, at: extended.at }]),
    ...(paused === undefined ? [] : [{ move: 'pause' as const, at: paused.at }]),
    ...(paused?.endedAt === undefined ? [] : [{ move: 'resume' as const, at: paused.endedAt }]),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
  return steps.reduce((current, { move, at }) => {
    const moved = moveClock(current, move, { ...moment, at });
    return 'refused' in moved ? current : moved.clock;
  }, set);
}

function bounded(set: ComplaintClock, { notAfter }: RecountMoment): ComplaintClock {
  if (notAfter === undefined || set.dueAt <= notAfter) return set;
  const { allows, targetAt } = set;
  return {
    ...set,
    dueAt: notAfter,
    targetAt: targetAt < notAfter ? targetAt : notAfter,
    ...(allows === undefined ? {} : { allows: { ...allows, notAfter } }),
  };
}
