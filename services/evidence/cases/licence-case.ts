import { caseItems, caseKinds, type CaseKind } from '../../shared/domain/licence/licence-case.js';
import { inWords, type Say, type Words } from '../../shared/domain/language.js';
import { addDays, daysBetween, type CalendarDate } from '../../shared/domain/time/calendar-date.js';
import { changeDays } from '../checks/changes.js';
import type { SelfCheck } from '../checks/self-check.js';
import { sixGapsOfRegisters, sixItemIds } from '../checks/six-gaps.js';
import {
  flagOf,
  listOf,
  numberOf,
  rowsOf,
  textOf,
  type LicenceFile,
  type LicenceRow,
  type RowFile,
} from '../../shared/domain/licence/licence-file.js';
import { cite, limit, type RuleId } from '../../shared/domain/licence/rules/rule-book.js';
import { holdersOf, openEnds } from '../documents/share-chart.js';
import { caseRules, isCompanyPaper, type ItemRule } from './case-rules.js';
import type { CaseContext, CaseItem, ItemState, LicenceCase } from './case-types.js';
import { stepsOf, type CaseStep } from './case-steps.js';

export interface ShownCase {
  readonly caseId: string;
  readonly kind: CaseKind;
  readonly scope: SelfCheck['scope'];
  readonly province: string;
  readonly year: number;
  readonly title: string;
  /** The authority to which the case is addressed. */
  readonly authority: string;
  readonly owner: string;
  readonly openedOn: CalendarDate;
  readonly closedOn: CalendarDate;
  /** The last day of submission; empty while the date from which it runs is missing. */
  readonly dueOn: CalendarDate;
  readonly dueWords: string;
  readonly basis: string;
  readonly urgency: 'overdue' | 'urgent' | 'soon' | 'later' | 'closed';
  readonly ready: number;
  readonly steps: readonly CaseStep[];
  readonly items: readonly CaseItem[];
}

const SOON_DAYS = 60;
const URGENT_DAYS = 14;
/** Without a legal day a case is planned for a month after its opening. */
const PLANNED_DAYS = 30;
/** Any other year is a typing error. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2999;
const SIGN_BEFORE_DAYS = 5;
const UPLOAD_BEFORE_DAYS = 10;

/** Municipalities and autonomous regions name their authority differently from provinces. */
const MUNICIPALITIES = new Set(['北京', '天津', '上海', '重庆']);
const REGIONS: Readonly<Record<string, string>> = {
  内蒙古: '内蒙古自治区',
  广西: '广西壮族自治区',
  西藏: '西藏自治区',
  宁夏: '宁夏回族自治区',
  新疆: '新疆维吾尔自治区',
};

/** The addressee of a case: the ministry for the whole country, otherwise the administration of the province. */
export function authorityOf(scope: SelfCheck['scope'], province: string, say: Say): string {
  if (scope === 'nationwide') return say('工业和信息化部', 'Ministry of Industry and Information Technology');
  if (province === '') return say('__________通信管理局', '__________ communications administration');
  const whole = MUNICIPALITIES.has(province) ? `${province}市` : (REGIONS[province] ?? `${province}省`);
  return say(`${whole}通信管理局`, `Communications administration of ${province}`);
}

/** Every case of the licence file, newest first. Rows of an unknown kind are left out. */
export function casesOf(file: LicenceFile): LicenceCase[] {
  const foreign =
    flagOf(rowsOf(file, 'company')[0], 'foreignInvested') || rowsOf(file, 'shareholders').some((row) => textOf(row, 'kind') === 'foreign');
  return rowsOf(file, 'cases')
    .flatMap((row): LicenceCase[] => {
      const kind = caseKinds.find((each) => each === textOf(row, 'kind'));
      if (kind === undefined) return [];
      const chosen = listOf(row, 'changes');
      const changes = rowsOf(file, 'changes').filter(
        (change) => kind === 'change' && (chosen.length === 0 ? isOfItsTime(change, row) : chosen.includes(change.key)),
      );
      const scope = textOf(row, 'scope') === 'nationwide' ? ('nationwide' as const) : ('provincial' as const);
      return [
        {
          caseId: row.key,
          kind,
          scope,
          province: scope === 'nationwide' ? '' : textOf(row, 'province'),
          year: yearIn(row),
          changes,
          changeKinds: changes.map((change) => textOf(change, 'kind')),
          foreign,
          row,
        },
      ];
    })
    .sort((a, b) => (textOf(a.row, 'openedOn') > textOf(b.row, 'openedOn') ? -1 : 1));
}

/** For a case that names no changes: while it is open, the changes that are not filed yet, and those that were filed during it. */
function isOfItsTime(change: LicenceRow, row: LicenceRow): boolean {
  const [filedOn, closedOn] = [textOf(change, 'filedOn'), textOf(row, 'closedOn')];
  return filedOn === '' ? closedOn === '' : filedOn >= textOf(row, 'openedOn') && (closedOn === '' || filedOn <= closedOn);
}

/** The year of a report as a number that can be part of a date; 0 for any other text. */
function yearIn(row: LicenceCase['row']): number {
  const year = numberOf(row, 'year');
  return year >= FIRST_YEAR && year <= LAST_YEAR ? year : 0;
}

interface Due {
  readonly dueOn: CalendarDate;
  readonly words: string;
  readonly basis: RuleId;
}

/** The last day of submission, from the date that the law names. */
function dueOf(of: LicenceCase, file: LicenceFile, say: Say): Due {
  const opened = textOf(of.row, 'openedOn');
  const planned = textOf(of.row, 'plannedOn');
  switch (of.kind) {
    case 'application':
      return {
        dueOn: planned || addDays(opened, PLANNED_DAYS),
        words: planned === '' ? say('立项后 30 日（自定）', '30 days after opening (own plan)') : say('计划提交日期（自定）', 'Own plan'),
        basis: 'application-materials',
      };
    case 'renewal': {
      const until = textOf(rowsOf(file, 'licence')[0], 'validUntil');
      const days = limit('order-42-27', 'beforeDays');
      return until === ''
        ? { dueOn: '', words: say('许可证有效期未登记', 'The end of the licence is not registered'), basis: 'order-42-27' }
        : {
            dueOn: addDays(until, -days),
            words: say(`有效期至 ${until}，届满 ${days} 日前申请`, `Valid until ${until}; applied for ${days} days before`),
            basis: 'order-42-27',
          };
    }
    case 'change': {
      // When all changes are filed, the case still shows the day that it had before.
      const open = of.changes.filter((change) => textOf(change, 'filedOn') === '');
      const due = changeDays(open.length === 0 ? of.changes : open).sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))[0];
      return due === undefined
        ? {
            dueOn: '',
            words: say('“变更事项”台账缺决定日期或公司登记完成日期', 'The date of the decision or of the registration is not entered'),
            basis: 'order-42-28',
          }
        : {
            dueOn: due.dueOn,
            words:
              due.rule === 'order-42-28'
                ? say(`自 ${due.from} 公司作出决定之日起 30 日`, `30 days from the decision of ${due.from}`)
                : say(`自 ${due.from} 完成公司登记之日起 30 日`, `30 days from the registration of ${due.from}`),
            basis: due.rule,
          };
    }
    case 'annual-report':
      return of.year === 0
        ? { dueOn: '', words: say('年报年度未登记', 'The year is not entered'), basis: 'order-42-35' }
        : {
            dueOn: `${of.year + 1}-03-31`,
            words: say(`${of.year + 1} 年 1 月 1 日至 3 月 31 日报送`, `Filed from 1 January to 31 March ${of.year + 1}`),
            basis: 'order-42-35',
          };
    case 'inspection': {
      const visit = textOf(of.row, 'visitOn');
      return {
        dueOn: visit,
        words: visit === '' ? say('检查日期未登记', 'The day is not entered') : say('检查日期', 'Day of the visit'),
        basis: 'notice-81',
      };
    }
  }
}

const noRow: Readonly<Record<string, Words>> = {
  company: { zh: '“公司”台账没有登记', en: 'The register of the company is empty' },
  licence: { zh: '“经营许可证”台账没有登记', en: 'The register of the licence is empty' },
};

/** Forms that state the number that is answered day and night. */
const FORMS_WITH_PHONE: ReadonlySet<string> = new Set(['application-form', 'renewal-form', 'company-overview']);

function gapsOf(
  rule: ItemRule,
  of: LicenceCase,
  file: LicenceFile,
  check: SelfCheck | undefined,
  { say, today, findings = [] }: CaseContext,
): string[] {
  const registers = (rule.registers ?? [])
    .filter((name) => rowsOf(file, name).length === 0)
    .map((name) => {
      const title = file[name]?.title;
      return inWords(noRow[name] ?? { zh: `“${title?.zh ?? name}”台账没有登记`, en: `The register "${title?.en ?? name}" is empty` }, say);
    });
  const conditions = (check?.conditions ?? [])
    .filter(({ id, state }) => state !== 'met' && (rule.conditions ?? []).includes(id))
    .map(({ title, missing }) => say(`${title}：${missing}`, `${title}: ${missing}`));
  const ends = rule.id === 'shareholding' ? openEnds(holdersOf(file)) : [];
  const until = isCompanyPaper(rule.id) && ownFiles(rule, of).length === 0 ? textOf(paperOf(rule, file), 'validUntil') : '';
  const six = sixItemIds.find((id) => id === rule.id);
  // The system does not know the revenue; 0 is a valid one.
  const lacksRevenue = rule.id === 'annual-report' && typeof of.row.values['revenueCny'] !== 'number';
  // A person writes this number on the form: the authority calls it at night.
  const company = rowsOf(file, 'company')[0];
  const lacksPhone = FORMS_WITH_PHONE.has(rule.id) && company !== undefined && textOf(company, 'emergencyPhone') === '';
  return [
    ...registers,
    ...conditions,
    ...(lacksPhone ? [say('“公司”台账缺24小时应急电话', 'The register of the company has no 24 h phone')] : []),
    ...(six === undefined ? [] : sixGapsOfRegisters(six, file, findings, say)),
    ...(until !== '' && until < today ? [say(`材料有效期至 ${until}，已过期`, `It was valid until ${until}`)] : []),
    ...(lacksRevenue ? [say('业务收入未填写', 'The revenue is not entered')] : []),
    ...ends.map((name) =>
      say(
        `股东“${name}”须登记其股东，追溯至自然人或国有`,
        `The holders of "${name}" are to be registered, up to natural persons or the state`,
      ),
    ),
  ];
}

/** No uploaded file replaces what the system makes. */
const ownFiles = ({ id, source }: ItemRule, { row }: LicenceCase): readonly RowFile[] =>
  source === 'made' ? [] : (row.files ?? []).filter(({ item }) => item === id);

const paperOf = ({ id }: ItemRule, file: LicenceFile): LicenceRow | undefined => rowsOf(file, 'materials').find(({ key }) => key === id);

/** Files of an item: of the case itself, otherwise the company's papers. */
function filesOf(rule: ItemRule, of: LicenceCase, file: LicenceFile): readonly RowFile[] {
  const own = ownFiles(rule, of);
  return own.length > 0 || !isCompanyPaper(rule.id) ? own : (paperOf(rule, file)?.files ?? []);
}

/** A paper of the company goes into the register of materials, where the next case finds it. */
const uploadOf = (rule: ItemRule, of: LicenceCase, file: LicenceFile): CaseItem['uploadTo'] =>
  isCompanyPaper(rule.id)
    ? { register: 'materials', key: rule.id, rowExists: rowsOf(file, 'materials').some(({ key }) => key === rule.id) }
    : { register: 'cases', key: of.caseId, item: rule.id, rowExists: true };

const isNotAsked = ({ asked }: ItemRule, of: LicenceCase, files: readonly RowFile[]): boolean =>
  asked !== undefined && !asked(of) && files.length === 0;

function stateOf(rule: ItemRule, notNeeded: boolean, gaps: readonly string[], files: readonly RowFile[]): ItemState {
  if (notNeeded && rule.optional === true) return 'not-needed';
  switch (rule.source) {
    case 'uploaded':
      return files.length === 0 ? 'missing' : gaps.length > 0 ? 'incomplete' : 'ready';
    case 'made':
      return gaps.length > 0 ? 'incomplete' : 'ready';
    case 'signed':
      return gaps.length > 0 ? 'incomplete' : files.length > 0 ? 'ready' : 'to-sign';
    case 'edited':
      return gaps.length > 0 ? 'incomplete' : files.length > 0 ? 'ready' : 'to-edit';
  }
}

/** The materials of a case with their states, in the order of submission. */
export function itemsOf(of: LicenceCase, file: LicenceFile, dueOn: CalendarDate, context: CaseContext): CaseItem[] {
  const { say, selfChecks } = context;
  const check = selfChecks.find(({ scope }) => scope === of.scope);
  const notNeeded = listOf(of.row, 'notNeeded');
  return caseRules[of.kind]
    .filter(({ when }) => when === undefined || when(of))
    .map((rule): CaseItem => {
      const files = filesOf(rule, of, file);
      const gaps = gapsOf(rule, of, file, check, context);
      const before = rule.source === 'signed' ? SIGN_BEFORE_DAYS : UPLOAD_BEFORE_DAYS;
      return {
        id: rule.id,
        title: inWords(caseItems[rule.id], say),
        source: rule.source,
        state: stateOf(rule, notNeeded.includes(rule.id) || isNotAsked(rule, of, files), gaps, files),
        who: inWords(rule.who, say),
        dueOn: dueOn === '' ? '' : addDays(dueOn, -before),
        basis: cite(rule.basis, say),
        gaps,
        files,
        uploadTo: rule.source === 'made' ? null : uploadOf(rule, of, file),
        optional: rule.optional === true,
      };
    });
}

/** A case with its checklist, its steps and its last day, as of today. Pure. */
export function showCase(of: LicenceCase, file: LicenceFile, context: CaseContext): ShownCase {
  const { say, today } = context;
  const due = dueOf(of, file, say);
  const items = itemsOf(of, file, due.dueOn, context);
  const closedOn = textOf(of.row, 'closedOn');
  const submitted = textOf(of.row, 'submittedOn') !== '';
  const left = due.dueOn === '' ? Number.POSITIVE_INFINITY : daysBetween(today, due.dueOn);
  const label = file['cases']?.columns.findIndex(({ key }) => key === 'kind') ?? -1;
  return {
    caseId: of.caseId,
    kind: of.kind,
    scope: of.scope,
    province: of.province,
    year: of.year,
    title: `${label < 0 ? of.kind : (of.row.shown[label] ?? of.kind)}${of.year === 0 ? '' : ` ${of.year}`}`,
    authority: authorityOf(of.scope, of.province, say),
    owner: textOf(of.row, 'owner'),
    openedOn: textOf(of.row, 'openedOn'),
    closedOn,
    dueOn: due.dueOn,
    dueWords: due.words,
    basis: cite(due.basis, say),
    urgency:
      closedOn !== '' || submitted
        ? closedOn === ''
          ? 'later'
          : 'closed'
        : left < 0
          ? 'overdue'
          : left <= URGENT_DAYS
            ? 'urgent'
            : left <= SOON_DAYS
              ? 'soon'
              : 'later',
    ready: items.filter(({ state }) => state === 'ready' || state === 'not-needed').length,
    steps: stepsOf(of, due.dueOn, items, context),
    items,
  };
}
