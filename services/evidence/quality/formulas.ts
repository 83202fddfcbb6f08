import type { AnyFigureKey } from '../../shared/domain/figures/registry.js';
import { byHandlings, byStates, byVisits, callsInOnly, linesCounted, namedForCallsIn, outagesCounted } from './formula-changes.js';
import { asInReports, formula, ofService } from './formula.js';
import { mediaFormulas } from './media-formulas.js';
import { outboundFormulas } from './outbound-formulas.js';

/** The score from which a review is passed. A convention, printed with the figure. */
export const REVIEW_PASS_PERCENT = 80;
/** Attempts to reach one number are counted within this time. */
export const TRIES_WINDOW_MS = 86_400_000;

/** Regulation section 5. A wait runs from entering the agent queue to the agent's answer; menu time is not included. */
export const formulas = {
  answerRate: asInReports(
    'answerRate',
    ofService(
      'answer-rate',
      '接通率',
      'Answer rate',
      'percent',
      ['人工接听量 H ÷ 进入队列次数 Q', 'visits answered by an agent H ÷ visits to queues Q'],
      undefined,
      [byVisits],
    ),
  ),
  serviceLevel15: ofService(
    'service-level-15',
    '服务水平 SL(15s)',
    'Service level (15 s)',
    'percent',
    ['排队等待 ≤ 15 秒被接听的次数 ÷ Q（严格）', 'visits answered within 15 s ÷ Q (strict)'],
    'service-level-limit',
    [byVisits],
  ),
  serviceLevel20: ofService(
    'service-level-20',
    '服务水平 SL(20s)',
    'Service level (20 s)',
    'percent',
    ['排队等待 ≤ 20 秒被接听的次数 ÷ Q（严格）', 'visits answered within 20 s ÷ Q (strict)'],
    undefined,
    [byVisits],
  ),
  serviceLevel20Variant: ofService(
    'service-level-20-variant',
    '服务水平 SL′(20s)',
    'Service level (20 s, short abandons out)',
    'percent',
    [
      '排队等待 ≤ 20 秒被接听的次数 ÷（H + A − 短时放弃 As），As 为等待不足 5 秒即放弃',
      'visits answered within 20 s ÷ (H + A − short abandons As); As: left after less than 5 s',
    ],
    undefined,
    [byVisits],
  ),
  abandonRate: asInReports(
    'abandonRate',
    ofService(
      'abandon-rate',
      '放弃率',
      'Abandon rate',
      'percent',
      ['排队或振铃中放弃量 A ÷ Q；预约回拨不计为放弃', 'abandoned while waiting or ringing A ÷ Q; a booked callback is no abandon'],
      undefined,
      [byVisits],
    ),
  ),
  averageSpeedOfAnswer: asInReports(
    'asa',
    ofService(
      'asa',
      '平均应答速度 ASA',
      'Average speed of answer',
      'seconds',
      ['Σ 已接听的排队等待 ÷ H', 'Σ wait of the answered ÷ H'],
      undefined,
      [byVisits],
    ),
  ),
  wait90: asInReports(
    'wait.p90',
    ofService(
      'wait-p90',
      '等待时长 90 百分位',
      '90th percentile of waits',
      'seconds',
      [
        '全部离队者的排队等待（进位到整秒）按最近秩法取 90 百分位',
        '90th percentile, nearest rank, of the waits of all who left a queue, rounded up to seconds',
      ],
      undefined,
      [byVisits],
    ),
  ),
  longestWait: asInReports(
    'wait.max',
    ofService(
      'wait-longest',
      '最长等待',
      'Longest wait',
      'seconds',
      ['全部离队者的最长排队等待', 'longest wait of all who left a queue'],
      undefined,
      [byVisits],
    ),
  ),
  machineAnswer15: ofService(
    'machine-answer-15',
    '系统应答 ≤15s 比例',
    'Answered by the system within 15 s',
    'percent',
    [
      '从呼入到系统应答 ≤ 15 秒的呼叫数 ÷ 系统应答的呼叫数',
      'calls answered by the system within 15 s of arriving ÷ calls answered by the system',
    ],
    'service-level-limit',
  ),
  averageHandleTime: asInReports(
    'aht',
    ofService(
      'aht',
      '平均处理时长 AHT',
      'Average handle time',
      'seconds',
      ['Σ（通话 + 保持 + 话后处理）÷ 处理次数', 'Σ (talk + hold + wrap-up) ÷ handlings'],
      undefined,
      [byHandlings],
    ),
  ),
  occupancy: asInReports(
    'occupancy',
    ofService(
      'occupancy',
      '占用率',
      'Occupancy',
      'percent',
      [
        'Σ（振铃 + 通话 + 话后处理）÷ Σ（振铃 + 通话 + 话后处理 + 就绪），按坐席状态',
        'Σ (ring + in call + wrap-up) ÷ Σ (ring + in call + wrap-up + ready), by the states of agents',
      ],
      undefined,
      [byStates],
    ),
  ),
  firstContactResolution: asInReports(
    'fcr',
    ofService(
      'fcr',
      '一次解决率 FCR',
      'First contact resolution',
      'percent',
      [
        '同一来电者 7 天内未再次进入同一队列的人工接听来电数 ÷ 可判定的人工接听来电数（接听后已满 7 天）',
        'calls in that an agent answered and whose caller did not enter the same queue again within 7 days ÷ those that can be judged (7 days have passed)',
      ],
      undefined,
      [callsInOnly],
    ),
  ),
  abandonShort: asInReports(
    'abandonRateShort',
    ofService(
      'short-abandons',
      '短时放弃 As',
      'Short abandons',
      'percent',
      ['排队等待不足 5 秒即放弃的次数 ÷ Q', 'left after waiting less than 5 s ÷ Q'],
      undefined,
      [byVisits],
    ),
  ),
  satisfaction: asInReports(
    'csat',
    formula('csat', '满意度 CSAT', 'Satisfaction', 'percent', [
      '评分 ≥ 4（满意及以上）的有效评价数 ÷ 有效评价数（5 分制）',
      'valid ratings of 4 or 5 (satisfied or better) ÷ valid ratings, on a scale of 5',
    ]),
  ),
  satisfactionMean: formula('csat-mean', '满意度均分', 'Mean score', 'score', [
    'Σ 有效评分 ÷ 有效评价数',
    'Σ valid ratings ÷ number of valid ratings',
  ]),
  surveyResponse: asInReports(
    'surveyResponse',
    formula('survey-response', '评价参与率', 'Response rate', 'percent', ['有效评价数 ÷ 邀请评价数', 'valid ratings ÷ invitations']),
  ),
  surveyInvitation: ofService(
    'survey-invitation',
    '评价邀请率',
    'Invitation rate',
    'percent',
    ['邀请评价数 ÷ 坐席接听的来电数', 'invitations ÷ calls in that an agent answered'],
    undefined,
    [callsInOnly],
  ),
  complaintsPer10000: asInReports(
    'complaintsPer10000',
    ofService('complaints-per-10000', '万次呼叫投诉量', 'Complaints per 10 000 calls', 'per-10000', [
      '受理投诉数 ÷ 呼入呼叫数 × 10000',
      'complaints received ÷ inbound calls × 10 000',
    ]),
  ),
  complaintsInTime: formula('complaints-in-time', '投诉按时答复率', 'Complaints answered in time', 'percent', [
    '期限内答复的投诉数 ÷ 期限已到或已答复的投诉数',
    'complaints answered within their limit ÷ complaints that are due or answered',
  ]),
  complaintDays: formula('complaint-days', '投诉平均办结天数', 'Mean days to close', 'days', [
    'Σ（办结时间 − 受理时间）÷ 已办结投诉数',
    'Σ (closed − received) ÷ complaints closed',
  ]),
  availability: formula(
    'availability',
    '可用率（拨测与线路）',
    'Availability (proof calls and lines)',
    'percent',
    [
      '成功且无中继不通的拨测次数 ÷ 拨测次数（每 15 分钟一次，含人工发起）；中继不通：当时，或自上一次拨测以来持续 10 秒以上，已启用中继的全部地址均不通（对 OPTIONS 无应答，且无呼叫接通），或运营商未接受其注册',
      'proof calls that succeeded and for which no trunk was down ÷ proof calls (every 15 minutes, and those made by hand); down: at the call, or for 10 s and more since the one before, no address of an enabled trunk answers OPTIONS or takes calls, or the carrier does not take its registration',
    ],
    undefined,
    [linesCounted, outagesCounted],
  ),
  answerSeizure: ofService(
    'system-answered',
    '呼入系统应答比',
    'Calls in answered by the system',
    'percent',
    ['系统应答的呼入呼叫数 ÷ 呼入呼叫数', 'inbound calls answered by the system ÷ inbound calls'],
    undefined,
    [namedForCallsIn],
  ),
  recorded: ofService(
    'recorded',
    '录音覆盖率（呼入，存储核对）',
    'Calls in with a recording in the store',
    'percent',
    [
      '有归档录音的人工接听来电数 ÷ 坐席接听的来电数',
      'calls in that an agent answered with an archived recording ÷ calls in that an agent answered',
    ],
    undefined,
    [
      { on: '2026-11-26', what: { zh: '外呼的录音不再计入分子', en: 'recordings of calls out are no longer in the numerator' } },
      {
        on: '2026-11-27',
        what: {
          zh: '存储中已无文件、又无删除记录的录音不再计入分子',
          en: 'a recording whose object is gone from the store, without a record of its deletion, is no longer in the numerator',
        },
      },
      callsInOnly,
    ],
  ),
  ...mediaFormulas,
  networkEffectiveness: ofService(
    'system-effective',
    '呼入系统有效比',
    'Calls in without a fault of ours',
    'percent',
    [
      '（呼入呼叫数 − 因本方系统、媒体、编解码或容量原因失败的呼叫数）÷ 呼入呼叫数',
      '(inbound calls − calls that failed by our system, media, codecs or capacity) ÷ inbound calls',
    ],
    undefined,
    [namedForCallsIn],
  ),
  trunkPeak: ofService('trunk-peak', '中继并发呼叫峰值', 'Most calls at once on a trunk', 'count', [
    '当月该中继同时进行的呼叫数的最大值（分母为该中继当月呼叫数）；与登记通道数的比较见《码号与中继登记》',
    'most calls that went on at once on the trunk in the month (the denominator is its calls); beside the declared channels in the document on numbers and trunks',
  ]),
  reviewSampling: ofService(
    'qa-sampling',
    '质检抽检率',
    'Quality sampling rate',
    'percent',
    ['被质检的呼叫数 ÷ 坐席接听的来电数', 'calls that were reviewed ÷ calls in that an agent answered'],
    undefined,
    [callsInOnly],
  ),
  reviewPass: formula('qa-pass', '质检合格率', 'Quality pass rate', 'percent', [
    '得分 ≥ 80 的质检数 ÷ 质检数（80 分为惯例）',
    'reviews with a score of 80 or more ÷ reviews (80 is a convention)',
  ]),
  reviewCritical: formula('qa-critical', '关键差错率', 'Critical-error rate', 'percent', [
    '有关键或致命差错的质检数 ÷ 质检数',
    'reviews with a critical or fatal error ÷ reviews',
  ]),
  complaintsReopened: formula('complaints-reopened', '投诉重开率', 'Complaints re-opened', 'percent', [
    '重开的投诉数 ÷ 受理投诉数',
    'complaints re-opened ÷ complaints received',
  ]),
  complaintAppeals: formula('complaint-appeals', '申诉比例', 'Appeals', 'percent', [
    '经监管机构转来的申诉数 ÷ 受理投诉数',
    'complaints that came by the regulator (申诉) ÷ complaints received',
  ]),
  ...outboundFormulas,
} as const;

export type FormulaKey = keyof typeof formulas;
/** The formulas that are these figures of the registry. */
export type InReports<Key extends AnyFigureKey> = {
  [F in FormulaKey]: (typeof formulas)[F] extends { readonly figure: Key } ? F : never;
}[FormulaKey];

/** A figure with the counts behind it. `value` is undefined when nothing could be counted: shown as "—", never as 0. */
export interface Figure {
  readonly formula: FormulaKey;
  readonly version: number;
  /** `2026-10`, in the site's zone. */
  readonly month: string;
  /** `all`, `queue:service`, `number:4001000`, `trunk:carrier-1`. */
  readonly group: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly value?: number;
}
