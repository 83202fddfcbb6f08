import { namedForCallsOut } from './formula-changes.js';
import { formula } from './formula.js';

/** Calls out, and what the rules said about them. */
export const outboundFormulas = {
  outboundAnswered: formula('outbound-answered', '外呼应答率', 'Outbound answer rate', 'percent', [
    '对方应答的外呼数 ÷ 外呼数',
    'outbound calls that were answered ÷ outbound calls',
  ]),
  postDialDelay: formula(
    'outbound-post-dial-delay',
    '外呼接续时延（均值）',
    'Delay of calls out until ringing (mean)',
    'seconds',
    [
      'Σ 外呼从发出呼叫到对方振铃（未振铃即应答的到应答）的时间 ÷ 到达对方的外呼数',
      'Σ time from dialling to the ringing of the far side (to its answer when it did not ring) ÷ outbound calls that reached the far side',
    ],
    undefined,
    [namedForCallsOut],
  ),
  postDialDelay95: formula(
    'outbound-post-dial-delay-p95',
    '外呼接续时延 95 百分位',
    '95th percentile of the delays of calls out until ringing',
    'seconds',
    [
      '到达对方的外呼的拨号后时延（进位到 0.1 秒）按最近秩法取 95 百分位',
      '95th percentile, nearest rank, of the post-dial delays of outbound calls that reached the far side, rounded up to tenths of a second',
    ],
    undefined,
    [namedForCallsOut],
  ),
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
