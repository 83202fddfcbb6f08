import { withdrawalBasis } from '../../calls/consent-basis.js';
import type { Words } from '../../language.js';
import type { Rule } from './rule.js';

/** An article of the Cybersecurity Law that has a different number since 2026, with the same text. */
const renumbered = (before: number, now: number, asks: Words, item: Words = { zh: '', en: '' }): Rule => [
  {
    article: {
      zh: `《网络安全法》（2016 年文本）第 ${before} 条${item.zh}`,
      en: `Cybersecurity Law (text of 2016), Art. ${before}${item.en}`,
    },
    asks,
    seen: 'full-text',
  },
  {
    from: '2026-01-01',
    article: {
      zh: `《网络安全法》第 ${now} 条${item.zh}（2026 年以前为第 ${before} 条）`,
      en: `Cybersecurity Law, Art. ${now}${item.en} (${before} before 2026)`,
    },
    asks,
    seen: 'two-copies',
  },
];

/**
 * Network, data and personal information. The articles of the Cybersecurity Law have new numbers since 2026; what happened before is cited
 * with the old ones.
 */
export const securityRules = {
  'order-11': [
    {
      article: { zh: '《通信网络安全防护管理办法》（令11号）', en: 'Order 11 (protection of communication networks)' },
      asks: {
        zh: '网络单元定级备案；三级以上每年、二级每两年进行符合性评测和风险评估。',
        en: 'Network units are graded and filed; from grade 3 they are tested and assessed each year, in grade 2 every two years.',
      },
      seen: 'quoted',
      limits: { fromGrade3Years: 1, grade2Years: 2 },
    },
  ],
  'grade-accounts': [
    {
      article: { zh: 'GB/T 22239-2019 8.1.4.2', en: 'GB/T 22239-2019 8.1.4.2' },
      asks: {
        zh: '一人一账号，不共用；及时删除多余、过期的账号。',
        en: 'One account a person, none shared; those no longer needed are removed.',
      },
      seen: 'quoted',
    },
  ],
  'grade-clocks': [
    {
      article: { zh: 'GB/T 22239-2019 8.1.5.4', en: 'GB/T 22239-2019 8.1.5.4' },
      asks: { zh: '审计记录集中保存，时间一致。', en: 'Audit records are collected, with clocks that agree.' },
      seen: 'quoted',
    },
  ],
  'cyber-protection': renumbered(
    21,
    23,
    { zh: '采取防范病毒和网络攻击、侵入的技术措施。', en: 'Technical measures against malware, attack and intrusion.' },
    { zh: '（二）', en: '(2)' },
  ),
  'cyber-logs': renumbered(
    21,
    23,
    { zh: '网络日志留存不少于六个月。', en: 'Network logs are kept for at least six months.' },
    { zh: '（三）', en: '(3)' },
  ),
  'cyber-backup': renumbered(
    21,
    23,
    { zh: '重要数据备份和加密。', en: 'Important data are backed up and encrypted.' },
    { zh: '（四）', en: '(4)' },
  ),
  'cyber-plan': renumbered(25, 27, {
    zh: '制定网络安全事件应急预案并处置事件。',
    en: 'An emergency plan for incidents, and their handling.',
  }),
  'authority-requests': [
    {
      article: {
        zh: '《网络安全法》（2016 年文本）第 28 条；《反电信网络诈骗法》第 26 条',
        en: 'Cybersecurity Law (text of 2016), Art. 28; Anti-fraud Law, Art. 26',
      },
      asks: { zh: '为公安机关依法调查提供支持和协助。', en: 'The police are supported in their lawful investigations.' },
      seen: 'full-text',
    },
    {
      from: '2026-01-01',
      article: {
        zh: '《网络安全法》第 30 条（2026 年以前为第 28 条）；《反电信网络诈骗法》第 26 条',
        en: 'Cybersecurity Law, Art. 30 (28 before 2026); Anti-fraud Law, Art. 26',
      },
      asks: { zh: '为公安机关依法调查提供支持和协助。', en: 'The police are supported in their lawful investigations.' },
      seen: 'quoted',
    },
  ],
  'incident-report': [
    {
      article: { zh: '《网络数据安全管理条例》第 11 条', en: 'Network Data Regulations, Art. 11' },
      asks: {
        zh: '发生安全事件立即启动预案，按规定报告有关主管部门。',
        en: 'At an incident the plan begins at once and the authority is notified as its rules require.',
      },
      seen: 'full-text',
    },
    {
      from: '2025-11-01',
      article: {
        zh: '《国家网络安全事件报告管理办法》',
        en: 'Rules on the report of cybersecurity incidents (国家网络安全事件报告管理办法)',
      },
      asks: {
        zh: '较大以上事件 4 小时内报告省级网信部门；处置结束后 30 日内提交总结报告。',
        en: 'An incident of the class “larger” or above is reported to the provincial cyberspace administration within 4 hours; a summary follows within 30 days after its handling.',
      },
      seen: 'quoted',
      limits: { withinHours: 4, summaryDays: 30 },
    },
  ],
  'data-10': [
    {
      article: { zh: '《网络数据安全管理条例》第 10 条', en: 'Network Data Regulations, Art. 10' },
      asks: {
        zh: '发现危害国家安全、公共利益的安全缺陷、漏洞等风险，24 小时内报告有关主管部门。',
        en: 'A defect that endangers national security or the public interest is reported to the authority within 24 hours.',
      },
      seen: 'full-text',
      limits: { withinHours: 24 },
    },
  ],
  'data-12': [
    {
      article: { zh: '《网络数据安全管理条例》第 12 条', en: 'Network Data Regulations, Art. 12' },
      asks: {
        zh: '委托处理个人信息以合同约定，记录至少保存 3 年。',
        en: 'Processing for others rests on a contract; its records are kept for at least three years.',
      },
      seen: 'full-text',
    },
  ],
  'personal-15': [
    {
      article: withdrawalBasis,
      asks: {
        zh: '个人有权撤回同意，撤回的方式应当便捷；撤回不影响撤回前已进行的处理的效力。',
        en: 'A person may take a consent back, in an easy way; what was done on it before keeps its effect.',
      },
      seen: 'full-text',
    },
  ],
  'personal-55-56': [
    {
      article: { zh: '《个人信息保护法》第 55、56 条', en: 'Personal Information Protection Law, Art. 55 and 56' },
      asks: {
        zh: '对有重大影响的处理活动事前评估，报告保存至少三年。',
        en: 'Processing of great influence is assessed before; the report is kept for at least three years.',
      },
      seen: 'full-text',
    },
  ],
  'personal-57': [
    {
      article: { zh: '《个人信息保护法》第 57 条', en: 'Personal Information Protection Law, Art. 57' },
      asks: {
        zh: '个人信息泄露时立即补救，通知主管部门和个人；已能有效避免危害的，可以不通知个人。',
        en: 'A leak is remedied at once; the authority and the people affected are notified. People need not be notified if harm is effectively prevented.',
      },
      seen: 'full-text',
    },
  ],
} as const satisfies Record<string, Rule>;
