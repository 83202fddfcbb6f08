import { CallCentreError } from '../shared/domain/failure.js';
import type { ComplaintClock } from './complaint.js';
import { ruleFor, type RuleQuestion, type RuleTable } from './deadline-rule.js';
import { dueDate, type Calendar } from './working-days.js';

export interface SiteDates {
  /** The site's date of a moment, and the last moment of a date. */
  readonly dateOf: (at: Date) => string;
  readonly endOf: (date: string) => Date;
}

export const questionOf = (
  { province, kind, source }: Pick<RuleQuestion, 'kind' | 'source'> & { readonly province?: string | undefined },
  defaultProvince: string,
): RuleQuestion => ({ province: province ?? defaultProvince, kind, source });

/** The clock that a rule sets. It keeps the version of the rules and is never moved. */
export function clockFor(
  { dateOf, endOf }: SiteDates,
  { rules, version }: RuleTable,
  calendar: Calendar,
  asked: RuleQuestion,
  startedAt: Date,
): ComplaintClock {
  const rule = ruleFor(rules, asked);
  if (rule === undefined) throw new CallCentreError('wrong-state', 'No deadline rule fits this complaint.');
  const from = dateOf(startedAt);
  const due = dueDate(from, rule.answer.days, rule.answer.unit, calendar);
  const target = dueDate(from, rule.target.days, rule.target.unit, calendar);
  const provisionalYear = due.provisionalYear ?? target.provisionalYear;
  return {
    ruleId: rule.id,
    ruleVersion: version,
    basis: rule.basis,
    confirmed: rule.confirmed,
    startedAt,
    dueAt: endOf(due.date),
    targetAt: endOf(target.date < due.date ? target.date : due.date),
    ...(provisionalYear === undefined ? {} : { provisionalYear }),
  };
}
