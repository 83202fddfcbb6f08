import { figure, valueOf, type FigureDefinition, type FigureUnit, type FigureValue, type Name } from './define.js';

/** The counts behind the daily figures. Counts of rows are added row by row. */
export interface DailyCount {
  /** Callers who were asked for a score, who gave one, and who gave 4 or 5 of 5. */
  surveysInvited: number;
  surveysValid: number;
  surveysSatisfied: number;
  /** Inbound calls that an agent answered and that can be judged, and those whose caller did not come back. */
  contactsJudged: number;
  contactsResolved: number;
  /** Inbound service calls. */
  callsOffered: number;
  complaints: number;
  /**
   * Inbound calls that an agent answered, and those with a recording in the archive; the same for outbound calls that the person answered.
   */
  handledIn: number;
  recordedIn: number;
  answeredOut: number;
  recordedOut: number;
  /** Answered outbound calls, and those for which all four elements can be shown. */
  calledOut: number;
  calledOutWhole: number;
  /** Refusals by key, and how long each took to reach the do-not-call list. */
  refusals: number;
  refusalBlockMs: number;
  /** The activity at the busiest moment. */
  peakTalks: number;
  peakWaiting: number;
  peakChannels: number;
  /** Callbacks that were promised to callers and are over, and those of them in which the person was reached. */
  callbacksOver: number;
  callbacksKept: number;
  proofCalls: number;
  outageMs: number;
}

export const zeroDaily = (): DailyCount => ({
  surveysInvited: 0,
  surveysValid: 0,
  surveysSatisfied: 0,
  contactsJudged: 0,
  contactsResolved: 0,
  callsOffered: 0,
  complaints: 0,
  handledIn: 0,
  recordedIn: 0,
  answeredOut: 0,
  recordedOut: 0,
  calledOut: 0,
  calledOutWhole: 0,
  refusals: 0,
  refusalBlockMs: 0,
  peakTalks: 0,
  peakWaiting: 0,
  peakChannels: 0,
  callbacksOver: 0,
  callbacksKept: 0,
  proofCalls: 0,
  outageMs: 0,
});

export function addDaily(into: DailyCount, counts: Partial<DailyCount>): void {
  for (const [key, value] of Object.entries(counts) as [keyof DailyCount, number][]) into[key] += value;
}

/** How daily figures can be split: not at all, by queue, by number, or by trunk. */
export const dailyCuts = ['all', 'queue', 'number', 'trunk'] as const;
export type DailyCut = (typeof dailyCuts)[number];

/** Why a daily figure is missing. `row-damaged`: a stored row does not fit its record. */
export const dailyGaps = ['timed-out', 'not-read', 'row-damaged'] as const;
export type DailyGap = (typeof dailyGaps)[number];

/** The most days in one request: each request reads all rows of its period. */
export const MOST_DAILY_DAYS = 31;

/** How long after a call it is watched whether the caller comes back. */
export const CONTACT_WINDOW_MS = 7 * 86_400_000;

const daily = (
  name: Name,
  text: Name,
  unit: FigureUnit,
  parts: (count: DailyCount) => readonly [numerator: number, denominator: number],
): FigureDefinition<DailyCount> => figure(name, text, unit, parts, 'daily');
/** A value that is not a ratio: no sample can be too small. */
const measured = (definition: FigureDefinition<DailyCount>): FigureDefinition<DailyCount> => ({ ...definition, minimum: 0 });

/** Figures of whole days: those whose rows arrive after their call, and those of simultaneous activity. */
export const dailyFigures = {
  csat: daily(
    ['满意度 CSAT', 'Satisfaction (CSAT)'],
    [
      '评分 ≥ 4 的有效评价数 ÷ 有效评价数（5 分制，按邀请时间）',
      'ratings of 4 or 5 / valid ratings, on a scale of 5, by when the caller was asked',
    ],
    'percent',
    (c) => [c.surveysSatisfied, c.surveysValid],
  ),
  surveyResponse: daily(
    ['评价参与率', 'Response rate'],
    ['有效评价数 ÷ 邀请评价数', 'valid ratings / callers who were asked'],
    'percent',
    (c) => [c.surveysValid, c.surveysInvited],
  ),
  fcr: daily(
    ['一次解决率（代理指标）', 'First contact resolution (proxy)'],
    [
      '来电者 7 天内未再次进入同一队列的人工接听来电数 ÷ 可判定的人工接听来电数（已再次来电，或已满 7 天）；号码不可用的不计。以是否再次来电推断，并非来电者确认',
      'calls in that an agent answered and whose caller did not enter the same queue again within 7 days / those that can be judged (the caller came back, or 7 days have passed); without withheld numbers. Inferred from calls, not said by callers',
    ],
    'percent',
    (c) => [c.contactsResolved, c.contactsJudged],
  ),
  complaintsPer10000: daily(
    ['万次呼叫投诉量', 'Complaints per 10,000 calls'],
    [
      '受理投诉数（并案的不重复计）÷ 呼入服务呼叫数 × 10000；不含测试与练习呼叫',
      'complaints received (joined cases once) / calls that came in for service × 10,000; without test and practice calls',
    ],
    'per-10000',
    (c) => [c.complaints, c.callsOffered],
  ),
  recordedIn: daily(
    ['录音覆盖率（呼入）', 'Recorded, calls in'],
    [
      '有归档录音的人工接听来电数 ÷ 坐席接听的来电数；到期删除且有删除记录的录音仍计入',
      'calls in that an agent answered with a recording in the archive / calls in that an agent answered; a recording that was deleted on record counts',
    ],
    'percent',
    (c) => [c.recordedIn, c.handledIn],
  ),
  recordedOut: daily(
    ['录音覆盖率（呼出）', 'Recorded, calls out'],
    [
      '有归档录音的已接通外呼数 ÷ 对方应答的外呼数；到期删除且有删除记录的录音仍计入',
      'calls out that the person answered with a recording in the archive / calls out that the person answered; a recording that was deleted on record counts',
    ],
    'percent',
    (c) => [c.recordedOut, c.answeredOut],
  ),
  fourElements: daily(
    ['四要素齐备率', 'Four elements at hand'],
    [
      '录音、主被叫号码、拨打时间、用户同意凭证原件均可调取的外呼 ÷ 当日已接通的外呼与回拨（不含紧急号码）',
      'calls out whose recording, both numbers, time and original of the consent can all be shown / answered calls out and callbacks of the day (emergency numbers out)',
    ],
    'percent',
    (c) => [c.calledOutWhole, c.calledOut],
  ),
  refusalToBlock: daily(
    ['按键拒呼生效时长（均值）', 'Refusal to block (mean)'],
    [
      'Σ（写入谢绝来电名单的时间 − 按键拒绝的时间）÷ 按键拒呼数',
      'Σ (written to the do-not-call list − the key was pressed) / refusals by key',
    ],
    'seconds',
    (c) => [c.refusalBlockMs / 1_000, c.refusals],
  ),
  'peak.talks': measured(
    daily(
      ['通话并发峰值', 'Most conversations at once'],
      [
        '同一时刻处于人工通话中的服务呼叫数的最大值，仅计已结束的通话',
        'most calls of service in which agents talked at one moment; only calls that have ended',
      ],
      'count',
      (c) => [c.peakTalks, 1],
    ),
  ),
  'peak.waiting': measured(
    daily(
      ['排队并发峰值', 'Most callers waiting at once'],
      ['同一时刻在队列中等待的来电数的最大值', 'most visits to queues that waited at one moment'],
      'count',
      (c) => [c.peakWaiting, 1],
    ),
  ),
  'peak.channels': measured(
    daily(
      ['线路并发峰值', 'Most lines in use at once'],
      [
        '同一时刻占用的中继线路数的最大值：呼入、呼出，以及转接、咨询、溢出与流程中拨出的线路；仅计已结束的通话，不含测试与练习呼叫',
        'most lines of trunks that were in use at one moment: calls in, calls out, and legs dialled for transfers, consultations, overflow and flows; only calls that have ended, without test and practice calls',
      ],
      'count',
      (c) => [c.peakChannels, 1],
    ),
  ),
  callbacksKept: {
    ...daily(
      ['预约回拨兑现率', 'Callbacks kept'],
      [
        '已接通来电者的回拨数 ÷ 已结束的回拨数，按约定时间；含排队预约的回拨（接通、多次未接通、取消）和坐席承诺的回拨（接通、关闭、逾期 24 小时未接通）；尚未结束的不计',
        'callbacks in which the caller was reached / callbacks that are over, by when they were promised: those for a place in line (reached, not reached after all attempts, cancelled) and those that agents promised (reached, closed, not reached within 24 hours after they were due); open ones are not judged',
      ],
      'percent',
      (c) => [c.callbacksKept, c.callbacksOver],
    ),
    changes: [
      {
        on: '2026-12-01',
        what: {
          zh: '计入坐席承诺的回拨；此前承诺的没有承诺时间，不计',
          en: 'callbacks that agents promised count as well; those of before have no time of the promise and do not count',
        },
      },
    ],
  },
  outage: measured(
    daily(
      ['中断时长（拨测）', 'Outage (by proof calls)'],
      [
        '自失败的拨测至其后首个成功的拨测的分钟数之和；以拨测的间隔为精度',
        'minutes from each failed proof call to the next that succeeds, added up; as fine as proof calls are apart',
      ],
      'minutes',
      (c) => [c.outageMs / 60_000, c.proofCalls === 0 ? 0 : 1],
    ),
  ),
} as const satisfies Record<string, FigureDefinition<DailyCount>>;

/** Figures that cover the whole centre: their rows belong to no queue or number. */
export const ofWholeCentre: readonly (keyof typeof dailyFigures)[] = ['complaintsPer10000', 'fourElements', 'refusalToBlock', 'outage'];
/** Figures whose rows do not say over which trunk the call came. */
const ofNoTrunk: readonly (keyof typeof dailyFigures)[] = [...ofWholeCentre, 'csat', 'surveyResponse'];

/** Whether a figure can be split in this way. */
export function canCut(key: keyof typeof dailyFigures, by: DailyCut): boolean {
  if (by === 'all') return true;
  return !(by === 'trunk' ? ofNoTrunk : ofWholeCentre).includes(key);
}

/** The figure for these counts, or for the counts of a single row. */
export const dailyFigureOf = (key: keyof typeof dailyFigures, count: Partial<DailyCount>): FigureValue =>
  valueOf(dailyFigures[key], { ...zeroDaily(), ...count });
