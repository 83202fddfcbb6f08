import type { Words } from '../shared/domain/language.js';
import type { DrillGap, DrillTopic } from './drill.js';

export const topicWords: Readonly<Record<DrillTopic, Words>> = {
  call: { zh: '通话', en: 'Call' },
  consent: { zh: '用户同意凭证', en: 'Proof of consent' },
  seat: { zh: '坐席', en: 'Seat' },
  staff: { zh: '人员', en: 'Staff' },
  device: { zh: '设备', en: 'Device' },
  rule: { zh: '管理制度', en: 'Rule' },
};

/** The questions of an inspector about an item of a topic. */
export const askWords: Readonly<Record<DrillTopic, Words>> = {
  call: { zh: '调取话单，播放录音，核对哈希值', en: 'Find the record, play the recording, compare its hash' },
  consent: { zh: '出示同意凭证原件', en: 'Show the original' },
  seat: { zh: '到座位核对坐席号、终端资产编号和使用账号', en: 'At the seat: its number, its terminal, the account that uses it' },
  staff: { zh: '出示劳动合同、社保证明、保密协议和反诈培训记录', en: 'Contract, social security, confidentiality, anti-fraud training' },
  device: { zh: '到现场核对设备与资产标签', en: 'At the device: what it is, and its label' },
  rule: { zh: '出示经批准的制度文本和复审记录', en: 'The approved text and the record of its review' },
};

export const gapWords: Readonly<Record<DrillGap, Words>> = {
  'no-recording': { zh: '没有录音', en: 'There is no recording.' },
  'recording-deleted': { zh: '录音未满保存期限即被删除', en: 'The recording was deleted before its time was over.' },
  'no-original': { zh: '没有上传同意凭证原件', en: 'No original of the consent was uploaded.' },
  'no-site': { zh: '坐席台账未写明场地，或场地未登记', en: 'The seat names no registered site.' },
  'no-account': { zh: '坐席台账未写明使用账号', en: 'The seat names no account.' },
  'no-terminal': { zh: '坐席台账未写明终端资产编号', en: 'The seat names no terminal.' },
  'contract-over': { zh: '劳动合同已到期', en: 'The employment contract has ended.' },
  'no-confidentiality': { zh: '未登记保密协议', en: 'No confidentiality agreement is registered.' },
  'no-anti-fraud': { zh: '近一年没有反诈培训记录', en: 'No anti-fraud training within a year.' },
  'not-seen': { zh: '已登记，未探测到', en: 'Registered, and no probe sees it.' },
  'no-file': { zh: '没有上传制度文本', en: 'The text of the rule was not uploaded.' },
  'review-overdue': { zh: '超过一年未复审', en: 'Not reviewed for more than a year.' },
};
