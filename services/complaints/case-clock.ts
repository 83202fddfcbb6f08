import { CallCentreError } from '../shared/domain/failure.js';
import type { ComplaintClock } from './case-parts.js';
import { rulesFor, type DeadlineRule, type RuleQuestion, type RuleTable } from './deadline-rule.js';
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

/** What the rule lets be done with the clock, within the times of the rules that let less. */
function allowed(rule: DeadlineRule, others: readonly { readonly rule: DeadlineRule; readonly dueAt: Date }[]): ComplaintClock['allows'] {
  const { pause, extension } = rule;
  if (pause === undefined && extension === undefined) return undefined;
  const stricter = others.filter(
    (other) => (pause !== undefined && other.rule.pause === undefined) || (extension !== undefined && other.rule.extension === undefined),
  );
  const notAfter = stricter.map(({ dueAt }) => dueAt).sort((a, b) => a.getTime() - b.getTime())[0];
  return {
    ...(pause === undefined ? {} : { pause }),
    ...(extension === undefined ? {} : { extension }),
    ...(notAfter === undefined ? {} : { notAfter }),
  };
}

/** The clock of the strictest rule: that by which the answer is due first. It keeps the version of the rules. */
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
  const allows = allowed(rule, others);
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
