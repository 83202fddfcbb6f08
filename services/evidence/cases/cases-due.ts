import type { CaseKind } from '../../shared/domain/licence/licence-case.js';
import { addDays, yearOf, type CalendarDate } from '../../shared/domain/time/calendar-date.js';
import { changesDue } from '../checks/changes.js';
import type { CheckContext } from '../checks/check-context.js';
import { rowsOf, textOf, type LicenceFile } from '../../shared/domain/licence/licence-file.js';
import { limit } from '../../shared/domain/licence/rules/rule-book.js';
import type { LicenceCase } from './case-types.js';

export interface CaseDue {
  readonly kind: CaseKind;
  readonly dueOn: CalendarDate;
  readonly words: string;
  /** The reported year of an annual report; otherwise 0. */
  readonly year: number;
}

/** How long before its application day a renewal should begin. */
const RENEWAL_FROM_DAYS = 90;

/** Cases that should be open and are not: an expiring licence, last year's report, changes that are not filed. Pure. */
export function casesDue(
  cases: readonly LicenceCase[],
  file: LicenceFile,
  /** Years whose report was filed, even without a case. */
  filedYears: readonly number[],
  { today, say }: Pick<CheckContext, 'today' | 'say'>,
): CaseDue[] {
  const open = (kind: CaseKind): readonly LicenceCase[] =>
    cases.filter((each) => each.kind === kind && textOf(each.row, 'closedOn') === '');
  const due: CaseDue[] = [];
  const licence = rowsOf(file, 'licence')[0];
  if (licence === undefined) {
    if (open('application').length === 0)
      due.push({
        kind: 'application',
        dueOn: '',
        words: say('尚未登记许可证：请立项首次申请', 'There is no licence: open a first application'),
        year: 0,
      });
    return due;
  }
  const until = textOf(licence, 'validUntil');
  const renewal = until === '' ? '' : addDays(until, -limit('order-42-27', 'beforeDays'));
  if (renewal !== '' && addDays(renewal, -RENEWAL_FROM_DAYS) <= today && open('renewal').length === 0)
    due.push({ kind: 'renewal', dueOn: renewal, words: say(`许可证有效期至 ${until}`, `The licence is valid until ${until}`), year: 0 });
  const year = yearOf(today) - 1;
  const reported = filedYears.includes(year) || cases.some((each) => each.kind === 'annual-report' && each.year === year);
  // A late report is still due: it stays until it has a case or was filed.
  if (!reported && textOf(licence, 'issuedOn') <= `${year}-12-31`)
    due.push({ kind: 'annual-report', dueOn: `${year + 1}-03-31`, words: say(`${year} 年度年报`, `Annual report for ${year}`), year });
  const taken = new Set(open('change').flatMap(({ changes }) => changes.map(({ key }) => key)));
  for (const { change, dueOn } of changesDue(file))
    if (!taken.has(change.key))
      due.push({ kind: 'change', dueOn, words: say(`变更事项 ${change.key} 尚未立项`, `Change ${change.key} has no case`), year: 0 });
  return due;
}
