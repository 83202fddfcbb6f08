import { rowsOf, textOf, type LicenceFile, type LicenceRow } from '../../shared/domain/licence/licence-file.js';
import { limit, type RuleId } from '../../shared/domain/licence/rules/rule-book.js';
import { addDays, type CalendarDate } from '../../shared/domain/time/calendar-date.js';

interface ChangeRule {
  readonly rule: Extract<RuleId, 'order-42-28' | 'order-42-29'>;
  /** The date from which its days run. */
  readonly runsFrom: 'decidedOn' | 'registeredOn';
  /** The register that shows the change. */
  readonly register: 'company' | 'licence' | 'shareholders';
}

/** Changes with a legal day, by their kind in the register `changes`. */
const changeRules: Readonly<Record<string, ChangeRule>> = {
  merger: { rule: 'order-42-28', runsFrom: 'decidedOn', register: 'company' },
  split: { rule: 'order-42-28', runsFrom: 'decidedOn', register: 'company' },
  shareholders: { rule: 'order-42-28', runsFrom: 'decidedOn', register: 'shareholders' },
  scope: { rule: 'order-42-28', runsFrom: 'decidedOn', register: 'licence' },
  name: { rule: 'order-42-29', runsFrom: 'registeredOn', register: 'company' },
  representative: { rule: 'order-42-29', runsFrom: 'registeredOn', register: 'company' },
  capital: { rule: 'order-42-29', runsFrom: 'registeredOn', register: 'company' },
};

export interface ChangeDue extends Pick<ChangeRule, 'rule' | 'register'> {
  readonly change: LicenceRow;
  readonly from: CalendarDate;
  readonly dueOn: CalendarDate;
}

/** Changes with a known day, filed or not: the decision, or the completed registration, was entered. */
export function changeDays(changes: readonly LicenceRow[]): ChangeDue[] {
  return changes.flatMap((change) => {
    const known = changeRules[textOf(change, 'kind')];
    if (known === undefined) return [];
    const from = textOf(change, known.runsFrom);
    const { rule, register } = known;
    return from === '' ? [] : [{ change, rule, register, from, dueOn: addDays(from, limit(rule, 'withinDays')) }];
  });
}

/** The changes that are not filed yet. */
export const changesDue = (file: LicenceFile): ChangeDue[] =>
  changeDays(rowsOf(file, 'changes').filter((change) => textOf(change, 'filedOn') === ''));
