import { toBeConfirmed } from '../checks/open-points.js';
import { fraudPatternNames, fraudPatterns, fraudShares, type FraudPattern } from '../../shared/domain/calls/fraud.js';
import { type Say, named } from '../../shared/domain/language.js';
import { type Block, type Document, heading, ofFigures, ofTimes, pairs, small, table, text } from '../../shared/domain/licence/document.js';
import type { AlarmRow } from '../quality/call-row.js';
import type { FormulaKey } from '../quality/formulas.js';
import { cite } from '../../shared/domain/licence/rules/rule-book.js';
import { localTime } from '../../shared/domain/time/local-time.js';
import type { PackFacts } from './pack-facts.js';
import { figureRow, headsOf, widths } from './quality-documents.js';
import { dialPurposes, dialRefusals, personRefusals } from './row-words.js';

const outboundFigures: readonly FormulaKey[] = [
  'outboundAnswered',
  'postDialDelay',
  'postDialDelay95',
  'outboundBlocked',
  'outboundConsent',
  'outboundTries',
];

/** 外呼管理 with its proof (item 75). */
export function outboundDocument(facts: PackFacts, say: Say): Document {
  const { outbound } = facts;
  return {
    id: 'outbound',
    fileName: say('06-外呼管理与证明', '06-outbound-calls'),
    title: say('外呼管理制度执行情况', 'Control of outbound calls'),
    forms: ['pdf', 'xlsx'],
    blocks: [
      text(
        say(
          '原则上只在用户主动来电的基础上提供服务。确需外呼的，仅限即时回访、信息咨询、服务通知、投诉与满意度回访，须有用户同意凭证；不提供商业营销用途。',
          'In principle, service is given when the user calls. Where an outbound call is needed, it is for a call-back, information, a service notice, a complaint or a score, with consent on record; marketing is not a purpose.',
        ),
      ),
      pairs(
        [say('期间呼出', 'Outbound calls'), String(outbound.calls)],
        [say('外呼请求（含被拦截）', 'Dialling attempts (including refused ones)'), String(outbound.attempts)],
        [say('同意凭证（有效 / 全部）', 'Consents (in force / all)'), `${outbound.consents.inForce} / ${outbound.consents.all}`],
        [say('谢绝来电名单', 'Do-not-call list'), String(outbound.doNotCall)],
        [say('抽样种子', 'Seed of the sample'), outbound.seed],
      ),
      table(
        [say('拦截原因', 'Blocked because'), ofFigures(say('次数', 'Times'))],
        Object.entries(outbound.blocked)
          .sort(([, a], [, b]) => b - a)
          .map(([reason, count]) => [named(dialRefusals, reason, say), String(count)]),
        { title: say('按规则拦截', 'Blocked by rule') },
      ),
      table(
        [
          say('呼叫编号', 'Call'),
          ofTimes(say('时间', 'At')),
          say('号码（掩码）', 'Number (masked)'),
          say('用途', 'Purpose'),
          say('录音', 'Recording'),
          say('同意凭证', 'Consent'),
        ],
        outbound.sample.map((call) => [
          call.callId,
          call.at,
          call.numberMasked,
          named(dialPurposes, call.purpose, say),
          call.recording ? say('有', 'yes') : say('无', 'no'),
          call.consent,
        ]),
        { title: say('抽样：录音与同意凭证', 'Sample: recording and consent'), widths: [2.4, 1.8, 1.6, 1.2, 0.8, 2] },
      ),
      table(
        [ofTimes(say('登记时间', 'Since')), say('号码（掩码）', 'Number (masked)'), say('原因', 'Reason')],
        outbound.refusals.map(({ at, numberMasked, reason }) => [at, numberMasked, named(personRefusals, reason, say)]),
        { title: say('谢绝来电名单：最新登记', 'Do-not-call list: newest entries') },
      ),
      table(
        headsOf(say),
        facts.figures.filter(({ group, formula }) => group === 'all' && outboundFigures.includes(formula)).map(figureRow(facts, say)),
        { title: say('外呼指标', 'Figures of outbound calls'), widths },
      ),
      ...fraudBlocks(facts, say),
      small(
        say(
          `用户撤回同意的，即不再拨打，正在振铃的呼叫随即取消，已接通的通话可继续至结束；撤回不影响撤回前的处理（依据：${cite('personal-15', say)}）。`,
          `If a person withdraws consent, no further call is dialled and a ringing call is cancelled; an answered call may continue to its end. What was done before stays valid (${cite('personal-15', say)}).`,
        ),
      ),
      small(
        say(
          `录音、主被叫号码、拨打时间与同意凭证保存不少于 30 日（信管〔2020〕81号，公开报道引用，原文以主管部门为准）。外呼时段与频次数值来自运营商要求，${toBeConfirmed(say)}。`,
          `Recordings, numbers, times and consent are kept for 30 days at least (notice 81 of 2020, as quoted by the press). Hours and frequencies are those of carriers, ${toBeConfirmed(say)}.`,
        ),
      ),
    ],
  };
}

/** The number of alarms that the document prints; the file of rows has all. */
const NEWEST_ALARMS = 200;

const isPattern = (pattern: string): pattern is FraudPattern => (fraudPatterns as readonly string[]).includes(pattern);
const patternName = (pattern: string, say: Say): string =>
  isPattern(pattern) ? say(fraudPatternNames.zh[pattern], fraudPatternNames.en[pattern]) : pattern;
const isShare = (pattern: string): boolean => isPattern(pattern) && fraudShares.includes(pattern);

/** 异常呼叫监测 (item 16): its rules, its findings, its stops, and what a person said about each. */
function fraudBlocks({ outbound: { alarms, fraudSettings }, zone }: PackFacts, say: Say): Block[] {
  const by = (pattern: string): AlarmRow[] => alarms.filter((alarm) => alarm.pattern === pattern);
  const subject = ({ subjectKind, subject: shown }: AlarmRow): string =>
    subjectKind === 'agent'
      ? say(`坐席 ${shown}`, `Agent ${shown}`)
      : subjectKind === 'caller'
        ? say(`来电 ${shown}`, `Caller ${shown}`)
        : say(`号码 ${shown}`, `Number ${shown}`);
  return [
    heading(say('异常呼叫监测', 'Unusual calls')),
    text(
      say(
        '系统每 30 秒按下列规则检查最近的呼叫与外呼请求，按自然月核对外呼投诉率；达到界限即告警，规则要求停止的，同时停止该号码或坐席的外呼，直到有人核实并写明情况。告警、停止与处理均写入审计日志。',
        'Every 30 seconds recent calls and dialling attempts are checked against the rules below; complaints are checked by calendar month. A rule raises an alarm at its limit; where the rule says so, the number or the agent may not call until a person has reviewed it and recorded the finding. Alarm, stop and settlement are in the audit log.',
      ),
    ),
    table(
      [
        say('异常', 'Pattern'),
        ofFigures(say('界限', 'Limit')),
        ofFigures(say('时段', 'Within')),
        ofFigures(say('至少', 'Of at least')),
        say('自动停止', 'Stops'),
        ofFigures(say('告警', 'Alarms')),
        ofFigures(say('已停止', 'Stopped')),
        ofFigures(say('已处理', 'Settled')),
        ofFigures(say('待处理', 'Open')),
      ],
      fraudPatterns.map((pattern) => {
        const { on, limit, atLeast, withinMinutes, stops } = fraudSettings.rules[pattern];
        const found = by(pattern);
        const settled = found.filter(({ settledAtMs }) => settledAtMs !== undefined).length;
        return [
          patternName(pattern, say),
          on ? `${limit}${isShare(pattern) ? ' %' : ''}` : say('未启用', 'off'),
          pattern === 'complaints' ? say('当月', 'month') : say(`${withinMinutes} 分钟`, `${withinMinutes} min`),
          atLeast === 0 ? '' : String(atLeast),
          stops ? say('是', 'yes') : say('否', 'no'),
          ...[found.length, found.filter(({ stopped }) => stopped).length, settled, found.length - settled].map(String),
        ];
      }),
      { title: say('监测规则与期间告警', 'Rules of the watch, and alarms of the period'), widths: [3, 1, 1.1, 0.9, 1, 0.9, 0.9, 0.9, 0.9] },
    ),
    alarms.length === 0
      ? text(say('期间没有异常呼叫告警。', 'No alarm was raised in the period.'))
      : table(
          [
            ofTimes(say('告警时间', 'Raised at')),
            say('异常', 'Pattern'),
            say('对象', 'Of'),
            ofFigures(say('数量', 'Count')),
            say('停止外呼', 'Calls out stopped'),
            say('处理', 'Settled'),
            say('核实情况', 'What it was'),
          ],
          alarms
            .slice(-NEWEST_ALARMS)
            .toReversed()
            .map((alarm) => [
              localTime(alarm.atMs, zone),
              patternName(alarm.pattern, say),
              subject(alarm),
              isShare(alarm.pattern) ? `${alarm.count} / ${alarm.of}` : String(alarm.count),
              !alarm.stopped ? say('否', 'no') : alarm.lifted ? say('已恢复', 'lifted') : say('是', 'yes'),
              alarm.settledAtMs === undefined ? say('待处理', 'open') : `${localTime(alarm.settledAtMs, zone)} ${alarm.settledBy}`,
              alarm.finding,
            ]),
          { title: say('期间告警（最新在前）', 'Alarms of the period, the newest first'), widths: [1.6, 1.8, 1.7, 0.9, 0.9, 1.8, 2.6] },
        ),
    ...(alarms.length > NEWEST_ALARMS
      ? [
          small(
            say(
              `此处列出最新 ${NEWEST_ALARMS} 条；全部 ${alarms.length} 条见 rows/alarms.csv。`,
              `The newest ${NEWEST_ALARMS} of ${alarms.length}; rows/alarms.csv has them all.`,
            ),
          ),
        ]
      : []),
    small(
      say(
        `除外呼投诉率 0.05 % 为运营商公开口径外，各项界限由本单位设定，${toBeConfirmed(say)}。`,
        `Except for the 0.05 % of complaints, a figure that carriers publish, the site sets the limits, ${toBeConfirmed(say)}.`,
      ),
    ),
  ];
}
