import type { Words } from '../language.js';
import type { AgentState } from './agent-state.js';

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
