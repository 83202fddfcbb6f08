import type { Say } from '../../shared/domain/language.js';
import { listOf, numberOf, rowsOf, textOf, type LicenceFile, type LicenceRow } from '../../shared/domain/licence/licence-file.js';
import { addDays, addWorkingDays, daysBetween, yearOf, type CalendarDate } from '../../shared/domain/time/calendar-date.js';
import type { CheckContext } from './check-context.js';
import { cite, limit } from '../../shared/domain/licence/rules/rule-book.js';
import { changesDue } from './changes.js';
import { isAssigned } from './number-consistency.js';

export interface Duty {
  readonly id: string;
  readonly title: string;
  readonly dueOn: CalendarDate;
  /** The day from which work on the duty may or should begin. */
  readonly opensOn: CalendarDate;
  readonly basis: string;
  readonly urgency: 'overdue' | 'urgent' | 'soon' | 'later';
}

const SOON_DAYS = 60;
const URGENT_DAYS = 14;

type AddDuty = (id: string, title: string, dueOn: CalendarDate, opensOn: CalendarDate, basis: string) => void;
type DutiesOf = (file: LicenceFile, add: AddDuty, context: CheckContext) => void;

/** The calendar of duties (item 82), computed from the licence file. Completed duties are left out. */
export function dutiesOf(file: LicenceFile, context: CheckContext, filedYears: readonly number[] = []): Duty[] {
  const found: Omit<Duty, 'urgency'>[] = [];
  const add: AddDuty = (id, title, dueOn, opensOn, basis) => {
    if (dueOn !== '') found.push({ id, title, dueOn, opensOn, basis });
  };
  addLicence(file, add, context, filedYears);
  for (const addOf of [addNumbers, addChanges, addGradings, addContracts, addCompany, addStaff, addOwn]) addOf(file, add, context);
  return found
    .map((duty) => ({ ...duty, urgency: urgencyOf(daysBetween(context.today, duty.dueOn)) }))
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
}

/** Renewal and annual report. */
function addLicence(file: LicenceFile, add: AddDuty, { today, say }: CheckContext, filedYears: readonly number[]): void {
  const licence = rowsOf(file, 'licence')[0];
  const validUntil = textOf(licence, 'validUntil');
  if (validUntil !== '')
    add(
      'renewal',
      say(`许可证续期申请（有效期至 ${validUntil}）`, `Apply for renewal of the licence (valid until ${validUntil})`),
      addDays(validUntil, -limit('order-42-27', 'beforeDays')),
      addDays(validUntil, -2 * limit('order-42-27', 'beforeDays')),
      cite('order-42-27', say),
    );

  const year = yearOf(today);
  const reportedOn = textOf(
    rowsOf(file, 'stages').find(({ key }) => key === 'annual-report'),
    'endedOn',
  );
  // This year's window is for last year's report, unless it has been filed or there was no licence then.
  const settled = filedYears.includes(year - 1) || reportedOn >= `${year}-01-01` || textOf(licence, 'issuedOn') > `${year - 1}-12-31`;
  const reportIn = settled ? year + 1 : year;
  if (licence !== undefined)
    add(
      `annual-report-${reportIn}`,
      say(`${reportIn - 1} 年度年报`, `Annual report for ${reportIn - 1}`),
      `${reportIn}-03-31`,
      `${reportIn}-01-01`,
      cite('order-42-35', say),
    );
}

const addNumbers: DutiesOf = (file, add, { today, say }) => {
  const year = yearOf(today);
  for (const number of rowsOf(file, 'numbers')) {
    if (isAssigned(number)) addAssigned(number, year, add, say);
    add(
      `number-valid-${number.key}`,
      say(`号码 ${number.key} 使用期满`, `Number ${number.key}: end of its period of use`),
      textOf(number, 'validUntil'),
      addDays(textOf(number, 'validUntil') || today, -90),
      cite('number-rules', say),
    );
  }
};

/** The duties for one of the licensee's own numbers: the report of its opening, the yearly report and the fee. */
function addAssigned(number: LicenceRow, year: number, add: AddDuty, say: Say): void {
  const basis = cite('number-assignment', say);
  const opened = textOf(number, 'openedOn');
  if (opened !== '' && textOf(number, 'openingReportedOn') === '')
    add(
      `opening-${number.key}`,
      say(`号码 ${number.key} 启用报告`, `Opening report of number ${number.key}`),
      addDays(opened, limit('number-assignment', 'openingReportDays')),
      opened,
      basis,
    );
  if (opened !== '' && numberOf(number, 'yearlyReportYear') < year - 1 && yearOf(opened) < year)
    add(
      `number-report-${number.key}-${year}`,
      say(`号码 ${number.key} ${year - 1} 年度码号年报`, `Yearly report of number ${number.key} for ${year - 1}`),
      `${year}-03-31`,
      `${year}-01-01`,
      basis,
    );
  const paid = textOf(number, 'feePaidUntil');
  if (paid !== '')
    add(`number-fee-${number.key}`, say(`号码 ${number.key} 缴纳占用费`, `Number ${number.key}: fee due`), paid, addDays(paid, -30), basis);
}

/** Changes of the company and the licence, counted from the day that the law names: the decision, or the completed registration. */
const addChanges: DutiesOf = (file, add, { say }) => {
  for (const { change, rule, from, dueOn } of changesDue(file))
    add(
      `change-${change.key}`,
      say(`变更事项 ${change.key} 报发证机关`, `File change ${change.key} with the authority of the licence`),
      dueOn,
      from,
      cite(rule, say),
    );
};

const addGradings: DutiesOf = (file, add, { say }) => {
  for (const grading of rowsOf(file, 'gradings')) {
    const years = limit('order-11', numberOf(grading, 'grade') >= 3 ? 'fromGrade3Years' : 'grade2Years');
    const next = (last: string): CalendarDate => (last === '' ? addDays(textOf(grading, 'filedOn'), 90) : addDays(last, 365 * years));
    add(
      `conformity-${grading.key}`,
      say(`${grading.key} 符合性评测`, `${grading.key}: conformity test`),
      next(textOf(grading, 'conformityOn')),
      addDays(next(textOf(grading, 'conformityOn')), -60),
      cite('order-11', say),
    );
    add(
      `risk-${grading.key}`,
      say(`${grading.key} 安全风险评估`, `${grading.key}: risk assessment`),
      next(textOf(grading, 'riskOn')),
      addDays(next(textOf(grading, 'riskOn')), -60),
      cite('order-11', say),
    );
  }
};

const addContracts: DutiesOf = (file, add, { today, say }) => {
  for (const [register, field, title, basis] of [
    ['trunks', 'contractUntil', say('中继合同', 'Trunk contract'), cite('plan-2018', say)],
    ['clients', 'contractUntil', say('委托合同', 'Client contract'), cite('client-contract', say)],
    ['sites', 'leaseUntil', say('场地租约', 'Lease of the site'), cite('application-premises', say)],
  ] as const)
    for (const row of rowsOf(file, register))
      add(
        `${register}-${row.key}`,
        say(`${title} ${row.key} 到期`, `${title} ${row.key} ends`),
        textOf(row, field),
        addDays(textOf(row, field) || today, -60),
        basis,
      );
};

/** The yearly drill, and what must be reported to the allocator of numbers. */
const addCompany: DutiesOf = (file, add, { isWorkday, say }) => {
  const drills = rowsOf(file, 'drills');
  const lastDrill =
    drills
      .map((drill) => textOf(drill, 'heldOn'))
      .sort()
      .at(-1) ?? '';
  if (lastDrill !== '')
    add(
      'drill',
      say('年度应急演练', 'Yearly emergency drill'),
      addDays(lastDrill, limit('house-rule', 'drillEveryDays')),
      addDays(lastDrill, limit('house-rule', 'drillEveryDays') - 65),
      cite('cyber-plan', say),
    );
  const company = rowsOf(file, 'company')[0];
  const changed = textOf(company, 'addressChangedOn');
  if (changed !== '' && textOf(company, 'allocatorToldOn') < changed)
    add(
      'allocator',
      say('告知码号分配机关地址变更', 'Tell the number allocator about the change of address'),
      addWorkingDays(changed, 10, isWorkday),
      changed,
      cite('number-rules-26', say),
    );
};

const addStaff: DutiesOf = (file, add, { say }) => {
  for (const person of rowsOf(file, 'staff')) {
    if (textOf(person, 'leftOn') !== '') continue;
    const last = rowsOf(file, 'trainings')
      .filter((training) => listOf(training, 'attendees').includes(person.key))
      .map((training) => textOf(training, 'on'))
      .sort()
      .at(-1);
    if (last !== undefined)
      add(
        `training-${person.key}`,
        say(`员工 ${person.key} 年度培训`, `Yearly training of staff ${person.key}`),
        addDays(last, 365),
        addDays(last, 305),
        cite('training', say),
      );
  }
};

/** Duties that the company has entered itself. */
const addOwn: DutiesOf = (file, add) => {
  for (const row of rowsOf(file, 'duties'))
    if (textOf(row, 'doneOn') === '')
      add(`own-${row.key}`, textOf(row, 'title'), textOf(row, 'dueOn'), textOf(row, 'dueOn'), textOf(row, 'basis'));
};

const urgencyOf = (daysLeft: number): Duty['urgency'] =>
  daysLeft < 0 ? 'overdue' : daysLeft <= URGENT_DAYS ? 'urgent' : daysLeft <= SOON_DAYS ? 'soon' : 'later';
