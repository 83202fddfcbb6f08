import { CallCentreError } from '../../shared/domain/failure.js';
import type { ComplaintClock } from '../cases/case-parts.js';
import { rulesFor, type DeadlineRule, type RuleQuestion, type RuleTable, type Time } from './deadline-rule.js';
import { dueDate, type Calendar } from './working-days.js';

export interface SiteDates {
  /** The site's date of a moment, and the last moment of a date. */
  readonly dateOf: (at: Date) => string;
  readonly endOf: (date: string) => Date;
}

export const questionOf = (
  { province, kind, source }: Pick<RuleQuestion, 'kind' | 'source'> & { readonly province: string },
  siteProvince: string,
): RuleQuestion => ({ provinces: [...new Set([province, siteProvince])], kind, source });

interface Fit {
  readonly rule: DeadlineRule;
  readonly dueAt: Date;
}
type Move = 'pause' | 'extension';
type PutOff = (dueAt: Date, by: Time) => Date;

/** The end of a rule's time after the changes that it allows. A change that it does not allow adds nothing. */
const endAfter = ({ rule, dueAt }: Fit, by: readonly Move[], putOff: PutOff): Date =>
  by.reduce((end, move) => {
    const time = rule[move];
    return time === undefined ? end : putOff(end, time);
  }, dueAt);

const earliest = (ends: readonly Date[]): Date | undefined => [...ends].sort((a, b) => a.getTime() - b.getTime())[0];

/** The limit that another rule sets to the changes of this one; undefined when the changes never reach it. */
function boundBy(other: Fit, own: Fit, moves: readonly Move[], putOff: PutOff): Date | undefined {
  const beyond = (by: readonly Move[]): Date[] => {
    const end = endAfter(other, by, putOff);
    return endAfter(own, by, putOff) > end ? [end] : [];
  };
  return earliest(moves.flatMap((move) => beyond([move]))) ?? beyond(moves)[0];
}

/** The changes that the rule allows, within the times of stricter rules. */
function allowed(own: Fit, others: readonly Fit[], putOff: PutOff): ComplaintClock['allows'] {
  const { pause, extension } = own.rule;
  const moves = (['pause', 'extension'] as const).filter((move) => own.rule[move] !== undefined);
  if (moves.length === 0) return undefined;
  const notAfter = earliest(others.flatMap((other) => boundBy(other, own, moves, putOff) ?? []));
  return {
    ...(pause === undefined ? {} : { pause }),
    ...(extension === undefined ? {} : { extension }),
    ...(notAfter === undefined ? {} : { notAfter }),
  };
}

/** The clock of the strictest rule, the one with the earliest due time. It keeps the version of the rules. */
export function clockFor(
  { dateOf, endOf }: SiteDates,
  { rules, version }: RuleTable,
  calendar: Calendar,
  asked: RuleQuestion,
  startedAt: Date,
): ComplaintClock {
  const from = dateOf(startedAt);
  const fits = rulesFor(rules, asked).map((rule) => {
    const due = dueDate(from, rule.answer.days, rule.answer.unit, calendar);
    return { rule, due, dueAt: endOf(due.date) };
  });
  const [strictest, ...others] = [...fits].sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  if (strictest === undefined) throw new CallCentreError('wrong-state', 'No deadline rule fits this complaint.');
  const { rule, due, dueAt } = strictest;
  const allows = allowed(strictest, others, (end, { days, unit }) => endOf(dueDate(dateOf(end), days, unit, calendar).date));
  const target = dueDate(from, rule.target.days, rule.target.unit, calendar);
  const provisionalYear = due.provisionalYear ?? target.provisionalYear;
  return {
    ruleId: rule.id,
    ruleVersion: version,
    basis: rule.basis,
    confirmed: rule.confirmed,
    startedAt,
    dueAt,
    targetAt: endOf(target.date < due.date ? target.date : due.date),
    ...(provisionalYear === undefined ? {} : { provisionalYear }),
    ...(allows === undefined ? {} : { allows }),
  };
}
