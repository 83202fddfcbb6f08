import type { Words } from '../language.js';
import type { FactCount } from './count.js';
import { dailyFigures } from './daily.js';
import { percentileOf, type ReadLengths } from './lengths.js';
import { figure, shortUnits, shownValue, valueOf, valueWithUnit, type FigureDefinition, type FigureValue, type Name } from './define.js';

export { shownValue, valueWithUnit } from './define.js';
export type { FigureChange, FigureDefinition, FigureValue } from './define.js';

const count = (name: Name, text: Name, of: (c: FactCount) => number): FigureDefinition<FactCount> =>
  figure(name, text, 'count', (c) => [of(c), 1]);
const percent = (
  ...[name, text, parts, basis]: [Name, Name, (c: FactCount) => readonly [number, number], FigureDefinition<FactCount>['basis']?]
) => figure(name, text, 'percent', parts, basis);
/** Milliseconds divided by a count, shown in seconds. */
const mean = (name: Name, text: Name, parts: (c: FactCount) => readonly [number, number]): FigureDefinition<FactCount> =>
  figure<FactCount>(name, text, 'seconds', (c) => [parts(c)[0] / 1_000, parts(c)[1]]);
/** A value that is not a ratio: no sample can be too small. Empty when there was nothing to measure. */
const measured = (name: Name, text: Name, seconds: (c: FactCount) => number, lengths: (c: FactCount) => ReadLengths) => ({
  ...figure<FactCount>(name, text, 'seconds', (c) => [seconds(c), lengths(c).length === 0 ? 0 : 1]),
  minimum: 0,
});
/** Divides by all who have left the queue. */
const ofWaits = (name: Name, text: Name, seconds: (c: FactCount) => number): FigureDefinition<FactCount> =>
  measured(name, text, seconds, (c) => c.waits);

const ofDelays = (share: number, name: Name): FigureDefinition<FactCount> =>
  measured(
    name,
    [
      '自发出 INVITE 至振铃（未振铃则至应答），最近秩法，进位到 0.1 秒',
      'from the INVITE to ringing (to the answer, where it did not ring), nearest rank, rounded up to tenths of a second',
    ],
    (c) => percentileOf(share, c.postDialDelays) / 10,
    (c) => c.postDialDelays,
  );

const handled = (c: FactCount): number => c.talkMs + c.holdMs + c.wrapMs;
const worked = (c: FactCount): number => c.busyMs + c.wrapStateMs;
const signedIn = (c: FactCount): number => worked(c) + c.ringMs + c.readyMs + c.breakMs + c.awayMs;

/** T is the queue's threshold at the moment when the caller entered. In time: answered within T, or abandoned before T. */
const serviceFigures = {
  entered: count(['进线量 Q', 'Entered (Q)'], ['进入队列的来电次数', 'visits that began'], (c) => c.entered),
  answered: count(['人工接听量 H', 'Answered (H)'], ['坐席接听', 'answered by an agent'], (c) => c.answered),
  abandoned: count(
    ['放弃量 A', 'Abandoned (A)'],
    ['主叫在排队或振铃中挂机', 'the caller hung up while waiting or ringing'],
    (c) => c.abandoned,
  ),
  overflowed: count(
    ['溢出量 F', 'Sent on (F)'],
    ['转到其他队列、留言或号码', 'sent on to another queue, a message or a number'],
    (c) => c.overflowed,
  ),
  callbacks: count(['预约回拨量 C', 'Callbacks (C)'], ['选择回拨而离队', 'left for a callback'], (c) => c.callbacks),
  lost: count(
    ['系统未接量 L', 'Lost (L)'],
    ['队列拒绝、等待超时无去处、系统或班长结束', 'refused by the queue, timed out with nowhere to go, ended by the system or a supervisor'],
    (c) => c.lost,
  ),
  waiting: count(['仍在等待 W', 'Waiting (W)'], ['统计时仍在队列中', 'still in the queue'], (c) => c.waiting),
  'sl.strict': percent(
    ['服务水平（严格）', 'Service level (strict)'],
    ['时限内接听 ÷（Q − 尚在时限内等待）', 'answered in time / (Q − those who wait and are still within T)'],
    (c) => [c.answeredInTime, c.entered - c.waitingInTime],
  ),
  'sl.withAbandon': percent(
    ['服务水平①（含时限内放弃）', 'Service level 1 (with abandons in time)'],
    ['（时限内接听 + 时限内放弃）÷（H + A）', '(answered in time + abandoned in time) / (H + A)'],
    (c) => [c.answeredInTime + c.abandonedInTime, c.answered + c.abandoned],
  ),
  'sl.answered': percent(
    ['服务水平②（按接听）', 'Service level 2 (of answered)'],
    ['时限内接听 ÷ H；不计放弃，数值偏高', 'answered in time / H; leaves abandons out and flatters'],
    (c) => [c.answeredInTime, c.answered],
  ),
  'sl.late': percent(
    ['服务水平④（计超时放弃）', 'Service level 4 (late abandons)'],
    ['时限内接听 ÷（H + 达到时限后的放弃）', 'answered in time / (H + abandoned at T or later)'],
    (c) => [c.answeredInTime, c.answered + c.abandoned - c.abandonedInTime],
  ),
  'sl.noShort': percent(
    ['服务水平 SL′（剔除短放弃）', "Service level SL' (short abandons out)"],
    ['时限内接听 ÷（H + A − 5 秒内放弃）', 'answered in time / (H + A − abandoned within 5 s)'],
    (c) => [c.answeredInTime, c.answered + c.abandoned - c.abandonedShort],
  ),
  answerRate: percent(['接通率', 'Answer rate'], ['H ÷ Q', 'H / Q'], (c) => [c.answered, c.entered]),
  abandonRate: percent(['放弃率', 'Abandon rate'], ['A ÷ Q', 'A / Q'], (c) => [c.abandoned, c.entered]),
  abandonRateNoShort: percent(
    ['放弃率（剔除短放弃）', 'Abandon rate (short abandons out)'],
    ['（A − 5 秒内放弃）÷（Q − 5 秒内放弃）', '(A − abandoned within 5 s) / (Q − abandoned within 5 s)'],
    (c) => [c.abandoned - c.abandonedShort, c.entered - c.abandonedShort],
  ),
  abandonRateShort: percent(['短放弃率', 'Short abandons'], ['5 秒内放弃 ÷ Q', 'abandoned within 5 s / Q'], (c) => [
    c.abandonedShort,
    c.entered,
  ]),
  overflowRate: percent(['溢出率', 'Sent on, share'], ['F ÷ Q', 'F / Q'], (c) => [c.overflowed, c.entered]),
  callbackRate: percent(['预约回拨率', 'Callbacks, share'], ['C ÷ Q', 'C / Q'], (c) => [c.callbacks, c.entered]),
  asa: mean(['平均应答时长 ASA', 'Average speed of answer'], ['Σ 已接听的等待 ÷ H', 'Σ wait of the answered / H'], (c) => [
    c.answeredWaitMs,
    c.answered,
  ]),
  ata: mean(['平均放弃时长', 'Average time to abandon'], ['Σ 已放弃的等待 ÷ A', 'Σ wait of the abandoned / A'], (c) => [
    c.abandonedWaitMs,
    c.abandoned,
  ]),
  'wait.p50': ofWaits(
    ['等待中位数', 'Median wait'],
    ['全部离队者，最近秩法，进位到秒', 'of all who left, nearest rank, rounded up to seconds'],
    (c) => percentileOf(0.5, c.waits),
  ),
  'wait.p90': ofWaits(
    ['等待 90 百分位', '90th percentile of waits'],
    ['全部离队者，最近秩法，进位到秒', 'of all who left, nearest rank, rounded up to seconds'],
    (c) => percentileOf(0.9, c.waits),
  ),
  'wait.p95': ofWaits(
    ['等待 95 百分位', '95th percentile of waits'],
    ['全部离队者，最近秩法，进位到秒', 'of all who left, nearest rank, rounded up to seconds'],
    (c) => percentileOf(0.95, c.waits),
  ),
  'wait.max': ofWaits(['最长等待', 'Longest wait'], ['全部离队者', 'of all who left'], (c) => c.longestWaitMs / 1_000),
  aht: mean(
    ['平均处理时长 AHT', 'Average handle time'],
    [
      '（通话 + 保持 + 话后处理）÷ 处理次数；一次处理为同一坐席在一通来电中的连续时段',
      '(talk + hold + wrap-up) / handlings; a handling is an unbroken time of one agent in one call that came in',
    ],
    (c) => [handled(c), c.handlings],
  ),
  'aht.talk': mean(['平均通话时长', 'Average talk'], ['通话（含会议）÷ 处理次数', 'talk and conference / handlings'], (c) => [
    c.talkMs,
    c.handlings,
  ]),
  'aht.hold': mean(['平均保持时长', 'Average hold'], ['保持（含咨询）÷ 处理次数', 'hold and consultation / handlings'], (c) => [
    c.holdMs,
    c.handlings,
  ]),
  'aht.wrap': mean(['平均话后处理时长', 'Average wrap-up'], ['话后处理 ÷ 处理次数', 'wrap-up / handlings'], (c) => [c.wrapMs, c.handlings]),
  transfers: {
    ...count(
      ['转出的处理次数', 'Handlings sent on'],
      [
        '以坐席转接（至队列、坐席或号码）结束的处理次数，按处理开始的时间；不含班长接管',
        'handlings that ended because the agent transferred the caller to a queue, a colleague or a number, by when the handling began; without take-overs by a supervisor',
      ],
      (c) => c.transfers,
    ),
    // Sums from before transfers were counted cannot tell: a dash, and not 0.
    parts: (c: FactCount) => ({ numerator: c.transfers, denominator: c.handlingsUnknown > 0 ? 0 : 1 }),
  },
  transferRate: percent(['转接率', 'Transfer rate'], ['转出的处理次数 ÷ 处理次数', 'handlings sent on / handlings'], (c) => [
    c.transfers,
    c.handlings - c.handlingsUnknown,
  ]),
  occupancy: percent(
    ['占用率', 'Occupancy'],
    ['（振铃 + 通话 + 话后处理）÷（振铃 + 通话 + 话后处理 + 就绪）', '(ring + in call + wrap-up) / (that + ready)'],
    (c) => [worked(c) + c.ringMs, worked(c) + c.ringMs + c.readyMs],
    'sliced',
  ),
  utilisation: percent(
    ['工时利用率', 'Utilisation'],
    ['（通话 + 话后处理）÷ 签入时长', '(in call + wrap-up) / time signed in'],
    (c) => [worked(c), signedIn(c)],
    'sliced',
  ),
  noticeHeard: percent(
    ['录音告知播放完成率', 'Notice of recording heard out'],
    [
      '完整播放录音告知的呼入 ÷ 已应答的呼入（含未进入队列者）',
      'calls in whose notice was heard out / calls in that we answered, also those that entered no queue',
    ],
    (c) => [c.noticesHeard, c.callsIn],
  ),
  legs: count(
    ['外呼试呼次数', 'Legs dialled'],
    ['向外部号码发起的呼叫，含转接、咨询、溢出和回拨', 'legs to numbers outside: calls out, transfers, consultations, overflow, callbacks'],
    (c) => c.legs,
  ),
  asr: percent(
    ['应答试呼比 ASR', 'Answer-seizure ratio (ASR)'],
    ['已应答 ÷ 外呼试呼次数（ITU-T E.411）', 'answered / legs dialled (ITU-T E.411)'],
    (c) => [c.legsAnswered, c.legs],
  ),
  ner: {
    ...percent(
      ['网络有效率 NER', 'Network effectiveness ratio (NER)'],
      [
        '（已应答 + 振铃 + 忙 + 拒接 + 暂不可用）÷ 外呼试呼次数（ITU-T E.425）；运营商无响应、振铃前取消的不计入分子',
        '(answered, rung, busy, declined, not available) / legs dialled (ITU-T E.425); a carrier that is silent and a leg called off before it rang are not in the numerator',
      ],
      (c) => [c.legsEffective, c.legs],
    ),
    changes: [
      {
        on: '2026-11-28',
        what: {
          zh: '未振铃即超时或取消的试呼不再计为有效；已保存的汇总按新口径重算',
          en: 'a leg that timed out or was called off before it rang is no longer effective; stored sums are made anew',
        },
      },
    ],
  },
  'line.mos': figure(
    ['线路 MOS 均值', 'Mean MOS of the line'],
    [
      'Σ 每通呼叫在其线路上的 MOS-CQE（ITU-T G.107 的 E-model 估算，到万分位）÷ 有媒体统计的呼叫数；呼入与呼出均计，按呼叫开始时间；不含转接等另拨的线路',
      'Σ MOS-CQE of the line of each call (E-model estimate, ITU-T G.107, to four decimals) / calls with media statistics; calls in and out, by when they began; without further legs that they dialled',
    ],
    'score',
    (c) => [c.mosSum / 10_000, c.mediaCalls],
  ),
  'line.mos.p5': {
    ...figure<FactCount>(
      ['线路 MOS 5 百分位', '5th percentile of the MOS of the line'],
      ['有媒体统计的呼叫，最近秩法，到百分位', 'of calls with media statistics, nearest rank, to two decimals'],
      'score',
      (c) => [percentileOf(0.05, c.mosValues) / 100, c.mediaCalls === 0 ? 0 : 1],
    ),
    minimum: 0,
  },
  'line.loss': percent(
    ['线路丢包率', 'Packets lost on the line'],
    ['对端发来而未收到的包 ÷ 应收到的包', 'packets of the far end that did not arrive / packets that were due'],
    (c) => [c.packetsLost, c.packetsDue],
  ),
  'line.jitter': figure(
    ['线路抖动均值', 'Mean jitter of the line'],
    ['Σ 每通呼叫的平均抖动 ÷ 有媒体统计的呼叫数', 'Σ mean jitter of each call / calls with media statistics'],
    'milliseconds',
    (c) => [c.jitterUs / 1_000, c.mediaCalls],
  ),
  'pdd.p50': ofDelays(0.5, ['拨号后时延中位数', 'Median post-dial delay']),
  'pdd.p95': ofDelays(0.95, ['拨号后时延 95 百分位', '95th percentile of post-dial delay']),
} as const satisfies Record<string, FigureDefinition<FactCount>>;

/** The figures of reports and wallboards. */
export type FigureKey = keyof typeof serviceFigures;
export const figureKeys = Object.keys(serviceFigures) as readonly FigureKey[];
export type DailyKey = keyof typeof dailyFigures;
export const dailyKeys = Object.keys(dailyFigures) as readonly DailyKey[];
/** The figure that pages show where only one service level fits. */
export const STANDARD_SERVICE_LEVEL = 'sl.strict' satisfies FigureKey;

/** Every figure. This is the one place that says what a figure means and computes it. */
export const figureRegistry = { ...serviceFigures, ...dailyFigures } as const;
export type AnyFigureKey = FigureKey | DailyKey;
export const allFigureKeys: readonly AnyFigureKey[] = [...figureKeys, ...dailyKeys];
export const isDaily = (key: AnyFigureKey): key is DailyKey => (dailyKeys as readonly string[]).includes(key);

export const versionOf = (key: FigureKey | DailyKey): number => 1 + figureRegistry[key].changes.length;

/** The figure of these counts. A total is computed from the sums, never from other figures. */
export const figureOf = (key: FigureKey, facts: FactCount): FigureValue => valueOf(serviceFigures[key], facts);

/** For a place that names the unit itself, such as a column with its heading. */
export const shownFigure = (key: FigureKey | DailyKey, { value }: Pick<FigureValue, 'value'>): string =>
  shownValue(figureRegistry[key].unit, value);

/** With the unit of the figure, for a value that stands alone. */
export const figureWithUnit = (key: FigureKey | DailyKey, { value }: Pick<FigureValue, 'value'>, language: keyof Words): string =>
  valueWithUnit(figureRegistry[key].unit, value, language);

/** The heading of a column of bare values. */
export function figureHeading(key: FigureKey | DailyKey, language: keyof Words): string {
  const { name, unit } = figureRegistry[key];
  const { [unit]: short } = shortUnits;
  if (short === undefined) return name[language];
  return language === 'zh' ? `${name.zh}（${short.zh}）` : `${name.en} (${short.en})`;
}
