import { listOf, numberOf, rowsOf, textOf, type LicenceFile } from '../licence-file.js';
import { addDays, addWorkingDays, daysBetween, yearOf, type CalendarDate } from './calendar-date.js';

export interface Duty {
  readonly id: string;
  readonly title: string;
  readonly dueOn: CalendarDate;
  /** From when it may or should be worked on. */
  readonly opensOn: CalendarDate;
  readonly basis: string;
  readonly urgency: 'overdue' | 'urgent' | 'soon' | 'later';
}

const SOON_DAYS = 60;
const URGENT_DAYS = 14;

/** The calendar of duties (item 82), computed from the licence file; what is done is left out. */
export function dutiesOf(file: LicenceFile, today: CalendarDate, isWorkday: (date: CalendarDate) => boolean): Duty[] {
  const found: Omit<Duty, 'urgency'>[] = [];
  const add = (id: string, title: string, dueOn: CalendarDate, opensOn: CalendarDate, basis: string): void => {
    if (dueOn !== '') found.push({ id, title, dueOn, opensOn, basis });
  };
  const licence = rowsOf(file, 'licence')[0];
  const validUntil = textOf(licence, 'validUntil');
  if (validUntil !== '')
    add('renewal', `许可证续期申请(有效期至 ${validUntil})`, addDays(validUntil, -90), addDays(validUntil, -180), '电信条例15 / 82 [G]');

  const year = yearOf(today);
  const reportedOn = textOf(
    rowsOf(file, 'stages').find(({ key }) => key === 'annual-report'),
    'endedOn',
  );
  // This year's window asks for last year, unless it has been reported or there was no licence then.
  const settled = reportedOn >= `${year}-01-01` || textOf(licence, 'issuedOn') > `${year - 1}-12-31`;
  const reportIn = settled ? year + 1 : year;
  if (licence !== undefined)
    add(`annual-report-${reportIn}`, `${reportIn - 1} 年度年报`, `${reportIn}-03-31`, `${reportIn}-01-01`, '42号令35 [S] / 81');

  for (const number of rowsOf(file, 'numbers')) {
    const opened = textOf(number, 'openedOn');
    if (opened !== '' && textOf(number, 'openingReportedOn') === '')
      add(`opening-${number.key}`, `号码 ${number.key} 启用报告`, addDays(opened, 10), opened, '码号办法 / 47');
    if (opened !== '' && numberOf(number, 'yearlyReportYear') < year - 1 && yearOf(opened) < year)
      add(`number-report-${number.key}-${year}`, `号码 ${number.key} ${year - 1} 年度码号年报`, `${year}-03-31`, `${year}-01-01`, '47');
    add(
      `number-valid-${number.key}`,
      `号码 ${number.key} 使用期满`,
      textOf(number, 'validUntil'),
      addDays(textOf(number, 'validUntil') || today, -90),
      '47',
    );
    add(
      `number-fee-${number.key}`,
      `号码 ${number.key} 缴纳占用费`,
      textOf(number, 'feePaidUntil'),
      addDays(textOf(number, 'feePaidUntil') || today, -30),
      '47',
    );
  }
  for (const grading of rowsOf(file, 'gradings')) {
    const years = numberOf(grading, 'grade') >= 3 ? 1 : 2;
    const next = (last: string): CalendarDate => (last === '' ? addDays(textOf(grading, 'filedOn'), 90) : addDays(last, 365 * years));
    add(
      `conformity-${grading.key}`,
      `${grading.key} 符合性评测`,
      next(textOf(grading, 'conformityOn')),
      addDays(next(textOf(grading, 'conformityOn')), -60),
      '令11号 [T] / 66',
    );
    add(
      `risk-${grading.key}`,
      `${grading.key} 安全风险评估`,
      next(textOf(grading, 'riskOn')),
      addDays(next(textOf(grading, 'riskOn')), -60),
      '令11号 [T] / 66',
    );
  }
  for (const [register, field, title, basis] of [
    ['trunks', 'contractUntil', '中继合同', '48'],
    ['clients', 'contractUntil', '委托合同', '43'],
    ['sites', 'leaseUntil', '场地租约', '6.1'],
  ] as const)
    for (const row of rowsOf(file, register))
      add(`${register}-${row.key}`, `${title} ${row.key} 到期`, textOf(row, field), addDays(textOf(row, field) || today, -60), basis);
  const drills = rowsOf(file, 'drills');
  const lastDrill =
    drills
      .map((drill) => textOf(drill, 'heldOn'))
      .sort()
      .at(-1) ?? '';
  if (lastDrill !== '') add('drill', '年度应急演练', addDays(lastDrill, 365), addDays(lastDrill, 300), '63');
  const company = rowsOf(file, 'company')[0];
  const changed = textOf(company, 'addressChangedOn');
  if (changed !== '' && textOf(company, 'allocatorToldOn') < changed)
    add('allocator', '告知码号分配机关地址变更', addWorkingDays(changed, 10, isWorkday), changed, '码号办法26 [S] / 52');
  for (const person of rowsOf(file, 'staff')) {
    if (textOf(person, 'leftOn') !== '') continue;
    const last = rowsOf(file, 'trainings')
      .filter((training) => listOf(training, 'attendees').includes(person.key))
      .map((training) => textOf(training, 'on'))
      .sort()
      .at(-1);
    if (last !== undefined) add(`training-${person.key}`, `员工 ${person.key} 年度培训`, addDays(last, 365), addDays(last, 305), '44');
  }
  for (const row of rowsOf(file, 'duties'))
    if (textOf(row, 'doneOn') === '')
      add(`own-${row.key}`, textOf(row, 'title'), textOf(row, 'dueOn'), textOf(row, 'dueOn'), textOf(row, 'basis'));
  return found
    .map((duty) => ({ ...duty, urgency: urgencyOf(daysBetween(today, duty.dueOn)) }))
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
}

const urgencyOf = (daysLeft: number): Duty['urgency'] =>
  daysLeft < 0 ? 'overdue' : daysLeft <= URGENT_DAYS ? 'urgent' : daysLeft <= SOON_DAYS ? 'soon' : 'later';
