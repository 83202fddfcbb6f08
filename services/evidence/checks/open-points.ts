import { rowsOf, textOf, type LicenceFile } from '../licence-file.js';

export const TO_BE_CONFIRMED = '待主管通信管理局确认';

/** Readings of rules that nobody has confirmed (item 86). A document that rests on one says so until a person enters the answer. */
export const openPoints = {
  'licence-class': '业务种类按 B24-1(国内呼叫中心业务)填写;部分文章写作 B21,B21 为在线数据处理与交易处理业务。',
  'technical-staff-number': '技术人员"不少于 3 人、社保满 3 个月"来自代办机构网页,未见于规章原文。',
  'service-level-limit': '15 秒应答时限引自电信企业热线标准(36号令附录),对 B24 持证企业是否适用未确认,仅作基准。',
  'g107-exponent': 'ITU-T G.107 时延损伤 Idd 的指数取 6(sT = 1);公开代码另有取 5 者。',
  'plan-change-rule': '组网技术方案变更前须向发证机关报告,出自 2004 年通知,是否现行有效以许可证特别规定事项为准。',
  'security-organisation': '安全管理组织与制度要求在 42号令中的条款号未核实。',
  grading: '网络单元定级、评测与评估周期依据令11号的转述。',
  'licence-validity': '有效期五年及到期前 90 日续期,现行条款号未核实。',
  'licence-display': '许可证编号公示要求的条款号未核实。',
  'monthly-report': 'B24 持证企业是否须报送月报未确认。',
  'appeal-reply': '申诉答复期限 10 日的条款号未核实。',
  'outbound-window': '外呼时段与频次数值来自运营商与厂商要求,部门规章没有给出数值。',
  'equipment-template': '设备清单与拓扑图没有找到官方模板,栏目为归纳的合集。',
} as const;
export type OpenPoint = keyof typeof openPoints;

/** Points that still stand open, each with its words. */
export function stillOpen(file: LicenceFile): { readonly id: OpenPoint; readonly text: string }[] {
  const confirmed = new Set(rowsOf(file, 'confirmations').map((row) => textOf(row, 'pointId')));
  return (Object.keys(openPoints) as OpenPoint[]).filter((id) => !confirmed.has(id)).map((id) => ({ id, text: openPoints[id] }));
}
