import { inWords, type Say, type Words } from '../../shared/domain/language.js';
import { rowsOf, textOf, type LicenceFile } from '../../shared/domain/licence/licence-file.js';

export const toBeConfirmed = (say: Say): string =>
  say('待主管通信管理局确认', 'to be confirmed with the competent communications administration (通信管理局)');

/** Interpretations of rules that nobody has confirmed (item 86). A document that relies on one says so until a person enters the answer. */
export const openPoints = {
  'licence-class': {
    zh: '业务种类按 B24-1（国内呼叫中心业务）填写；部分文章写作 B21，B21 为在线数据处理与交易处理业务。',
    en: 'The class is written as B24-1 (domestic call centre). Some articles say B21, which is on-line data and transaction processing.',
  },
  'technical-staff-number': {
    zh: '技术人员“不少于 3 人、社保满 3 个月”来自代办机构网页，未见于规章原文。',
    en: 'At least 3 technical staff with 3 months of social security comes from pages of agents, not from the text of a rule.',
  },
  'service-level-limit': {
    zh: '15 秒应答时限引自电信企业热线标准（36号令附录），对 B24 持证企业是否适用未确认，仅作基准。',
    en: 'The limit of 15 s is that of the hotlines of carriers (Order 36, annex). Whether it binds B24 licensees is not confirmed; it is a benchmark.',
  },
  'g107-exponent': {
    zh: 'ITU-T G.107 时延损伤 Idd 的指数取 6（sT = 1）；公开代码另有取 5 者。',
    en: 'The exponent of the delay impairment Idd of ITU-T G.107 is taken as 6 (sT = 1); public code exists that takes 5.',
  },
  'plan-change-rule': {
    zh: '组网技术方案变更前须向发证机关报告，出自 2004 年通知，是否现行有效以许可证特别规定事项为准。',
    en: 'That a change of the network plan is reported before it is made comes from a notice of 2004; the special terms of the licence decide.',
  },
  'security-organisation': {
    zh: '安全管理组织与制度要求在《电信业务经营许可管理办法》中的条款号未核实。',
    en: 'The article of Order 42 that asks for a security organisation and its rules is not verified.',
  },
  grading: {
    zh: '网络单元定级、评测与评估周期依据令11号的转述。',
    en: 'Grading of network units and the periods of its tests rest on quotations of Order 11.',
  },
  'licence-validity': {
    zh: '有效期五年及到期前 90 日续期，现行条款号未核实。',
    en: 'Five years of validity and renewal 90 days before the end: the article in force is not verified.',
  },
  'licence-display': {
    zh: '许可证编号公示要求的条款号未核实。',
    en: 'The article that asks to show the licence number is not verified.',
  },
  'monthly-report': { zh: 'B24 持证企业是否须报送月报未确认。', en: 'Whether B24 licensees must file a monthly report is not confirmed.' },
  'appeal-reply': {
    zh: '申诉答复期限 10 日的条款号未核实。',
    en: 'The article behind the 10 days for the reply to an appeal is not verified.',
  },
  'outbound-window': {
    zh: '外呼时段与频次数值来自运营商与厂商要求，部门规章没有给出数值。',
    en: 'Hours and frequencies of outbound calls are those of carriers and vendors; the rules of the ministry give no figures.',
  },
  'equipment-template': {
    zh: '设备清单与拓扑图没有找到官方模板，栏目为归纳的合集。',
    en: 'No official template of the equipment list and the topology was found; the columns are a collected superset.',
  },
} as const satisfies Record<string, Words>;
export type OpenPoint = keyof typeof openPoints;

/** Open points, each with its words. */
export function stillOpen(file: LicenceFile, say: Say): { readonly id: OpenPoint; readonly text: string }[] {
  const confirmed = new Set(rowsOf(file, 'confirmations').map((row) => textOf(row, 'pointId')));
  return (Object.keys(openPoints) as OpenPoint[])
    .filter((id) => !confirmed.has(id))
    .map((id) => ({ id, text: inWords(openPoints[id], say) }));
}
