import { downBlocks, wayBlocks } from './proof-document.js';
import { openPoints, toBeConfirmed, type OpenPoint } from '../checks/open-points.js';
import { inWords, listed, type Say, named } from '../../shared/domain/language.js';
import type { FormulaChange } from '../quality/formula-changes.js';
import { formulas, type Figure, type FormulaKey } from '../quality/formulas.js';
import { barChart } from './chart.js';
import { storedBlocks } from './stored-figures.js';
import {
  type Block,
  type Document,
  heading,
  ofDates,
  ofFigures,
  ofTimes,
  pairs,
  small,
  table,
  text,
  type Head,
} from '../../shared/domain/licence/document.js';
import { showFigure, showParts } from './format.js';
import { localTime } from '../../shared/domain/time/local-time.js';
import { complaintKinds, complaintSources, complaintStates } from './row-words.js';
import type { PackFacts } from './pack-facts.js';

function groupName(group: string, queues: PackFacts['queueNames'], say: Say): string {
  const [kind = '', id = ''] = group.split(/:(.*)/s);
  switch (kind) {
    case 'queue':
      return `${say('队列', 'Queue')} ${named(queues, id, say)}`;
    case 'trunk':
      return `${say('中继', 'Trunk')} ${id}`;
    case 'number':
      return `${say('号码', 'Number')} ${id}`;
    default:
      return say('全部', 'All');
  }
}

/** Formulas are told apart by their names, as everywhere: ids are for programs and stand in `figures.json`. */
const versionOf = (version: number, say: Say): string => say(`第 ${version} 版`, `version ${version}`);

export const figureRow =
  ({ queueNames }: Pick<PackFacts, 'queueNames'>, say: Say) =>
  (figure: Figure): string[] => [
    figure.month,
    groupName(figure.group, queueNames, say),
    inWords(formulas[figure.formula].name, say),
    ...showParts(figure, say),
    showFigure(figure, say),
    versionOf(figure.version, say),
  ];
export const headsOf = (say: Say): (string | Head)[] => [
  say('月份', 'Month'),
  say('范围', 'Of'),
  say('指标', 'Figure'),
  ofFigures(say('分子', 'Numerator')),
  ofFigures(say('分母', 'Denominator')),
  ofFigures(say('结果', 'Value')),
  say('公式', 'Formula'),
];
export const widths = [1.1, 1.8, 3, 1.6, 1.5, 1.3, 1.1];

/** 服务质量 (item 73): each figure with its numerator and denominator; each formula in words, once. */
export function qualityDocument(
  facts: PackFacts,
  say: Say,
  /** How the formulas changed over the years is for those who compare packs, not for those to whom a case is submitted. */
  { history = true }: { readonly history?: boolean } = {},
): Document {
  const overall = facts.figures.filter(({ group }) => group === 'all');
  const used = [...new Set(facts.figures.map(({ formula }) => formula))];
  const reservations = [...new Set(used.flatMap((key) => ('openPoint' in formulas[key] ? [formulas[key].openPoint as OpenPoint] : [])))];
  return {
    id: 'quality',
    fileName: say('04-服务质量数据', '04-service-quality'),
    title: say('服务质量保障措施与实测数据', 'Service quality: measures and measured results'),
    forms: ['pdf', 'xlsx'],
    blocks: [
      heading(say('一、保障措施', '1. Measures')),
      text(
        say(
          '话务实时监控服务水平与最长等待，超出目标即告警；系统每 15 分钟经本机回环（不经运营商线路）自动拨测一次，逐段核对应答、排队、坐席、双向通话与录音，并查各中继，当时或自上一次以来有不通的，该次不计为可用；投诉按时限计时并逐级提醒；每通人工服务后邀请评价，坐席不能发起、跳过或修改。',
          'Service level and longest wait are watched live, with alarms. Every 15 minutes a proof call comes in over the loopback of the machine, and over no line of a carrier, and checks answer, queue, seat, voice both ways and the recording; the trunks are looked at too, and when one is down, or was since the call before, the call does not count as available. Complaints run against clocks with reminders and escalation. After each call with an agent the caller is asked for a score, which the agent can neither start, skip nor change.',
        ),
      ),
      heading(say('二、实测数据（全部队列与号码）', '2. Measured (all queues and numbers)')),
      pairs(
        [
          say('期间', 'Period'),
          say(`${facts.from} 至 ${facts.to}，时区 ${facts.zone}`, `${facts.from} to ${facts.to}, zone ${facts.zone}`),
        ],
        [
          say('呼叫数', 'Calls'),
          say(
            `${facts.totals.calls}（呼入 ${facts.totals.inbound}，呼出 ${facts.totals.outbound}）`,
            `${facts.totals.calls} (${facts.totals.inbound} inbound, ${facts.totals.outbound} outbound)`,
          ),
        ],
        [say('人工接听', 'Handled by agents'), String(facts.totals.handled)],
        [say('归档录音', 'Recordings archived'), String(facts.totals.recordings)],
      ),
      ...chart(overall, 'serviceLevel20', say),
      ...chart(overall, 'answerRate', say),
      table(headsOf(say), overall.map(figureRow(facts, say)), { title: say('全部', 'All'), widths }),
      ...wayBlocks(facts.proofs, say),
      ...downBlocks(facts.proofs, say),
      heading(say('三、按队列、号码与中继', '3. By queue, number and trunk')),
      table(
        headsOf(say),
        facts.figures
          .filter(({ group }) => group !== 'all')
          .slice(0, 1_200)
          .map(figureRow(facts, say)),
        { title: say('按队列、号码与中继', 'By queue, number and trunk'), widths },
      ),
      heading(say('四、公式', '4. Formulas')),
      small(
        say(
          '等待自进入人工队列起至坐席应答止，不含语音导航时间。没有全国统一的短时放弃标准，本表采用 5 秒并同时给出两种口径。分母为零的指标以"—"表示。',
          "A wait runs from entering the agent queue to the agent's answer, without the menu. There is no national rule for short abandons: 5 s are used, and both figures are given. A figure without a denominator is a dash.",
        ),
      ),
      ...reservations.map((point) => small(`${toBeConfirmed(say)}${say('：', ': ')}${inWords(openPoints[point], say)}`)),
      small(
        say(
          '独立复算：用包内 recompute.py 由 rows 目录的原始数据明细重新计算全部指标并与 figures.json 逐项比较。',
          'Independent recomputation: recompute.py in the pack computes every figure from the rows again and compares it with figures.json.',
        ),
      ),
      table(
        [say('名称（中文 / 英文）', 'Name (English / Chinese)'), say('版本', 'Version'), say('定义', 'Definition')],
        used.map((key) => {
          const { name, version, text: meaning } = formulas[key];
          return [say(`${name.zh} / ${name.en}`, `${name.en} / ${name.zh}`), versionOf(version, say), inWords(meaning, say)];
        }),
        { title: say('公式', 'Formulas'), widths: [2.2, 1, 5] },
      ),
      ...(history ? historyOf(used, say) : []),
    ],
  };
}

/** Each change of meaning once, with the versions that it created. */
function historyOf(used: readonly FormulaKey[], say: Say): Block[] {
  const versions = new Map<FormulaChange, string[]>();
  for (const key of used)
    formulas[key].changes.forEach((change, i) =>
      versions.set(change, [
        ...(versions.get(change) ?? []),
        say(`${formulas[key].name.zh}（第 ${i + 2} 版）`, `${formulas[key].name.en} (version ${i + 2})`),
      ]),
    );
  if (versions.size === 0) return [];
  return [
    table(
      [ofDates(say('自', 'Since')), say('变更', 'Change'), say('公式版本', 'Versions')],
      [...versions].map(([{ on, what }, made]) => [on, inWords(what, say), listed(made, say)]),
      { title: say('公式沿革', 'History of the formulas'), widths: [1, 2.4, 5] },
    ),
  ];
}

function chart(figures: readonly Figure[], key: FormulaKey, say: Say): Block[] {
  const months = figures.filter(({ formula, value }) => formula === key && value !== undefined);
  if (months.length === 0) return [];
  return [
    {
      kind: 'drawing',
      widthPt: 430,
      caption: say(`${formulas[key].name.zh}（%），分月`, `${formulas[key].name.en} (%), by month`),
      svg: barChart(
        months.map((figure) => ({ label: figure.month, value: figure.value ?? 0, shown: showFigure(figure, say) })),
        100,
        { value: 80, label: say('80（惯例）', '80 (convention)') },
      ),
    },
  ];
}

const moment = (atMs: number | undefined, zone: string): string => (atMs === undefined ? '' : localTime(atMs, zone).slice(0, 16));
const MOST_COMPLAINTS_ON_PAPER = 500;

const feedback: readonly FormulaKey[] = [
  'complaintsPer10000',
  'complaintsInTime',
  'complaintsReopened',
  'complaintAppeals',
  'complaintDays',
  'satisfaction',
  'satisfactionMean',
  'surveyResponse',
  'surveyInvitation',
];

const complaintTable = ({ complaints, zone }: PackFacts, say: Say) =>
  table(
    [
      say('编号', 'Number'),
      say('来源', 'Source'),
      say('类别', 'Kind'),
      ofTimes(say('受理', 'Received')),
      ofTimes(say('期限', 'Due')),
      ofTimes(say('答复', 'Answered')),
      ofTimes(say('办结', 'Closed')),
      say('属实', 'Upheld'),
      say('重开', 'Reopened'),
      ofFigures(say('用户满意度', 'Satisfaction')),
      say('状态', 'State'),
    ],
    complaints
      .slice(-MOST_COMPLAINTS_ON_PAPER)
      .map((row) => [
        row.number,
        named(complaintSources, row.source, say),
        named(complaintKinds, row.kind, say),
        moment(row.receivedAtMs, zone),
        moment(row.dueAtMs, zone),
        moment(row.answeredAtMs, zone),
        moment(row.closedAtMs, zone),
        row.upheld === '' ? '' : row.upheld === 'yes' ? say('是', 'yes') : say('否', 'no'),
        row.reopened ? say('是', 'yes') : '',
        row.satisfaction === undefined ? '' : String(row.satisfaction),
        named(complaintStates, row.state, say),
      ]),
    { title: say('投诉台账', 'Complaints'), widths: [2, 1.2, 1.6, 1.8, 1.8, 1.8, 1.8, 0.8, 0.8, 1, 1.1] },
  );

/** 投诉台账与满意度报告 (item 74). */
export function feedbackDocument(facts: PackFacts, say: Say): Document {
  const { complaints } = facts;
  const scores = Object.entries(facts.scores).sort(([a], [b]) => Number(b) - Number(a));
  const most = Math.max(1, ...scores.map(([, count]) => count));
  return {
    id: 'feedback',
    fileName: say('05-投诉台账与满意度报告', '05-complaints-and-satisfaction'),
    title: say('投诉台账与满意度报告', 'Complaint ledger and satisfaction'),
    landscape: true,
    forms: ['pdf', 'xlsx'],
    blocks: [
      heading(say('一、汇总', '1. Summary')),
      table(
        headsOf(say),
        facts.figures.filter(({ group, formula }) => group === 'all' && feedback.includes(formula)).map(figureRow(facts, say)),
        {
          title: say('汇总', 'Summary'),
          widths,
        },
      ),
      ...storedBlocks(facts, say),
      heading(say('二、投诉台账', '2. Complaint ledger')),
      ...(complaints.length > MOST_COMPLAINTS_ON_PAPER
        ? [
            small(
              say(
                `共 ${complaints.length} 件，纸面列出最近 ${MOST_COMPLAINTS_ON_PAPER} 件，全部见 rows/complaints.csv。`,
                `${complaints.length} cases; the newest ${MOST_COMPLAINTS_ON_PAPER} are printed, all are in rows/complaints.csv.`,
              ),
            ),
          ]
        : []),
      complaintTable(facts, say),
      heading(say('三、满意度分布', '3. Distribution of scores')),
      small(
        say(
          `满意度一律与参与率同时列示。申诉答复期限的条款号${toBeConfirmed(say)}。`,
          `Satisfaction is never shown without its response rate. The article behind the limit for appeals is ${toBeConfirmed(say)}.`,
        ),
      ),
      ...(scores.length === 0
        ? [text(say('期间没有有效评价。', 'No valid rating in the period.'))]
        : [
            {
              kind: 'drawing' as const,
              widthPt: 430,
              caption: say('评分分布（5 分制）', 'Scores, of 5'),
              svg: barChart(
                scores.map(([score, count]) => ({ label: say(`${score} 分`, score), value: count, shown: String(count) })),
                most,
              ),
            },
          ]),
      table(
        [say('评分', 'Score'), ofFigures(say('数量', 'Number'))],
        scores.map(([score, count]) => [score, String(count)]),
        { title: say('满意度分布', 'Scores') },
      ),
    ],
  };
}
