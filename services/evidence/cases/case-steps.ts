import type { CaseKind } from '../../shared/domain/licence/licence-case.js';
import { type Words, inWords } from '../../shared/domain/language.js';
import { addDays, type CalendarDate } from '../../shared/domain/time/calendar-date.js';
import { textOf } from '../../shared/domain/licence/licence-file.js';
import { cite, limit, type RuleId } from '../../shared/domain/licence/rules/rule-book.js';
import type { CaseContext, CaseItem, LicenceCase } from './case-types.js';

/** Who does what by when. */
export interface CaseStep {
  readonly id: string;
  readonly title: string;
  readonly who: string;
  /** Empty when no day is set. */
  readonly dueOn: CalendarDate;
  readonly doneOn: CalendarDate;
  /** `next`: the first step that is not done. */
  readonly state: 'done' | 'next' | 'open' | 'overdue';
  readonly basis: string;
  /** The field of the register `cases` that holds its date; null when the date is computed. */
  readonly field: string | null;
}

interface StepRule {
  readonly id: string;
  readonly title: Words;
  readonly who: 'company' | 'legal' | 'authority';
  readonly field: string | null;
  readonly basis?: RuleId;
  readonly dueOn?: (of: LicenceCase, dueOn: CalendarDate) => CalendarDate;
  readonly done?: (items: readonly CaseItem[]) => boolean;
}

const who: Readonly<Record<StepRule['who'], Words>> = {
  company: { zh: '合规专员', en: 'Compliance' },
  legal: { zh: '法定代表人', en: 'Legal representative' },
  authority: { zh: '主管部门', en: 'Authority' },
};

const before =
  (days: number) =>
  (_of: LicenceCase, dueOn: CalendarDate): CalendarDate =>
    dueOn === '' ? '' : addDays(dueOn, -days);
const settled = (item: CaseItem): boolean => item.state === 'ready' || item.state === 'not-needed';

const collect: StepRule = {
  id: 'collect',
  title: { zh: '补齐台账并上传材料', en: 'Complete the registers, upload the materials' },
  who: 'company',
  field: null,
  dueOn: before(10),
  done: (items) => items.filter(({ source }) => source !== 'signed').every(settled),
};
const sign: StepRule = {
  id: 'sign',
  title: { zh: '签字盖章并上传扫描件', en: 'Sign, seal, upload the scans' },
  who: 'legal',
  field: null,
  dueOn: before(5),
  done: (items) => items.filter(({ source }) => source === 'signed').every(settled),
};
const submit: StepRule = {
  id: 'submit',
  title: { zh: '生成申报文件，在管理平台提交', en: 'Make the bundle, hand it in on the platform' },
  who: 'company',
  field: 'submittedOn',
  dueOn: (_of, dueOn) => dueOn,
};
const corrections: StepRule = {
  id: 'corrections',
  title: { zh: '按补正通知补正（无补正通知则免）', en: 'Hand in corrections (if they are asked)' },
  who: 'company',
  field: 'correctedOn',
  dueOn: ({ row }) => textOf(row, 'correctionsDueOn'),
};
const accept: StepRule = {
  id: 'accept',
  title: { zh: '受理通知书', en: 'Notice of acceptance' },
  who: 'authority',
  field: 'acceptedOn',
};
const experts: StepRule = {
  id: 'accept',
  title: { zh: '初审、专家评审，发受理通知书', en: 'First review, experts, notice of acceptance' },
  who: 'authority',
  field: 'acceptedOn',
};
const visit: StepRule = { id: 'visit', title: { zh: '现场核查', en: 'Site visit' }, who: 'authority', field: 'visitOn' };
const decide: StepRule = {
  id: 'decide',
  title: { zh: '审查决定（自受理之日起 60 日）', en: 'Decision (60 days from acceptance)' },
  who: 'authority',
  field: 'decidedOn',
  basis: 'telecom-14',
  dueOn: ({ row }) => {
    const accepted = textOf(row, 'acceptedOn');
    return accepted === '' ? '' : addDays(accepted, limit('telecom-14', 'withinDays'));
  },
};
const close = (title: Words): StepRule => ({ id: 'close', title, who: 'company', field: 'closedOn' });

const stepRules: Readonly<Record<CaseKind, readonly StepRule[]>> = {
  application: [
    collect,
    sign,
    submit,
    corrections,
    accept,
    visit,
    decide,
    close({ zh: '领证、登记许可证并公示编号', en: 'Register the licence, show its number' }),
  ],
  renewal: [
    collect,
    sign,
    submit,
    corrections,
    accept,
    decide,
    close({ zh: '换领许可证并更新台账', en: 'Take the new licence, renew the register' }),
  ],
  change: [
    collect,
    sign,
    submit,
    corrections,
    accept,
    decide,
    close({ zh: '换领许可证、更新台账并存为报备基准', en: 'Renew the register, freeze the filing' }),
  ],
  'annual-report': [
    { ...collect, title: { zh: '补齐台账、填写业务收入', en: 'Complete the registers, enter the revenue' }, dueOn: before(30) },
    sign,
    { ...submit, title: { zh: '生成文件，在管理平台填报', en: 'Make the bundle, file it on the platform' } },
    close({ zh: '把证据包标记为已报送（冻结当年数据）', en: 'Mark the pack as filed (freezes the year)' }),
  ],
  inspection: [
    collect,
    sign,
    { id: 'hold', title: { zh: '现场检查', en: 'Visit' }, who: 'authority', field: 'visitOn', dueOn: ({ row }) => textOf(row, 'visitOn') },
    {
      id: 'correct',
      title: { zh: '提交整改报告（要求整改时）', en: 'Hand in the rectification report (if asked)' },
      who: 'company',
      field: 'correctedOn',
      dueOn: ({ row }) => textOf(row, 'correctionsDueOn'),
    },
    close({ zh: '检查办结', en: 'Inspection closed' }),
  ],
};

/** Steps that a case may skip, because nobody asked for corrections. */
const skipped = (id: string, { row }: LicenceCase): boolean =>
  (id === 'corrections' || id === 'correct') && textOf(row, 'correctionsOn') === '';

/** The steps of a case with their days, and the next one. Pure. */
export function stepsOf(of: LicenceCase, dueOn: CalendarDate, items: readonly CaseItem[], { today, say }: CaseContext): CaseStep[] {
  const nationwide = of.scope === 'nationwide' && of.kind === 'application';
  let hasNext = false;
  return stepRules[of.kind].map((plain): CaseStep => {
    const rule = nationwide && plain.id === 'accept' ? experts : plain;
    const due = rule.dueOn?.(of, dueOn) ?? '';
    const entered = rule.field === null ? '' : textOf(of.row, rule.field);
    // A planned visit has not taken place before its day.
    const doneOn = rule.field === 'visitOn' && entered > today ? '' : entered;
    const done = doneOn !== '' || rule.done?.(items) === true || textOf(of.row, 'closedOn') !== '';
    const next = !done && !hasNext && !skipped(rule.id, of);
    hasNext ||= next;
    return {
      id: rule.id,
      title: inWords(rule.title, say),
      who: inWords(who[rule.who], say),
      dueOn: due,
      doneOn,
      state: done ? 'done' : due !== '' && due < today && !skipped(rule.id, of) ? 'overdue' : next ? 'next' : 'open',
      basis: rule.basis === undefined ? '' : cite(rule.basis, say),
      field: rule.field,
    };
  });
}
