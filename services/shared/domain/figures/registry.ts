import type { Words } from '../language.js';
import { percentileOf, type FactCount } from './count.js';

/** What a figure has counted differently since a day; the past keeps what it was. */
export interface FigureChange {
  readonly on: string;
  readonly what: Words;
}

interface Parts {
  readonly numerator: number;
  readonly denominator: number;
}

/** A figure: the one place that says what it means and works it out. */
export interface FigureDefinition {
  readonly name: Words;
  readonly text: Words;
  readonly unit: 'count' | 'percent' | 'seconds';
  /**
   * `cohort`: by when the visit began or the agent answered; `sliced`: time, cut at the edges of the interval; `daily`: by the day on which it was
   * dialled, worked out anew whenever it is asked for, and in no report.
   */
  readonly basis: 'cohort' | 'sliced' | 'daily';
  /** Below this denominator the value is shown and marked as resting on few. */
  readonly minimum: number;
  /** The number of changes plus one. */
  readonly changes: readonly FigureChange[];
  readonly parts: (count: FactCount) => Parts;
}

/** A figure of a scope and a time. `value` is null when nothing could be counted: shown as a dash, never as 0. */
export interface FigureValue extends Parts {
  readonly value: number | null;
}

const figure = (
  [zh, en]: readonly [string, string],
  [textZh, textEn]: readonly [string, string],
  unit: FigureDefinition['unit'],
  parts: (count: FactCount) => readonly [numerator: number, denominator: number],
  basis: FigureDefinition['basis'] = 'cohort',
): FigureDefinition => ({
  name: { zh, en },
  text: { zh: textZh, en: textEn },
  unit,
  basis,
  minimum: unit === 'count' ? 0 : 10,
  changes: [],
  parts: (count) => {
    const [numerator, denominator] = parts(count);
    return { numerator, denominator };
  },
});

type Name = readonly [string, string];
const count = (name: Name, text: Name, of: (c: FactCount) => number): FigureDefinition => figure(name, text, 'count', (c) => [of(c), 1]);
const percent = (...[name, text, parts, basis]: [Name, Name, (c: FactCount) => readonly [number, number], FigureDefinition['basis']?]) =>
  figure(name, text, 'percent', parts, basis);
/** Milliseconds over a count, shown in seconds. */
const mean = (name: Name, text: Name, parts: (c: FactCount) => readonly [number, number]): FigureDefinition =>
  figure(name, text, 'seconds', (c) => [parts(c)[0] / 1_000, parts(c)[1]]);
/** A value of its own: it has no sample that could be too small. Empty when there was nothing to measure. */
const measured = (name: Name, text: Name, seconds: (c: FactCount) => number, lengths: (c: FactCount) => ReadonlyMap<number, number>) => ({
  ...figure(name, text, 'seconds', (c) => [seconds(c), lengths(c).size === 0 ? 0 : 1]),
  minimum: 0,
});
/** Of all who have left the queue. */
const ofWaits = (name: Name, text: Name, seconds: (c: FactCount) => number): FigureDefinition =>
  measured(name, text, seconds, (c) => c.waits);

const ofDelays = (share: number, name: Name): FigureDefinition =>
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

/** T is the queue's threshold as it was when the caller entered; in time: answered within T, abandoned before T. */
export const figureRegistry = {
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
  callbacks: count(['预约回呼量 C', 'Callbacks (C)'], ['选择回呼而离队', 'left for a callback'], (c) => c.callbacks),
  lost: count(
    ['系统未接量 L', 'Lost (L)'],
    ['队列拒绝、等待超时无去处、系统或主管结束', 'refused by the queue, timed out with nowhere to go, ended by the system or a supervisor'],
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
  callbackRate: percent(['预约回呼率', 'Callbacks, share'], ['C ÷ Q', 'C / Q'], (c) => [c.callbacks, c.entered]),
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
    ['向外部号码发起的呼叫，含转接、咨询、溢出和回呼', 'legs to numbers outside: calls out, transfers, consultations, overflow, callbacks'],
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
  'pdd.p50': ofDelays(0.5, ['拨号后时延中位数', 'Median post-dial delay']),
  'pdd.p95': ofDelays(0.95, ['拨号后时延 95 百分位', '95th percentile of post-dial delay']),
  fourElements: percent(
    ['四要素齐备率', 'Four elements at hand'],
    [
      '录音、主被叫号码、拨打时间、用户同意凭证原件均可调取的外呼 ÷ 当日已接通的外呼与回呼（不含紧急号码）',
      'calls out whose recording, both numbers, time and original of the consent can all be shown / answered calls out and callbacks of the day (emergency numbers out)',
    ],
    (c) => [c.calledOutWhole, c.calledOut],
    'daily',
  ),
} as const satisfies Record<string, FigureDefinition>;

export type FigureKey = keyof typeof figureRegistry;
/** What a report has; the others stand on pages of their own. */
export const isReported = (key: FigureKey): boolean => figureRegistry[key].basis !== 'daily';
export const figureKeys = Object.keys(figureRegistry) as readonly FigureKey[];
/** What every page shows where one service level is shown. */
export const STANDARD_SERVICE_LEVEL = 'sl.strict' satisfies FigureKey;

export const versionOf = (key: FigureKey): number => 1 + figureRegistry[key].changes.length;

/** The figure of what was counted. Of totals it is worked out from the sums, never from other figures. */
export function figureOf(key: FigureKey, facts: FactCount): FigureValue {
  const { unit, parts } = figureRegistry[key];
  const { numerator, denominator } = parts(facts);
  return { numerator, denominator, value: denominator === 0 ? null : (numerator / denominator) * (unit === 'percent' ? 100 : 1) };
}

/** Two digits, half to even; a dash where nothing could be counted. */
export const shownFigure = (key: FigureKey, { value }: Pick<FigureValue, 'value'>): string => shownValue(figureRegistry[key].unit, value);

export function shownValue(unit: FigureDefinition['unit'], value: number | null): string {
  if (value === null) return '—';
  if (unit === 'count') return String(value);
  return unit === 'percent' ? `${rounded(value).toFixed(2)}%` : rounded(value).toFixed(2);
}

function rounded(value: number): number {
  const hundredths = value * 100;
  const floor = Math.floor(hundredths);
  const rest = hundredths - floor;
  // What a division leaves behind its last digit must not decide.
  const isHalf = Math.abs(rest - 0.5) < 1e-9;
  return (isHalf ? floor + (floor % 2) : Math.round(hundredths)) / 100;
}
