import { toBeConfirmed } from '../../checks/open-points.js';
import { inWords, listed, type Say, type Words } from '../../../shared/domain/language.js';
import { hasDuty, namedDuties, rowsOf, shownOf, textOf } from '../../../shared/domain/licence/licence-file.js';
import { formulas, type FormulaKey } from '../../quality/formulas.js';
import { type Document, ofFigures, small, table } from '../../../shared/domain/licence/document.js';
import { holdersOf } from '../share-chart.js';
import { storedBlocks, storedComplaints } from '../stored-figures.js';
import { showFigure, showParts } from '../format.js';
import type { AnnualCount, AnnualSummary, PackFacts } from '../pack-facts.js';

const countNames = {
  calls: { zh: '呼叫总数', en: 'Calls' },
  inbound: { zh: '呼入', en: 'Inbound' },
  outbound: { zh: '呼出', en: 'Outbound' },
  handled: { zh: '人工接听', en: 'Handled by agents' },
  complaints: { zh: '受理投诉', en: 'Complaints received' },
  clients: { zh: '委托单位', en: 'Client units' },
  seats: { zh: '坐席', en: 'Seats' },
  numbers: { zh: '号码', en: 'Numbers' },
  trunks: { zh: '中继', en: 'Trunks' },
  sites: { zh: '场地', en: 'Sites' },
  staff: { zh: '人员', en: 'Staff' },
  technicalStaff: { zh: '技术人员', en: 'Technical staff' },
} as const satisfies Record<AnnualCount, Words>;

export function annualSummary(facts: PackFacts): AnnualSummary {
  const number = (register: string): number => rowsOf(facts.file, register).length;
  return {
    year: Number(facts.to.slice(0, 4)),
    counts: {
      calls: facts.totals.calls,
      inbound: facts.totals.inbound,
      outbound: facts.totals.outbound,
      handled: facts.totals.handled,
      // As stored at the end of the year. A year that is not stored yet is counted from the rows of the pack.
      complaints:
        storedComplaints(facts, Number(facts.to.slice(0, 4))) ??
        facts.figures
          .filter(({ formula, group }) => formula === 'complaintsPer10000' && group === 'all')
          .reduce((sum, { numerator }) => sum + numerator, 0),
      clients: rowsOf(facts.file, 'clients').filter((client) => textOf(client, 'state') === 'active').length,
      seats: rowsOf(facts.file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '').length,
      numbers: number('numbers'),
      trunks: number('trunks'),
      sites: number('sites'),
      staff: rowsOf(facts.file, 'staff').filter((person) => textOf(person, 'leftOn') === '').length,
      technicalStaff: rowsOf(facts.file, 'staff').filter(
        (person) => textOf(person, 'leftOn') === '' && textOf(person, 'job') === 'technical',
      ).length,
    },
    figures: facts.figures.filter(({ group }) => group === 'all'),
  };
}

const onTheForm: readonly FormulaKey[] = [
  'answerRate',
  'serviceLevel20',
  'abandonRate',
  'satisfaction',
  'complaintsPer10000',
  'availability',
];

const revenueName = (say: Say): string => say('业务收入（元）', 'Revenue (CNY)');
const minutesName = (say: Say): string => say('通话分钟数', 'Minutes of talk');
const headsOf = (say: Say): string[] => [say('项目', 'Item'), say('内容', 'Content')];
const blankOf = (say: Say): string => say('（由公司填写）', '(filled in by the company)');

/** Entered in the case for the report, because the system does not know the revenue. */
function revenueOf(facts: PackFacts, say: Say): string {
  const revenue = facts.case?.of.row.values['revenueCny'];
  return typeof revenue === 'number' ? String(revenue) : blankOf(say);
}

/** Sites, seats and numbers by city, as the platform requires; numbers by their area of use. */
function cityTable({ file }: PackFacts, say: Say): Document['blocks'][number] {
  const cities = new Map<string, { sites: number; seats: number; numbers: number }>();
  const at = (place: string): { sites: number; seats: number; numbers: number } => {
    const known = cities.get(place) ?? { sites: 0, seats: 0, numbers: 0 };
    cities.set(place, known);
    return known;
  };
  const cityOf = new Map(rowsOf(file, 'sites').map((site) => [site.key, textOf(site, 'city') || textOf(site, 'province')]));
  for (const city of cityOf.values()) at(city).sites += 1;
  for (const seat of rowsOf(file, 'seats')) if (textOf(seat, 'usedUntil') === '') at(cityOf.get(textOf(seat, 'siteId')) ?? '—').seats += 1;
  for (const number of rowsOf(file, 'numbers')) at(textOf(number, 'area') || '—').numbers += 1;
  return table(
    [
      say('城市（地区）', 'City (area)'),
      ofFigures(say('场地', 'Sites')),
      ofFigures(say('坐席', 'Seats')),
      ofFigures(say('号码', 'Numbers')),
    ],
    [...cities].map(([city, { sites, seats, numbers }]) => [city, String(sites), String(seats), String(numbers)]),
    { title: say('分城市情况', 'By city') },
  );
}

function publishedTable(facts: PackFacts, summary: AnnualSummary, say: Say) {
  const { counts } = summary;
  const figure = (key: FormulaKey): string =>
    summary.figures
      .filter(({ formula }) => formula === key)
      .map((each) => `${each.month} ${showFigure(each, say)}`)
      .join(say('；', '; '));
  const licence = rowsOf(facts.file, 'licence')[0];
  return table(
    headsOf(say),
    [
      [
        say('（一）经营情况', '(1) Operation'),
        say(
          `呼叫 ${counts.calls}（呼入 ${counts.inbound}，呼出 ${counts.outbound}），人工接听 ${counts.handled}，委托单位 ${counts.clients} 家。`,
          `${counts.calls} calls (${counts.inbound} inbound, ${counts.outbound} outbound), ${counts.handled} handled by agents, ${counts.clients} client units.`,
        ),
      ],
      [revenueName(say), revenueOf(facts, say)],
      [minutesName(say), String(Math.round(facts.totals.talkMs / 60_000))],
      [
        say('（二）网络建设、业务发展、人员与机构', '(2) Network, business, staff and organisation'),
        say(
          `坐席 ${counts.seats}，号码 ${counts.numbers}，中继 ${counts.trunks}，场地 ${counts.sites}，人员 ${counts.staff}（技术 ${counts.technicalStaff}），与备案的差异 ${facts.differences.length} 处。`,
          `${counts.seats} seats, ${counts.numbers} numbers, ${counts.trunks} trunks, ${counts.sites} sites, ${counts.staff} staff (${counts.technicalStaff} technical), ${facts.differences.length} differences from the filing.`,
        ),
      ],
      [say('覆盖省份', 'Provinces'), licence === undefined ? '' : shownOf(facts.file, 'licence', licence, 'provinces')],
      [
        say('接入号码', 'Access numbers'),
        listed(
          rowsOf(facts.file, 'numbers').map(({ key }) => key),
          say,
        ),
      ],
      ...onTheForm.map((key, i) => [
        i === 0
          ? `${say('（三）服务质量：', '(3) Service quality: ')}${inWords(formulas[key].name, say)}`
          : inWords(formulas[key].name, say),
        figure(key),
      ]),
    ],
    {
      title: say('公示部分', 'Published'),
      widths: [2, 6],
      figuresOf: [revenueName(say), minutesName(say)],
    },
  );
}

function unpublishedTable(facts: PackFacts, say: Say) {
  const rows = (register: string): string => String(rowsOf(facts.file, register).length);
  const named = (duty: (typeof namedDuties)[keyof typeof namedDuties]): string =>
    listed(
      rowsOf(facts.file, 'staff')
        .filter((person) => hasDuty(person, duty))
        .map((person) => textOf(person, 'name')),
      say,
    );
  return table(
    headsOf(say),
    [
      [
        say('（四）网络与信息安全制度与措施执行', '(4) Network and information security'),
        say(
          `制度 ${rows('rules')} 项，演练 ${rows('drills')} 次，培训 ${rows('trainings')} 次。`,
          `${rows('rules')} rules, ${rows('drills')} drills, ${rows('trainings')} trainings.`,
        ),
      ],
      [inWords(namedDuties.security, say), named(namedDuties.security)],
      [
        say('定级备案编号', 'Grading, filing number'),
        listed(
          rowsOf(facts.file, 'gradings').map(({ key }) => key),
          say,
        ),
      ],
      [
        say('（五）守法与特别规定事项（由经营者选择是否公示）', '(5) Compliance and special terms (published if the operator chooses)'),
        say(`行政处罚 ${rows('penalties')} 项。`, `${rows('penalties')} penalties.`),
      ],
      [
        say('股权结构', 'Shareholding'),
        // Who holds shares of a shareholder stands in the share chart.
        holdersOf(facts.file)
          .map(({ name, percent }) => `${name} ${percent}%`)
          .join(say('；', '; ')),
      ],
      [say('（六）其他（由经营者选择是否公示）', '(6) Other (published if the operator chooses)'), blankOf(say)],
    ],
    { title: say('不公示部分', 'Not published'), widths: [2, 6] },
  );
}

/** 年报填报底稿 (item 81): the six items of 42号令 Art. 35, published and unpublished ones separately, next to last year's. */
export function annualWorkbook(facts: PackFacts, say: Say): Document {
  const summary = annualSummary(facts);
  const { year } = summary;
  return {
    id: 'annual-report',
    fileName: say(`21-${year}年度年报填报底稿`, `21-annual-report-${year}`),
    title: say(`${year} 年度电信业务经营信息年报填报底稿`, `Annual report of telecom business for ${year}: workbook`),
    forms: ['xlsx', 'pdf'],
    blocks: [
      small(
        say(
          `《电信业务经营许可管理办法》第三十五条六项。（一）至（三）公示（商业秘密除外），（五）（六）由经营者选择是否公示。填报期 1 月 1 日至 3 月 31 日，由公司在管理平台填报；经营者对内容的真实性负责。月报是否须报${toBeConfirmed(say)}。`,
          `Order 42, Art. 35: six items. (1) to (3) are published, trade secrets excepted; for (5) and (6) the operator chooses. Filed by the company on the platform between 1 January and 31 March; the operator answers for its truth. Whether a monthly report is due is ${toBeConfirmed(say)}.`,
        ),
      ),
      publishedTable(facts, summary, say),
      unpublishedTable(facts, say),
      cityTable(facts, say),
      ...storedBlocks(facts, say),
      ...comparison(facts, summary, say),
      reconciliation(facts, say),
    ],
  };
}

/** Next to last year's filing; without one, next to a new count of last year's rows. */
function comparison({ filedBefore, figuresBefore }: PackFacts, { counts, figures }: AnnualSummary, say: Say): Document['blocks'] {
  const before = new Map((filedBefore?.figures ?? figuresBefore).map((each) => [`${each.formula}|${each.month.slice(5)}`, each]));
  const lastCounts = filedBefore?.counts;
  return [
    small(
      filedBefore === undefined
        ? say(
            '上年没有在本系统冻结的年报；“上年”一栏按上年原始明细重新计算；登记数无可比基数。',
            'No report of last year was frozen here: "last year" is computed again from its rows, and the registers of last year cannot be compared.',
          )
        : say(`“上年”一栏为 ${filedBefore.year} 年度已报送的数值。`, `"Last year" is what was filed for ${filedBefore.year}.`),
    ),
    table(
      [say('项目', 'Item'), ofFigures(say('本年', 'This year')), ofFigures(say('上年', 'Last year')), ofFigures(say('变化', 'Change'))],
      (Object.keys(countNames) as AnnualCount[]).map((key) => {
        const last = lastCounts?.[key];
        const change = last === undefined ? '—' : counts[key] - last;
        return [
          inWords(countNames[key], say),
          String(counts[key]),
          last === undefined ? '—' : String(last),
          typeof change === 'number' && change > 0 ? `+${change}` : String(change),
        ];
      }),
      { title: say('规模与上年比较', 'Size compared with last year') },
    ),
    table(
      [
        say('月份', 'Month'),
        say('指标', 'Figure'),
        ofFigures(say('本年结果', 'This year')),
        ofFigures(say('上年同月', 'Same month last year')),
        ofFigures(say('分子', 'Numerator')),
        ofFigures(say('分母', 'Denominator')),
      ],
      figures.map((each) => {
        const last = before.get(`${each.formula}|${each.month.slice(5)}`);
        return [
          each.month,
          inWords(formulas[each.formula].name, say),
          showFigure(each, say),
          last === undefined
            ? '—'
            : `${showFigure(last, say)}${last.version === each.version ? '' : say(`（第 ${last.version} 版）`, ` (version ${last.version})`)}`,
          ...showParts(each, say),
        ];
      }),
      { title: say('服务质量与上年比较', 'Service quality compared with last year'), widths: [1, 2.4, 1.4, 1.4, 1.4, 1.4] },
    ),
  ];
}

/** Reported figures must match the registers and the actual use. */
function reconciliation({ file, usage }: PackFacts, say: Say): Document['blocks'][number] {
  const active = rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '').length;
  const known = (register: string, key: string): boolean => rowsOf(file, register).some((row) => row.key === key);
  const row = (name: string, declared: number, used: number, agrees: boolean): string[] => [
    name,
    String(declared),
    String(used),
    agrees ? say('是', 'yes') : say('否', 'no'),
  ];
  return table(
    [say('登记', 'Register'), ofFigures(say('登记数', 'Declared')), ofFigures(say('使用数', 'Used')), say('一致', 'Agrees')],
    [
      row(inWords(countNames.seats, say), active, usage.peakSeats, usage.peakSeats <= active),
      row(
        inWords(countNames.numbers, say),
        rowsOf(file, 'numbers').length,
        usage.numbers.length,
        usage.numbers.every(({ number }) => known('numbers', number)),
      ),
      row(
        inWords(countNames.trunks, say),
        rowsOf(file, 'trunks').length,
        usage.trunks.length,
        usage.trunks.every(({ trunkId }) => known('trunks', trunkId)),
      ),
    ],
    { title: say('与登记核对', 'Against the registers') },
  );
}
