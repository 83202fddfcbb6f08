import type { Words } from '../../shared/domain/language.js';

/** What a formula counts differently from a given day on. */
export interface FormulaChange {
  readonly on: string;
  readonly what: Words;
}

export const proofCallsApart: FormulaChange = {
  on: '2026-11-26',
  what: { zh: '拨测（通话、录音与坐席状态）不再计入', en: 'proof calls, with their recordings and seat states, are no longer counted' },
};

export const linesCounted: FormulaChange = {
  on: '2026-11-30',
  what: {
    zh: '拨测时有运营商线路不通的，该次不再计为可用',
    en: 'a proof call at which a line of a carrier was down no longer counts as available',
  },
};
export const outagesCounted: FormulaChange = {
  on: '2026-11-30',
  what: {
    zh: '自上一次拨测以来线路中断 10 秒以上的，该次也不再计为可用；不应答 OPTIONS 而呼叫接通的线路不再算不通',
    en: 'an outage of a line of 10 s and more since the proof call before counts as well; a line that answers no OPTIONS and takes calls is no longer down',
  },
};
export const byVisits: FormulaChange = {
  on: '2026-11-28',
  what: {
    zh: '按排队记录统计，与运营报表同一口径：来电进入几个队列即计几次，转出、预约回拨与系统未接均计入 Q，5 秒整不再算短时放弃；外呼与练习呼叫不再计入',
    en: 'counted by visits, as the reports do: a call counts in each queue that it came to, those sent on, called back and lost are in Q, an abandon at exactly 5 s is no short one; calls out and practice calls are no longer counted',
  },
};
export const callsInOnly: FormulaChange = {
  on: '2026-11-28',
  what: {
    zh: '只计坐席接听的来电，外呼与练习呼叫不再计入',
    en: 'only calls in that an agent answered; calls out and practice calls are no longer counted',
  },
};
export const byHandlings: FormulaChange = {
  on: '2026-11-28',
  what: {
    zh: '改为除以处理次数（同一坐席在一通来电中的连续时段）；外呼及其话后处理不再计入',
    en: 'divided by handlings (an unbroken time of one agent in one call that came in); calls out and their wrap-up are no longer counted',
  },
};
export const byStates: FormulaChange = {
  on: '2026-11-28',
  what: { zh: '只按坐席状态统计，振铃计为占用', en: 'counted by the states of agents alone; ringing counts as occupied' },
};
export const namedForCallsIn: FormulaChange = {
  on: '2026-12-01',
  what: {
    zh: '原称 ASR、NER，现改称呼入系统应答比、呼入系统有效比，口径不变；ASR、NER 只指运营报表按中继统计的试呼',
    en: 'was called ASR and NER and counts as before; ASR and NER are those of the legs dialled, by trunk, in the reports',
  },
};
export const namedForCallsOut: FormulaChange = {
  on: '2026-12-01',
  what: {
    zh: '原称拨号后时延，现改称外呼接续时延，只计外呼，口径不变；拨号后时延指运营报表中全部试呼的时延',
    en: 'was called the post-dial delay, is that of calls out alone and counts as before; the post-dial delay is that of all legs dialled, in the reports',
  },
};
