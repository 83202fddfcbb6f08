import { allFigureKeys, figureKeys, type AnyFigureKey, type FigureKey } from '../../../../services/shared/domain/figures/registry.js';
import { comparisons, isComparable, type Comparison } from '../../../../services/shared/domain/figures/comparison.js';
import {
  chosenIn,
  filterScopes,
  joinValues,
  splitValues,
  type FilterScope,
  type ReportFilters,
} from '../../../../services/shared/domain/figures/filters.js';
import { isCalendarDate } from '../../../../services/shared/domain/time/calendar-date.js';
import { reportIntervals, reportScopes, type ReportInterval, type ReportScope } from '../../../../services/shared/domain/figures/report.js';

/** The chart above a report's table. */
export const reportViews = ['outcomes', 'trend', 'waits', 'heat'] as const;
export type ReportView = (typeof reportViews)[number];

/** The sheets of the page: figures, and lists made from the same facts. */
export const reportSheets = ['figures', 'daily', 'abandoned', 'states', 'adherence', 'transfers'] as const;
export type ReportSheetName = (typeof reportSheets)[number];

/** What a report shows; days are those of the site, `YYYY-MM-DD`. */
export interface ReportChoice {
  readonly sheet: ReportSheetName;
  readonly from: string;
  readonly to: string;
  readonly interval: ReportInterval;
  readonly by: ReportScope;
  readonly filters: ReportFilters;
  /** The moment at which the sums stood, ISO 8601; undefined for now. */
  readonly asOf?: string | undefined;
  readonly compare?: Comparison | undefined;
  readonly columns: readonly AnyFigureKey[];
  readonly view: ReportView;
  /** The figure in the trend and in the hours of the week; one of the columns. */
  readonly figure: FigureKey | undefined;
}

const usualColumns: readonly FigureKey[] = [
  'entered',
  'answered',
  'abandoned',
  'overflowed',
  'callbacks',
  'lost',
  'waiting',
  'sl.strict',
  'answerRate',
  'asa',
  'wait.p90',
  'aht',
  'occupancy',
];
/** Of agents and teams: a caller whom nobody answered belongs to none of them. */
const usualOfPeople: readonly FigureKey[] = [
  'answered',
  'sl.answered',
  'asa',
  'aht',
  'aht.talk',
  'aht.hold',
  'aht.wrap',
  'transferRate',
  'occupancy',
  'utilisation',
];
const usualFor = (by: ReportScope): readonly FigureKey[] => (by === 'agent' || by === 'team' ? usualOfPeople : usualColumns);

function momentOf(text: string | null): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** The report that an address names; missing or invalid parts take the default: today by the hour. */
export function choiceOf(address: URLSearchParams, today: string): ReportChoice {
  const day = (name: string): string | undefined => {
    const text = address.get(name) ?? '';
    return isCalendarDate(text) && text <= today ? text : undefined;
  };
  const to = day('to') ?? today;
  const from = day('from') ?? to;
  const named = address.get('figures')?.split(',') ?? [];
  const columns = allFigureKeys.filter((key) => named.includes(key));
  const by = reportScopes.find((each) => each === address.get('by')) ?? 'all';
  return {
    sheet: reportSheets.find((each) => each === address.get('sheet')) ?? 'figures',
    from: from <= to ? from : to,
    to,
    interval: reportIntervals.find((each) => each === address.get('interval')) ?? '60',
    by,
    asOf: momentOf(address.get('asOf')),
    compare: comparisons.find((each) => each === address.get('compare')),
    filters: Object.fromEntries(
      filterScopes.flatMap((scope) => {
        const values = address.get(scope);
        return values === null ? [] : [[scope, splitValues(values)]];
      }),
    ),
    columns: columns.length === 0 ? usualFor(by) : columns,
    view: reportViews.find((each) => each === address.get('view')) ?? 'outcomes',
    figure: figureKeys.find((key) => key === address.get('figure')),
  };
}

/** The columns of a choice when its lines become others: those that usually go with them, unless some were chosen. */
export const columnsFor = ({ by, columns }: Pick<ReportChoice, 'by' | 'columns'>, next: ReportScope): readonly AnyFigureKey[] =>
  columns.join() === usualFor(by).join() ? usualFor(next) : columns;

/** The address of a choice: it survives a reload and the way back from a call, and can be sent. */
export const addressOf = ({
  sheet,
  from,
  to,
  interval,
  by,
  filters,
  asOf,
  compare,
  columns,
  view,
  figure,
}: ReportChoice): URLSearchParams =>
  new URLSearchParams({
    ...(sheet === 'figures' ? {} : { sheet }),
    from,
    to,
    interval,
    by,
    ...filterQuery(filters),
    ...(asOf === undefined ? {} : { asOf }),
    ...(compare === undefined ? {} : { compare }),
    ...(columns.join() === usualFor(by).join() ? {} : { figures: columns.join() }),
    ...(view === 'outcomes' ? {} : { view }),
    ...(figure === undefined ? {} : { figure }),
  });

/** Filters as fields of a query. */
export const filterQuery = (filters: ReportFilters): Partial<Record<FilterScope, string>> =>
  Object.fromEntries(chosenIn(filters).map(([scope, values]) => [scope, joinValues(values)]));

/** The moment and the comparison of a choice as fields of a query. What its intervals cannot be compared with is left out. */
export const momentQuery = ({ from, to, interval, asOf, compare }: ReportChoice) => ({
  ...(asOf === undefined ? {} : { asOf }),
  ...(compare === undefined || !isComparable(interval, { from, to }, compare) ? {} : { compare }),
});
