import type { Words } from '../../shared/domain/language.js';
import {
  byHandlings,
  byStates,
  byVisits,
  callsInOnly,
  linesCounted,
  outagesCounted,
  proofCallsApart,
  type FormulaChange,
} from './formula-changes.js';

/** A definition of a figure. The text is printed beside it; a change of meaning is a new version, never an edit. */
export interface Formula {
  readonly id: string;
  /** One more than the number of changes. */
  readonly version: number;
  /** Oldest first: the first change made version 2. */
  readonly changes: readonly FormulaChange[];
  readonly name: Words;
  readonly text: Words;
  /** How the value is shown. */
  readonly unit: 'percent' | 'seconds' | 'count' | 'per-10000' | 'days' | 'score' | 'per-mille';
  /** Set when the formula relies on an interpretation that the authority has not confirmed (item 86). */
  readonly openPoint?: string;
}

const formula = (
  id: string,
  zh: string,
  en: string,
  unit: Formula['unit'],
  [textZh, textEn]: readonly [string, string],
  openPoint?: string,
  changes: readonly FormulaChange[] = [],
): Formula => ({
  id,
  version: 1 + changes.length,
  changes,
  name: { zh, en },
  text: { zh: textZh, en: textEn },
  unit,
  ...(openPoint === undefined ? {} : { openPoint }),
});

/** A formula over service calls: proof calls, which it counted at first, are left out. */
const ofService = (...[id, zh, en, unit, [textZh, textEn], openPoint, changes = []]: Parameters<typeof formula>): Formula =>
  formula(id, zh, en, unit, [`${textZh}；不含验证呼叫`, `${textEn}; without proof calls`], openPoint, [proofCallsApart, ...changes]);

/** The score from which a review is passed. A convention, printed with the figure. */
export const REVIEW_PASS_PERCENT = 80;
/** Attempts to reach one number are counted within this time. */
export const TRIES_WINDOW_MS = 86_400_000;

/** Regulation section 5. A wait runs from entering the agent queue to the agent's answer; menu time is not included. */
export const formulas = {
  answerRate: ofService(
    'answer-rate',
    '接通率',
    'Answer rate',
    'percent',
    ['人工接听量 H ÷ 进入队列次数 Q', 'visits answered by an agent H ÷ visits to queues Q'],
    undefined,
    [byVisits],
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
  abandonRate: ofService(
    'abandon-rate',
    '放弃率',
    'Abandon rate',
    'percent',
    ['排队或振铃中放弃量 A ÷ Q；预约回呼不计为放弃', 'abandoned while waiting or ringing A ÷ Q; a booked callback is no abandon'],
    undefined,
    [byVisits],
  ),
  averageSpeedOfAnswer: ofService(
    'asa',
    '平均应答速度 ASA',
    'Average speed of answer',
    'seconds',
    ['Σ 已接听的排队等待 ÷ H', 'Σ wait of the answered ÷ H'],
    undefined,
    [byVisits],
  ),
  wait90: ofService(
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
  longestWait: ofService(
    'wait-longest',
    '最长等待',
    'Longest wait',
    'seconds',
    ['全部离队者的最长排队等待', 'longest wait of all who left a queue'],
    undefined,
    [byVisits],
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
  averageHandleTime: ofService(
    'aht',
    '平均处理时长 AHT',
    'Average handle time',
    'seconds',
    ['Σ（通话 + 保持 + 话后处理）÷ 处理次数', 'Σ (talk + hold + wrap-up) ÷ handlings'],
    undefined,
    [byHandlings],
  ),
  occupancy: ofService(
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
  firstContactResolution: ofService(
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
  abandonShort: ofService(
    'short-abandons',
    '短时放弃 As',
    'Short abandons',
    'percent',
    ['排队等待不足 5 秒即放弃的次数 ÷ Q', 'left after waiting less than 5 s ÷ Q'],
    undefined,
    [byVisits],
  ),
  satisfaction: formula('csat', '满意度 CSAT', 'Satisfaction', 'percent', [
    '评分 ≥ 4（满意及以上）的有效评价数 ÷ 有效评价数（5 分制）',
    'valid ratings of 4 or 5 (satisfied or better) ÷ valid ratings, on a scale of 5',
  ]),
  satisfactionMean: formula('csat-mean', '满意度均分', 'Mean score', 'score', [
    'Σ 有效评分 ÷ 有效评价数',
    'Σ valid ratings ÷ number of valid ratings',
  ]),
  surveyResponse: formula('survey-response', '评价参与率', 'Response rate', 'percent', [
    '有效评价数 ÷ 邀请评价数',
    'valid ratings ÷ invitations',
  ]),
  surveyInvitation: ofService(
    'survey-invitation',
    '评价邀请率',
    'Invitation rate',
    'percent',
    ['邀请评价数 ÷ 坐席接听的来电数', 'invitations ÷ calls in that an agent answered'],
    undefined,
    [callsInOnly],
  ),
  complaintsPer10000: ofService('complaints-per-10000', '万次呼叫投诉量', 'Complaints per 10 000 calls', 'per-10000', [
    '受理投诉数 ÷ 呼入呼叫数 × 10000',
    'complaints received ÷ inbound calls × 10 000',
  ]),
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
    '可用率（验证呼叫与线路）',
    'Availability (proof calls and lines)',
    'percent',
    [
      '成功且无中继不通的验证呼叫数 ÷ 验证呼叫数（每 15 分钟一次，含人工发起）；中继不通：当时，或自上一次验证呼叫以来持续 10 秒以上，已启用中继的全部地址均不通（对 OPTIONS 无应答，且无呼叫接通），或运营商未接受其注册',
      'proof calls that succeeded and for which no trunk was down ÷ proof calls (every 15 minutes, and those made by hand); down: at the call, or for 10 s and more since the one before, no address of an enabled trunk answers OPTIONS or takes calls, or the carrier does not take its registration',
    ],
    undefined,
    [linesCounted, outagesCounted],
  ),
  answerSeizure: ofService('asr', '应答占用比 ASR', 'Answer-seizure ratio', 'percent', [
    '系统应答的呼入呼叫数 ÷ 呼入呼叫数',
    'inbound calls answered by the system ÷ inbound calls',
  ]),
  recorded: ofService(
    'recorded',
    '录音覆盖率',
    'Calls with a recording',
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
  mosMean: ofService(
    'mos-cqe-mean',
    'MOS-CQE 均值（E-model 估算）',
    'Mean MOS-CQE (E-model estimate)',
    'score',
    [
      'Σ 单呼 MOS-CQE ÷ 有媒体统计的呼叫数；R = 93.2 − Idd − Ie,eff,G.711 Ie = 0、Bpl = 25.1；单向时延 = RTT/2 + 2×抖动 + 25 ms',
      'Σ MOS-CQE of each call ÷ calls with media statistics; R = 93.2 − Idd − Ie,eff, G.711 Ie = 0, Bpl = 25.1; one-way delay = RTT/2 + 2 × jitter + 25 ms',
    ],
    'g107-exponent',
  ),
  mosGood: ofService(
    'mos-cqe-good',
    'R ≥ 80 的呼叫比例',
    'Calls with R ≥ 80',
    'percent',
    ['E-model R ≥ 80 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with E-model R ≥ 80 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosVerySatisfied: ofService(
    'mos-cqe-r90',
    'MOS-CQE 分布：R ≥ 90（非常满意）',
    'MOS-CQE: R ≥ 90 (very satisfied)',
    'percent',
    ['E-model R ≥ 90 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with E-model R ≥ 90 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosSatisfied: ofService(
    'mos-cqe-r80',
    'MOS-CQE 分布：80 ≤ R < 90（满意）',
    'MOS-CQE: 80 ≤ R < 90 (satisfied)',
    'percent',
    ['80 ≤ R < 90 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with 80 ≤ R < 90 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosSomeDissatisfied: ofService(
    'mos-cqe-r70',
    'MOS-CQE 分布：70 ≤ R < 80（部分不满意）',
    'MOS-CQE: 70 ≤ R < 80 (some dissatisfied)',
    'percent',
    ['70 ≤ R < 80 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with 70 ≤ R < 80 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosManyDissatisfied: ofService(
    'mos-cqe-r60',
    'MOS-CQE 分布：60 ≤ R < 70（多数不满意）',
    'MOS-CQE: 60 ≤ R < 70 (many dissatisfied)',
    'percent',
    ['60 ≤ R < 70 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with 60 ≤ R < 70 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  mosNearlyAllDissatisfied: ofService(
    'mos-cqe-r0',
    'MOS-CQE 分布：R < 60（几乎全部不满意）',
    'MOS-CQE: R < 60 (nearly all dissatisfied)',
    'percent',
    ['R < 60 的呼叫数 ÷ 有媒体统计的呼叫数', 'calls with R < 60 ÷ calls with media statistics'],
    'g107-exponent',
  ),
  networkEffectiveness: ofService('ner', '网络有效率 NER', 'Network effectiveness ratio', 'percent', [
    '（呼入呼叫数 − 因本方系统、媒体、编解码或容量原因失败的呼叫数）÷ 呼入呼叫数',
    '(inbound calls − calls that failed by our system, media, codecs or capacity) ÷ inbound calls',
  ]),
  trunkPeak: ofService('trunk-peak', '中继并发峰值', 'Most calls at once on a trunk', 'count', [
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
  outboundAnswered: formula('outbound-answered', '外呼应答率', 'Outbound answer rate', 'percent', [
    '对方应答的外呼数 ÷ 外呼数',
    'outbound calls that were answered ÷ outbound calls',
  ]),
  postDialDelay: formula('post-dial-delay', '拨号后时延 PDD（均值）', 'Post-dial delay (mean)', 'seconds', [
    'Σ 外呼从发出呼叫到对方振铃（未振铃即应答的到应答）的时间 ÷ 到达对方的外呼数',
    'Σ time from dialling to the ringing of the far side (to its answer when it did not ring) ÷ outbound calls that reached the far side',
  ]),
  postDialDelay95: formula('post-dial-delay-p95', '拨号后时延 95 百分位', '95th percentile of post-dial delays', 'seconds', [
    '到达对方的外呼的拨号后时延（进位到 0.1 秒）按最近秩法取 95 百分位',
    '95th percentile, nearest rank, of the post-dial delays of outbound calls that reached the far side, rounded up to tenths of a second',
  ]),
  outboundBlocked: formula('outbound-blocked', '外呼拦截率', 'Outbound calls blocked by rule', 'percent', [
    '被规则拦截的外呼请求数 ÷ 外呼请求数',
    'wishes to call out that a rule refused ÷ wishes to call out',
  ]),
  outboundConsent: formula('outbound-consent', '外呼同意凭证率', 'Outbound calls with consent', 'percent', [
    '有同意凭证的外呼数 ÷ 放行的外呼数（须为 100%）',
    'calls with a consent on record ÷ calls that were let through (must be 100 %)',
  ]),
  outboundTries: formula('outbound-tries', '24 小时内同号外呼最多次数', 'Most calls to one number within 24 hours', 'count', [
    '任意 24 小时内对同一号码放行的外呼次数的最大值（分母为放行的外呼数）',
    'most calls to one number that were let through within any 24 hours (the denominator is the calls let through)',
  ]),
} as const;

export type FormulaKey = keyof typeof formulas;

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
