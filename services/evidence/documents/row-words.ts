import { inWords, type Say, type Words } from '../language.js';

/** Words of the values that the rows of other slices carry; what is new there is printed as it stands. */
export const named = (words: Readonly<Record<string, Words>>, value: string, say: Say): string =>
  words[value] === undefined ? value : inWords(words[value], say);

export const complaintStates: Readonly<Record<string, Words>> = {
  open: { zh: '待受理', en: 'open' },
  'in-hand': { zh: '处理中', en: 'in hand' },
  answered: { zh: '已答复', en: 'answered' },
  closed: { zh: '已办结', en: 'closed' },
};
export const complaintKinds: Readonly<Record<string, Words>> = {
  harassment: { zh: '骚扰来电', en: 'harassment' },
  'called-after-refusal': { zh: '拒绝后仍来电', en: 'called after refusal' },
  attitude: { zh: '服务态度', en: 'attitude' },
  waiting: { zh: '等待过久', en: 'waiting' },
  'information-leak': { zh: '信息泄露', en: 'information leak' },
  charging: { zh: '收费问题', en: 'charging' },
  other: { zh: '其他', en: 'other' },
};
export const complaintSources: Readonly<Record<string, Words>> = {
  phone: { zh: '电话', en: 'phone' },
  web: { zh: '网页', en: 'web' },
  mail: { zh: '邮件', en: 'mail' },
  letter: { zh: '信函', en: 'letter' },
  regulator: { zh: '监管转办', en: 'regulator' },
  'low-score': { zh: '低分回访', en: 'low score' },
};
export const proofOrigins: Readonly<Record<string, Words>> = {
  button: { zh: '页面', en: 'page' },
  command: { zh: '命令', en: 'command' },
  canary: { zh: '自动', en: 'automatic' },
};
