import { TO_BE_CONFIRMED, openPoints, type OpenPoint } from '../checks/open-points.js';
import { formulas, type Figure, type FormulaKey } from '../quality/formulas.js';
import { barChart } from './chart.js';
import { heading, pairs, small, table, text, type Block, type Document } from './document.js';
import { localTime, showCount, showFigure } from './format.js';
import type { PackFacts } from './pack-facts.js';

const groupName = (group: string): string =>
  group === 'all' ? '全部' : group.startsWith('queue:') ? `队列 ${group.slice(6)}` : `号码 ${group.slice(7)}`;

const figureRow = (figure: Figure): string[] => [
  figure.month,
  groupName(figure.group),
  formulas[figure.formula].name.zh,
  showCount(figure.numerator),
  showCount(figure.denominator),
  showFigure(figure),
  `${formulas[figure.formula].id} v${figure.version}`,
];
const heads = ['月份', '范围', '指标', '分子', '分母', '结果', '公式'];
const widths = [1, 1.8, 2.4, 1.3, 1.3, 1.4, 2];

/** 服务质量 (item 73): each figure with its numerator and denominator; each formula in words, once. */
export function qualityDocument(facts: PackFacts): Document {
  const overall = facts.figures.filter(({ group }) => group === 'all');
  const used = [...new Set(facts.figures.map(({ formula }) => formula))];
  const reservations = [...new Set(used.flatMap((key) => ('openPoint' in formulas[key] ? [formulas[key].openPoint as OpenPoint] : [])))];
  return {
    id: 'quality',
    fileName: '04-服务质量数据',
    title: '服务质量保障措施与实测数据',
    forms: ['pdf', 'xlsx'],
    blocks: [
      heading('一、保障措施'),
      text(
        '话务实时监控服务水平与最长等待,超出目标即告警;系统每 15 分钟由外部中继侧自动发起一次验证呼叫,逐段核对应答、排队、座席、双向通话与录音;投诉按时限计时并逐级提醒;每通人工服务后邀请评价,座席不能发起、跳过或修改。',
      ),
      heading('二、实测数据(全部队列与号码)'),
      pairs(
        ['期间', `${facts.from} 至 ${facts.to},时区 ${facts.zone}`],
        ['呼叫数', `${facts.totals.calls}(呼入 ${facts.totals.inbound},呼出 ${facts.totals.outbound})`],
        ['人工接听', String(facts.totals.handled)],
        ['归档录音', String(facts.totals.recordings)],
      ),
      ...chart(overall, 'serviceLevel20', '服务水平 SL(20s)(%)'),
      ...chart(overall, 'answerRate', '接通率(%)'),
      table(heads, overall.map(figureRow), { title: '全部', widths }),
      heading('三、按队列与号码'),
      table(
        heads,
        facts.figures
          .filter(({ group }) => group !== 'all')
          .slice(0, 1_200)
          .map(figureRow),
        { title: '按队列与号码', widths },
      ),
      heading('四、公式'),
      table(
        ['公式', '名称', '定义'],
        used.map((key) => [`${formulas[key].id} v${formulas[key].version}`, formulas[key].name.zh, formulas[key].text]),
        { title: '公式', widths: [1.6, 1.6, 5] },
      ),
      small(
        '等待自进入人工队列起至座席应答止,不含语音导航时间。没有全国统一的短时放弃标准,本表采用 5 秒并同时给出两种口径。分母为零的指标以"—"表示。',
      ),
      ...reservations.map((point) => small(`${TO_BE_CONFIRMED}:${openPoints[point]}`)),
      small('独立复算:用包内 recompute.py 由 rows 目录的原始行重新计算全部指标并与 figures.json 逐项比较。'),
    ],
  };
}

function chart(figures: readonly Figure[], key: FormulaKey, caption: string): Block[] {
  const months = figures.filter(({ formula, value }) => formula === key && value !== undefined);
  if (months.length === 0) return [];
  return [
    {
      kind: 'drawing',
      widthPt: 430,
      caption: `${caption}(分月)`,
      svg: barChart(
        months.map((figure) => ({ label: figure.month, value: figure.value ?? 0, shown: showFigure(figure) })),
        100,
        { value: 80, label: '80(惯例)' },
      ),
    },
  ];
}

const moment = (atMs: number | undefined, zone: string): string => (atMs === undefined ? '' : localTime(atMs, zone).slice(0, 16));
const MOST_COMPLAINTS_ON_PAPER = 500;

/** 投诉台账与满意度报告 (item 74). */
export function feedbackDocument(facts: PackFacts): Document {
  const { complaints, zone } = facts;
  const scores = Object.entries(facts.scores).sort(([a], [b]) => Number(b) - Number(a));
  const most = Math.max(1, ...scores.map(([, count]) => count));
  const feedback: readonly FormulaKey[] = [
    'complaintsPer10000',
    'complaintsInTime',
    'complaintDays',
    'satisfaction',
    'satisfactionMean',
    'surveyResponse',
    'surveyInvitation',
  ];
  return {
    id: 'feedback',
    fileName: '05-投诉台账与满意度报告',
    title: '投诉台账与满意度报告',
    landscape: true,
    forms: ['pdf', 'xlsx'],
    blocks: [
      heading('一、汇总'),
      table(heads, facts.figures.filter(({ group, formula }) => group === 'all' && feedback.includes(formula)).map(figureRow), {
        title: '汇总',
        widths,
      }),
      heading('二、投诉台账'),
      ...(complaints.length > MOST_COMPLAINTS_ON_PAPER
        ? [small(`共 ${complaints.length} 件,纸面列出最近 ${MOST_COMPLAINTS_ON_PAPER} 件,全部见 rows/complaints.csv。`)]
        : []),
      table(
        ['编号', '来源', '类别', '受理', '期限', '答复', '办结', '属实', '重开', '用户满意度', '状态'],
        complaints
          .slice(-MOST_COMPLAINTS_ON_PAPER)
          .map((row) => [
            row.number,
            row.source,
            row.kind,
            moment(row.receivedAtMs, zone),
            moment(row.dueAtMs, zone),
            moment(row.answeredAtMs, zone),
            moment(row.closedAtMs, zone),
            row.upheld,
            row.reopened ? '是' : '',
            row.satisfaction === undefined ? '' : String(row.satisfaction),
            row.state,
          ]),
        { title: '投诉台账', widths: [2, 1.2, 1.6, 1.8, 1.8, 1.8, 1.8, 0.8, 0.8, 1, 1.1] },
      ),
      heading('三、满意度分布'),
      ...(scores.length === 0
        ? [text('期间没有有效评价。')]
        : [
            {
              kind: 'drawing' as const,
              widthPt: 430,
              caption: '评分分布(5 分制)',
              svg: barChart(
                scores.map(([score, count]) => ({ label: `${score} 分`, value: count, shown: String(count) })),
                most,
              ),
            },
          ]),
      table(
        ['评分', '数量'],
        scores.map(([score, count]) => [score, String(count)]),
        { title: '满意度分布' },
      ),
      small('满意度一律与参与率同时列示。申诉答复期限的条款号' + TO_BE_CONFIRMED + '。'),
    ],
  };
}

/** 外呼管理 with its proof (item 75). */
export function outboundDocument(facts: PackFacts): Document {
  const { outbound } = facts;
  return {
    id: 'outbound',
    fileName: '06-外呼管理与证明',
    title: '外呼管理制度执行情况',
    forms: ['pdf', 'xlsx'],
    blocks: [
      text(
        '原则上只在用户主动来电的基础上提供服务。确需外呼的,仅限即时回访、信息咨询、服务通知、投诉与满意度回访,须有用户同意凭证;不提供商业营销用途。',
      ),
      pairs(
        ['期间呼出', String(outbound.attempts)],
        ['用户同意凭证', String(outbound.consents)],
        ['谢绝来电名单', String(outbound.doNotCall)],
        ['抽样种子', outbound.seed],
      ),
      table(
        ['拦截原因', '次数'],
        Object.entries(outbound.blocked).map(([reason, count]) => [reason, String(count)]),
        { title: '按规则拦截' },
      ),
      table(
        ['呼叫编号', '时间', '号码(掩码)', '录音', '同意凭证'],
        outbound.sample.map((call) => [call.callId, call.at, call.numberMasked, call.recording ? '有' : '无', call.consent]),
        { title: '抽样:录音与同意凭证', widths: [2.4, 1.8, 1.6, 0.8, 2] },
      ),
      small(
        '录音、主被叫号码、拨打时间与同意凭证保存不少于 30 日(信管〔2020〕81号,据报道引用)。外呼时段与频次数值来自运营商要求,' +
          TO_BE_CONFIRMED +
          '。',
      ),
    ],
  };
}

/** Availability from the caller's side: the proof calls. */
export function proofDocument(facts: PackFacts): Document {
  return {
    id: 'proof-calls',
    fileName: '13-验证呼叫记录',
    title: '验证呼叫记录',
    forms: ['pdf', 'xlsx'],
    blocks: [
      text('验证呼叫由中继侧真实发起,经语音导航、排队、座席、双向通话到录音归档,逐段核对。'),
      ...facts.figures
        .filter(({ formula, group }) => formula === 'availability' && group === 'all')
        .map((figure) =>
          text(`${figure.month}:${showCount(figure.numerator)} / ${showCount(figure.denominator)} 成功,可用率 ${showFigure(figure)}。`),
        ),
      table(
        ['时间', '来源', '结果', '总用时(毫秒)', '编号'],
        facts.proofs
          .slice(-400)
          .map((proof) => [
            localTime(proof.atMs, facts.zone),
            proof.origin,
            proof.ok ? '成功' : '失败',
            String(Math.round(proof.totalMs)),
            proof.proofId,
          ]),
        { title: '验证呼叫', widths: [2, 1.2, 1, 1.4, 3.4] },
      ),
    ],
  };
}

/** 年报工作簿 (item 81): the six items of 42号令 Art. 35, publishable or not, beside last year's. */
export function annualWorkbook(facts: PackFacts): Document {
  const before = new Map(facts.figuresBefore.map((figure) => [`${figure.formula}|${figure.month.slice(5)}|${figure.group}`, figure]));
  const overall = facts.figures.filter(({ group }) => group === 'all');
  const rows = (register: string): string => String(facts.file[register]?.rows.length ?? 0);
  const year = facts.to.slice(0, 4);
  return {
    id: 'annual-report',
    fileName: `21-${year}年度年报工作簿`,
    title: `${year} 年度电信业务经营信息年报工作簿`,
    forms: ['xlsx', 'pdf'],
    blocks: [
      small(
        '42号令第 35 条六项。(一)至(三)公示(商业秘密除外),(五)(六)由经营者选择是否公示。填报期 1 月 1 日至 3 月 31 日。月报是否须报' +
          TO_BE_CONFIRMED +
          '。',
      ),
      table(
        ['项目', '内容', '公示'],
        [
          [
            '(一)经营情况',
            `呼叫 ${facts.totals.calls},呼入 ${facts.totals.inbound},呼出 ${facts.totals.outbound};人工接听 ${facts.totals.handled};委托单位 ${rows('clients')} 家。业务收入由财务填写。`,
            '是',
          ],
          [
            '(二)网络建设、业务发展、人员与机构',
            `坐席 ${rows('seats')},号码 ${rows('numbers')},中继 ${rows('trunks')},场地 ${rows('sites')},人员 ${rows('staff')};报备差异 ${facts.differences.length} 处。`,
            '是',
          ],
          [
            '(三)服务质量',
            overall
              .filter(({ formula }) => ['answerRate', 'serviceLevel20', 'satisfaction', 'complaintsPer10000'].includes(formula))
              .map((figure) => `${figure.month} ${formulas[figure.formula].name.zh} ${showFigure(figure)}`)
              .join(';'),
            '是',
          ],
          [
            '(四)网络与信息安全制度与措施执行',
            `制度 ${rows('rules')} 项,演练 ${rows('drills')} 次,定级备案 ${rows('gradings')} 项,培训 ${rows('trainings')} 次。`,
            '否',
          ],
          [
            '(五)守法与特别规定事项',
            `行政处罚 ${rows('penalties')} 项;一致性检查须处理 ${facts.findings.filter(({ severity }) => severity === 'breach').length} 项。`,
            '由经营者选择',
          ],
          ['(六)其他', '', '由经营者选择'],
        ],
        { title: '六项', widths: [2, 6, 1.2] },
      ),
      table(
        ['月份', '指标', '本年结果', '上年同月', '分子', '分母'],
        overall.map((figure) => {
          const last = before.get(`${figure.formula}|${figure.month.slice(5)}|${figure.group}`);
          return [
            figure.month,
            formulas[figure.formula].name.zh,
            showFigure(figure),
            last === undefined ? '—' : showFigure(last),
            showCount(figure.numerator),
            showCount(figure.denominator),
          ];
        }),
        { title: '服务质量与上年比较', widths: [1, 2.4, 1.4, 1.4, 1.4, 1.4] },
      ),
      table(
        ['登记', '登记数', '使用数', '一致'],
        [
          ['坐席', rows('seats'), String(facts.usage.peakSeats), facts.usage.peakSeats <= Number(rows('seats')) ? '是' : '否'],
          [
            '号码',
            rows('numbers'),
            String(facts.usage.numbers.length),
            facts.usage.numbers.every(({ number }) => facts.file['numbers']?.rows.some(({ key }) => key === number) ?? false) ? '是' : '否',
          ],
          [
            '中继',
            rows('trunks'),
            String(facts.usage.trunks.length),
            facts.usage.trunks.every(({ trunkId }) => facts.file['trunks']?.rows.some(({ key }) => key === trunkId) ?? false) ? '是' : '否',
          ],
        ],
        { title: '与登记核对' },
      ),
    ],
  };
}
