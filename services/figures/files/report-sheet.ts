import type { FigureUnit } from '../../shared/domain/figures/define.js';
import type { DailyNote } from '../../shared/domain/figures/daily-note.js';
import type { Comparison, Days } from '../../shared/domain/figures/comparison.js';
import { isOfAgents, type FilterScope, type LineGap } from '../../shared/domain/figures/filters.js';
import { gapWords, isOfAllCallers, noScopeWords } from '../../shared/domain/figures/gap-words.js';
import { figureRegistry, shownValue, versionOf, type AnyFigureKey } from '../../shared/domain/figures/registry.js';
import type { ReportInterval, ReportScope } from '../../shared/domain/figures/report.js';
import type { Scope } from '../../shared/domain/people/rights.js';
import { clockText } from '../../shared/domain/time/clock-text.js';
import { inWords, listed, speak, type Language, type Say } from '../../shared/domain/language.js';
import type { ComparedLine } from '../compared.js';
import type { ReportSources, Span } from '../report.js';

/**
 * How a cell is shown: `percent` of a hundred, `seconds` as a length of time, `tenths` the same with tenths of a second, `clock` as whole
 * seconds by minutes and hours where it is printed. All lengths are in seconds.
 */
export type CellKind = 'text' | 'count' | 'number' | 'percent' | 'seconds' | 'tenths' | 'clock';
/**
 * Null when nothing could be counted: shown as a dash, never as 0. A number is the decimal that the figure stands for, with at most twelve
 * significant digits (`exact`), so that all forms hold the same one.
 */
export type Cell = string | number | null;

const DIGITS = 12;
/** The decimal without the error of binary fractions: 0.9946, not 0.9945999999999999. Whole numbers keep all their digits. */
export const exact = <Value extends Cell>(cell: Value): Value | number =>
  typeof cell !== 'number' || Number.isInteger(cell) ? cell : Number(cell.toPrecision(DIGITS));

export interface SheetColumn {
  readonly head: string;
  readonly kind: CellKind;
  /**
   * The numerator or denominator of the preceding figure; missing where there is no room. Rounded like the figure to twelve significant
   * digits, which is far below a millisecond in a year's sum of seconds.
   */
  readonly isPart: boolean;
}

/** A report as a document in one language. The forms (CSV, XLSX, PDF) print the same cells. */
export interface ReportSheet {
  readonly language: Language;
  readonly title: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly total: readonly Cell[];
  /** Its scope, its author and its time. */
  readonly about: readonly (readonly [label: string, value: string])[];
  /** Whether the figures are final. */
  readonly foot: readonly string[];
  /** Key, name, formula, unit, version and smallest sample of each figure. */
  readonly formulas: { readonly heads: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

export interface SheetNeeds {
  readonly language: Language;
  readonly columns: readonly AnyFigureKey[];
  readonly interval: ReportInterval;
  readonly by: ReportScope;
  readonly span: Span;
  readonly lines: {
    readonly rows: readonly ComparedLine[];
    readonly total: ComparedLine;
    readonly accounted: boolean;
    readonly notes: readonly DailyNote[];
  };
  /** The figures that the lines do not have. */
  readonly gaps: ReadonlyMap<AnyFigureKey, LineGap>;
  /** Who entered, and how each visit ended. */
  readonly identity: string;
  readonly sources: ReportSources;
  readonly madeAt: Date;
  readonly madeBy: string;
  readonly asOf: Date | undefined;
  /** The days that each figure is compared with, in a column of its own beside it. */
  readonly comparison?: Days & { readonly compare: Comparison };
  /** The names of the chosen values, by scope. An empty one is none. */
  readonly filters?: readonly (readonly [FilterScope, readonly string[]])[];
  /** The part of the centre that it covers. Empty lists restrict nothing. */
  readonly partOf: Scope;
  readonly nameOf: (scope: string) => string;
  /** A moment by the site's clock: `2026-11-28 09:15`. */
  readonly timeText: (atMs: number) => string;
  readonly zone: string;
}

export const scopeWords: Readonly<Record<ReportScope, readonly [zh: string, en: string]>> = {
  all: ['全部', 'All'],
  queue: ['队列', 'Queue'],
  number: ['接入号码', 'Number'],
  trunk: ['中继', 'Trunk'],
  client: ['委托单位', 'Client unit'],
  site: ['场地', 'Site'],
  result: ['处理结果', 'Result'],
  agent: ['坐席', 'Agent'],
  team: ['班组', 'Team'],
};
export const intervalWords: Readonly<Record<ReportInterval, readonly [zh: string, en: string]>> = {
  '15': ['15 分钟', '15 minutes'],
  '30': ['30 分钟', '30 minutes'],
  '60': ['1 小时', '1 hour'],
  day: ['日', 'Day'],
  week: ['周', 'Week'],
  month: ['月', 'Month'],
  whole: ['全期', 'Whole period'],
  'hour-of-week': ['周内各小时', 'Hour of the week'],
};
export const comparedWords: Readonly<Record<Comparison, readonly [zh: string, en: string]>> = {
  before: ['上一期', 'previous period'],
  weekday: ['此前同星期几', 'same weekdays before'],
};
const weekdays: readonly (readonly [zh: string, en: string])[] = [
  ['周一', 'Mon'],
  ['周二', 'Tue'],
  ['周三', 'Wed'],
  ['周四', 'Thu'],
  ['周五', 'Fri'],
  ['周六', 'Sat'],
  ['周日', 'Sun'],
];
const unitWords: Readonly<Record<FigureUnit, readonly [zh: string, en: string]>> = {
  count: ['次数', 'count'],
  percent: ['百分比', 'percent'],
  minutes: ['分钟', 'minutes'],
  'per-10000': ['每万次', 'per 10,000'],
  seconds: ['秒', 'seconds'],
  milliseconds: ['毫秒', 'milliseconds'],
  score: ['分（1–5）', 'score of 5'],
};
const ofDays: readonly ReportInterval[] = ['day', 'week', 'month'];

const isCount = (key: AnyFigureKey): boolean => figureRegistry[key].unit === 'count';
function kindOf(key: AnyFigureKey): CellKind {
  const { unit } = figureRegistry[key];
  if (unit === 'minutes' || unit === 'per-10000' || unit === 'milliseconds' || unit === 'score') return 'number';
  if (unit !== 'seconds') return unit;
  return key.startsWith('pdd.') ? 'tenths' : 'seconds';
}

function columnsOf({ columns, by, comparison }: Pick<SheetNeeds, 'columns' | 'by' | 'comparison'>, say: Say): SheetColumn[] {
  const text = (head: string): SheetColumn => ({ head, kind: 'text', isPart: false });
  return [
    text(say('开始时间', 'From')),
    ...(by === 'all' ? [] : [text(say(...scopeWords[by]))]),
    ...columns.flatMap((key): SheetColumn[] => {
      const name = inWords(figureRegistry[key].name, say);
      const head = `${name}${say(`（口径版本 ${String(versionOf(key))}）`, ` (version ${String(versionOf(key))})`)}`;
      const part = (what: string): SheetColumn => ({ head: `${name} ${what}`, kind: 'number', isPart: true });
      const value: SheetColumn = { head, kind: kindOf(key), isPart: false };
      const compared: SheetColumn[] =
        comparison === undefined
          ? []
          : [{ head: `${name} · ${say(...comparedWords[comparison.compare])}`, kind: kindOf(key), isPart: false }];
      const parts = isCount(key) ? [] : [part(say('分子', 'numerator')), part(say('分母', 'denominator'))];
      return [value, ...compared, ...parts];
    }),
  ];
}

/** The cells of a figure that this line does not have. */
const NOT_THERE = { value: null, numerator: null, denominator: null };

/** Adds to each rate its numerator and denominator, so that a reader who sums rows can compute it again. */
const figuresOf = (columns: readonly AnyFigureKey[], { figures, compared }: ComparedLine): Cell[] =>
  columns.flatMap((key): Cell[] => {
    const { value, numerator, denominator } = figures[key] ?? NOT_THERE;
    const beside = compared === undefined ? [] : [compared[key]?.value ?? null];
    return (isCount(key) ? [value, ...beside] : [value, ...beside, numerator, denominator]).map(exact);
  });

function startText(start: string, { interval, timeText }: Pick<SheetNeeds, 'interval' | 'timeText'>, say: Say): string {
  if (start === '') return say(...intervalWords.whole);
  if (interval === 'hour-of-week') {
    const [weekday = '', hour = ''] = start.split('-');
    const [zh, en] = weekdays[Number(weekday) - 1] ?? ['', ''];
    return `${say(zh, en)} ${hour}:00`;
  }
  const text = timeText(Date.parse(start));
  return ofDays.includes(interval) ? text.slice(0, 10) : text;
}

export function partText({ queues, sites, clientUnits, teams = [] }: SheetNeeds['partOf'], say: Say): string {
  // A person with teams sees only their members.
  if (teams.length > 0) return `${say('班组', 'teams')} ${teams.join(', ')}`;
  const parts = [
    [say('队列', 'queues'), queues],
    [say('委托单位', 'client units'), clientUnits],
    [say('场地', 'sites'), sites],
  ] as const;
  const named = parts.filter(([, ids]) => ids.length > 0).map(([what, ids]) => `${what} ${ids.join(', ')}`);
  return named.length === 0 ? say('全中心', 'the whole centre') : listed(named, say);
}

/** Whether everybody who entered is accounted for. With agents chosen, or in lines of agents, only visits that were answered are counted. */
function identityTexts({ lines, gaps, identity, filters = [] }: SheetNeeds, say: Say): string[] {
  if (!lines.accounted)
    return [
      say('有行不满足 Q = H + A + F + C + L + W，请勿使用本报表。', 'In some row Q is not H + A + F + C + L + W: do not use this report.'),
    ];
  if (!isOfAllCallers(gaps) || isOfAgents(Object.fromEntries(filters))) return [];
  return [identity, say('每行均满足 Q = H + A + F + C + L + W。', 'In every row Q = H + A + F + C + L + W.')];
}

/** The chosen figures that the lines do not have, one sentence for each reason. */
function gapTexts({ columns, gaps }: SheetNeeds, say: Say): string[] {
  return [...new Set(gaps.values())].flatMap((why) => {
    const names = columns.filter((key) => gaps.get(key) === why).map((key) => inWords(figureRegistry[key].name, say));
    return names.length === 0 ? [] : [`${listed(names, say)}${inWords(gapWords[why], say)}`];
  });
}

function footOf(needs: SheetNeeds, say: Say): string[] {
  const { lines, sources, by, span, comparison, madeAt } = needs;
  return [
    ...identityTexts(needs, say),
    ...gapTexts(needs, say),
    ...(comparison === undefined || span.untilMs <= madeAt.getTime()
      ? []
      : [say('今天尚未结束，而对比的日期为整天。', 'Today is not over, but the days that it is compared with are whole.')]),
    ...(sources.revised === 0
      ? []
      : [
          say(
            `${String(sources.revised)} 个已结束时段在首次汇总后有修订，补记 ${String(sources.addedLater)} 条。`,
            `${String(sources.revised)} closed intervals were revised after they were first summed up; ${String(sources.addedLater)} facts came later.`,
          ),
        ]),
    ...(by === 'result'
      ? [
          say(
            '一通来电有多名坐席选定处理结果的，按最后选定的一个计入。',
            'A call in which several agents chose a result counts under the one that was chosen last.',
          ),
        ]
      : []),
    ...dailyTexts(lines.notes, by, say),
  ];
}

const noteWords: Readonly<Record<DailyNote['why'], readonly [zh: string, en: string]>> = {
  'outside-scope': ['为全中心指标，您的数据范围为其中一部分，故不列示', 'covers the whole centre, and your scope is only a part of it'],
  'not-by': ['无法按该维度拆分，仅列合计', 'cannot be split by this dimension: only the total is shown'],
  'not-so-fine': [
    '按整日统计，不能按更细的时段拆分，仅列合计',
    'is a daily figure and cannot be split into shorter intervals: only the total is shown',
  ],
  'timed-out': ['统计超时，未能取得完整数据，请稍后重新导出', 'took too long to count and is missing: make the file again later'],
  'not-read': ['数据暂时无法读取，请稍后重新导出', 'could not be read and is missing: make the file again later'],
  'row-damaged': ['有存储记录损坏，未能统计，请联系管理员', 'could not be counted, a stored row is damaged: tell the administrator'],
};

/** What the figures of whole days leave out, one sentence for each reason. */
function dailyTexts(notes: readonly DailyNote[], by: ReportScope, say: Say): string[] {
  return [...new Set(notes.map(({ why }) => why))].map((why) => {
    const names = notes.filter((note) => note.why === why).map(({ key }) => inWords(figureRegistry[key].name, say));
    const [zh, en] = noteWords[why];
    const [zhScope, enScope] = scopeWords[by];
    const dimension = why === 'not-by' ? say(`（${zhScope}）`, ` (${enScope})`) : '';
    return say(`${names.join('、')}：${zh}${dimension}。`, `${names.join(', ')}: ${en}${dimension}.`);
  });
}

const noScope = (by: ReportScope, say: Say): string =>
  by === 'result' || by === 'team' ? inWords(noScopeWords[by], say) : say('未登记', 'Not registered');

export function reportSheet(needs: SheetNeeds): ReportSheet {
  const {
    language,
    columns,
    interval,
    by,
    span,
    lines,
    madeAt,
    madeBy,
    asOf,
    comparison,
    filters = [],
    partOf,
    nameOf,
    timeText,
    zone,
  } = needs;
  const say = speak(language);
  const lead = (start: string, scope: string): string[] => (by === 'all' ? [start] : [start, scope]);
  const scopeText = (scope: string): string => {
    if (by === 'all') return '';
    if (scope !== '') return nameOf(scope);
    return noScope(by, say);
  };
  return {
    language,
    title: say('运营报表', 'Report'),
    columns: columnsOf(needs, say),
    rows: lines.rows.map((line) => [...lead(startText(line.start, needs, say), scopeText(line.scope)), ...figuresOf(columns, line)]),
    total: [...lead(say('合计', 'Total'), ''), ...figuresOf(columns, lines.total)],
    about: [
      [say('统计期间', 'Period'), `${timeText(span.fromMs)} – ${timeText(span.untilMs)}`],
      [say('时区', 'Time zone'), zone],
      [say('时段', 'Interval'), say(...intervalWords[interval])],
      [say('维度', 'By'), say(...scopeWords[by])],
      ...(comparison === undefined
        ? []
        : [[say('对比', 'Compared with'), `${say(...comparedWords[comparison.compare])} ${comparison.from} – ${comparison.to}`] as const]),
      ...filters.map(([scope, values]): [string, string] => [
        say(`筛选：${scopeWords[scope][0]}`, `Filter: ${scopeWords[scope][1]}`),
        listed(
          values.map((value) => (value === '' ? noScope(scope, say) : value)),
          say,
        ),
      ]),
      [say('数据范围', 'Scope'), partText(partOf, say)],
      [say('数据截至', 'As of'), asOf === undefined ? say('生成时', 'when it was made') : timeText(asOf.getTime())],
      [say('生成时间', 'Made at'), timeText(madeAt.getTime())],
      [say('生成人', 'Made by'), madeBy],
      [say('行数', 'Rows'), String(lines.rows.length)],
    ],
    foot: footOf(needs, say),
    formulas: {
      heads: [
        say('标识', 'Key'),
        say('指标', 'Figure'),
        say('计算公式', 'Formula'),
        say('单位', 'Unit'),
        say('口径版本', 'Version'),
        say('启用时间', 'Since'),
        say('最小样本', 'Smallest sample'),
      ],
      rows: columns.map((key) => {
        const { name, text, unit, changes, minimum } = figureRegistry[key];
        const version = String(versionOf(key));
        return [key, inWords(name, say), inWords(text, say), say(...unitWords[unit]), version, changes.at(-1)?.on ?? '', String(minimum)];
      }),
    },
  };
}

/** A cell for readers: two decimals, a dash when nothing could be counted. */
export function shownCell(cell: Cell, kind: CellKind): string {
  if (cell === null) return '—';
  if (typeof cell === 'string' || kind === 'count') return String(cell);
  if (kind === 'clock') return clockText(cell * 1_000);
  return shownValue(kind === 'percent' ? 'percent' : 'seconds', cell);
}
