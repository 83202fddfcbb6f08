import type { Words } from '../language.js';
import type { LineGap } from './filters.js';

/** Behind the names of the figures that the lines of a report do not have: why. */
export const gapWords: Readonly<Record<LineGap, Words>> = {
  'not-answered': {
    zh: '：以全部来电为口径，未接听的来电不属于任何坐席，按坐席或班组统计时不显示。',
    en: ': about all callers. A caller whom nobody answered belongs to no agent, so there is no such figure by agent or team.',
  },
  'no-result': {
    zh: '：以全部来电为口径，处理结果由接听的坐席选定，未接听的来电没有结果，故各行不显示，仅显示合计。',
    en: ': about all callers. A call gets its result from the agent who answered it, so only the total has this figure.',
  },
  'no-place': {
    zh: '：坐席状态不属于任何队列、号码、中继、委托单位、场地或处理结果，按该维度统计时不显示。',
    en: ': about the states of agents, which belong to no queue, number, trunk, client unit, site or result.',
  },
};

/** The scope of a line that has none, where "not registered" would be wrong. */
export const noScopeWords = {
  result: { zh: '无处理结果', en: 'No result' },
  team: { zh: '未分班组', en: 'No team' },
} as const satisfies Readonly<Record<string, Words>>;

/** Whether a line, or the total, accounts for all who entered: what is only of agents has none but the answered. */
export const isOfAllCallers = (gaps: ReadonlyMap<unknown, LineGap>): boolean => ![...gaps.values()].includes('not-answered');
