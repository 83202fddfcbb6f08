import { caseItems, caseNames } from '../../shared/domain/licence/licence-case.js';
import { provinces } from '../../shared/domain/numbers/province.js';
import { column, must } from '../field.js';
import type { Register } from '../register.js';

/**
 * Licence cases: what is applied for, reported or inspected, with the dates from which its periods run. Evidence computes the checklist.
 */
export const caseRegisters = {
  cases: {
    title: { zh: '许可事项', en: 'Licence cases' },
    keyField: 'caseId',
    fields: [
      column('caseId', '事项编号', 'Case', 'text', { required: true, pattern: /^[\w-]{1,40}$/ }),
      { ...column('kind', '事项类别', 'Kind', 'choice', { required: true }), choices: caseNames },
      column('scope', '覆盖范围', 'Coverage', 'choice', {
        required: true,
        choices: { provincial: ['省内（地网）', 'One province'], nationwide: ['全国（全网）', 'Nationwide'] },
      }),
      { ...column('province', '省份', 'Province', 'choice', { reads: 'province' }), choices: provinces },
      column('year', '年报年度', 'Year of the report', 'integer'),
      column('changes', '变更编号（“变更事项”台账）', 'Changes (register "Changes to be filed")', 'list'),
      column('owner', '负责人', 'Responsible'),
      column('openedOn', '立项日期', 'Opened on', 'date', must),
      column('plannedOn', '计划提交日期', 'Planned submission', 'date'),
      column('noticeOn', '检查通知日期', 'Notice of inspection', 'date'),
      column('submittedOn', '网上提交日期', 'Submitted on', 'date'),
      column('receiptNumber', '平台回执编号', 'Receipt of the platform'),
      column('correctionsOn', '补正通知日期', 'Corrections asked on', 'date'),
      column('correctionsDueOn', '补正期限', 'Corrections due on', 'date'),
      column('correctedOn', '补正提交日期', 'Corrections handed in on', 'date'),
      column('corrections', '补正内容', 'Corrections', 'long-text'),
      column('acceptedOn', '受理日期', 'Accepted on', 'date'),
      column('acceptanceNumber', '受理通知书编号', 'Notice of acceptance'),
      column('visitOn', '现场核查（检查）日期', 'Site visit on', 'date'),
      column('decidedOn', '决定日期', 'Decided on', 'date'),
      column('closedOn', '办结日期', 'Closed on', 'date'),
      column('revenueCny', '业务收入（元，年报）', 'Revenue (CNY, annual report)', 'number'),
      { ...column('notNeeded', '不适用材料', 'Materials that are not needed', 'list'), choices: caseItems },
      column('note', '说明', 'Note', 'long-text'),
    ],
  },
} as const satisfies Record<string, Register>;
