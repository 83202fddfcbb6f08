import type { Rule } from './rule.js';

/** Numbers, trunks, outbound calls, seats and the contracts behind them. */
export const resourceRules = {
  'number-rules': [
    {
      article: { zh: '《电信网码号资源管理办法》', en: 'Rules on number resources (码号资源管理办法)' },
      asks: {
        zh: '码号按分配文件启用、报告、缴费和退回。',
        en: 'Numbers are opened, reported, paid for and returned as their assignment says.',
      },
      seen: 'quoted',
    },
  ],
  'number-assignment': [
    {
      article: { zh: '95、96 号码的分配决定（《电信网码号资源管理办法》）', en: 'Assignment of a 95 or 96 number (码号资源管理办法)' },
      asks: {
        zh: '95、96 号码由持证企业自行申领：启用后 10 日内报告，每年报告使用情况，按期缴纳占用费。400 及普通号码由电信企业管理，不适用。',
        en: 'A 95 or 96 number belongs to the licensee: its opening is reported within 10 days, its use each year, its fee is paid. Numbers that a carrier holds (400, local) are the business of the carrier.',
      },
      seen: 'quoted',
      limits: { openingReportDays: 10 },
    },
  ],
  'number-rules-26': [
    {
      article: { zh: '《电信网码号资源管理办法》第 26 条', en: 'Rules on number resources (码号资源管理办法), Art. 26' },
      asks: {
        zh: '使用者的名称、地址等变更，告知码号分配机构。',
        en: 'The body that assigned the numbers is notified of a change of name or address.',
      },
      seen: 'quoted',
    },
  ],
  'notice-81': [
    {
      article: { zh: '信管〔2020〕81号', en: 'Notice 81 of 2020' },
      asks: {
        zh: '不得违规呼出；呼出须经用户同意，并留存录音、主被叫号码、拨打时间和用户同意凭证。',
        en: 'No call out against the rules; each with the consent of the user, its recording, both numbers, its time and the proof of consent.',
      },
      seen: 'quoted',
    },
  ],
  'plan-2018-11': [
    {
      article: { zh: '工信部 2018 年 11 月方案', en: 'Plan of November 2018' },
      asks: { zh: '普通号码用于呼出的，须说明理由。', en: 'An ordinary number that calls out needs a reason.' },
      seen: 'quoted',
    },
  ],
  'plan-2018': [
    {
      article: { zh: '2018 年十三部门方案（中继登记）', en: 'Plan of 13 ministries, 2018 (register of trunks)' },
      asks: { zh: '语音中继登记台账，列明允许传送的主叫号码。', en: 'A register of trunks that names the caller numbers each may send.' },
      seen: 'two-copies',
    },
  ],
  'anti-fraud-14': [
    {
      article: { zh: '《反电信网络诈骗法》第 14 条', en: 'Anti-fraud Law, Art. 14' },
      asks: {
        zh: '不得改变主叫号码、虚拟拨号或违规接入公用电信网。',
        en: 'No change of caller numbers, no virtual dialling, no irregular way into the public network.',
      },
      seen: 'full-text',
    },
  ],
  'register-and-use': [
    {
      article: { zh: '信管〔2020〕81号：登记与使用一致', en: 'Notice 81 of 2020: register and use agree' },
      asks: { zh: '实际使用的号码、中继与登记一致。', en: 'The numbers and trunks in use are those in the register.' },
      seen: 'quoted',
    },
  ],
  'equipment-and-use': [
    {
      article: { zh: '设备清单与实际设备一致', en: 'The equipment list agrees with what runs' },
      asks: { zh: '申报的设备与现场运行的设备一致。', en: 'What is declared is what runs on the site.' },
      seen: 'house',
    },
  ],
  'seats-declared': [
    {
      article: { zh: '年报与运营商登记的坐席数', en: "Seats of the annual report and of the carrier's register" },
      asks: { zh: '实际使用的坐席数不超过登记数。', en: 'No more seats are used than are declared.' },
      seen: 'quoted',
    },
  ],
  'seat-lease': [
    {
      article: { zh: '座席出租合同；《个人信息保护法》第 21 条', en: 'Lease of seats; Personal Information Protection Law, Art. 21' },
      asks: {
        zh: '出租坐席有书面合同，约定委托处理的目的、期限和保护措施。',
        en: 'A lease of seats is written and says for what, how long and how data are protected.',
      },
      seen: 'full-text',
    },
  ],
  'client-contract': [
    {
      article: { zh: '委托合同；《个人信息保护法》第 21 条', en: 'Contract of the client; Personal Information Protection Law, Art. 21' },
      asks: {
        zh: '与委托单位有书面合同，约定委托处理的目的、期限和保护措施。',
        en: 'A contract with each client unit says for what, how long and how data are protected.',
      },
      seen: 'full-text',
    },
  ],
} as const satisfies Record<string, Rule>;
