import type { Words } from '../language.js';
import type { AgentState } from './agent-state.js';

/** The reasons for states that are not the site's own: `by-supervisor` was set by one, the others by the product. */
export const agentReasonWords: Readonly<Record<string, Words>> = {
  'seat-lost': { zh: '语音中断', en: 'No audio' },
  'no-answer': { zh: '未接听来电', en: 'A call was not answered' },
  'row-not-called': { zh: '未在限时内拨打外呼名单', en: 'A row of a campaign was not called in time' },
  'by-supervisor': { zh: '由班长设置', en: 'Set by a supervisor' },
  'signed-out': { zh: '已签出', en: 'Signed out' },
};

/** The words of the pages, for tables. */
export const agentStateWords: Readonly<Record<AgentState, Words>> = {
  'signed-out': { zh: '未登录', en: 'Signed out' },
  away: { zh: '离开', en: 'Away' },
  break: { zh: '小休', en: 'Break' },
  ready: { zh: '就绪', en: 'Ready' },
  offered: { zh: '振铃', en: 'Ringing' },
  'on-call': { zh: '通话中', en: 'On a call' },
  'wrap-up': { zh: '话后处理', en: 'Wrap-up' },
};
