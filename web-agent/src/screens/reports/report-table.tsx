import { Button, Table, Tooltip } from 'antd';
import type { ComponentProps, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureReport, ReportRow } from '../../../../services/shared/contracts/api/figures/figures.js';
import type { Comparison } from '../../../../services/shared/domain/figures/comparison.js';
import { figureRegistry, isDaily, shownFigure, versionOf, type AnyFigureKey } from '../../../../services/shared/domain/figures/registry.js';
import type { ReportInterval, ReportScope } from '../../../../services/shared/domain/figures/report.js';
import { LongName } from '../../components/names/long-name.js';
import { siteDay } from '../../components/time/site-days.js';
import type { Behind } from './lists/rows-drawer.js';

const intervalUnit = { '15': 15, '30': 30, '60': 60 } as const;

/** The table is wider than the page. Focus lets the keyboard scroll it even where no figure can be opened. */
const components = { table: (props: ComponentProps<'table'>) => <table tabIndex={0} {...props} /> };

/** Figures with their parts and formulas at hand; each opens its rows, in the total too. */
export function ReportTable({
  report,
  by,
  interval,
  columns,
  nameOf,
  startText,
  scopeName,
  comparison,
  onOpen,
}: {
  readonly report: FigureReport;
  readonly by: ReportScope;
  readonly interval: ReportInterval;
  readonly columns: readonly AnyFigureKey[];
  readonly nameOf: (key: AnyFigureKey) => string;
  readonly startText: (start: string) => string;
  readonly scopeName: (scope: string) => string;
  readonly comparison: Comparison | undefined;
  readonly onOpen: (behind: Behind) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const show = (key: AnyFigureKey, row: ReportRow, opened: Behind | undefined): ReactNode => {
    const own = shownAlone(key, row, opened);
    const compared = row.compared?.[key];
    if (compared === undefined || comparison === undefined) return own;
    return <Beside own={own} what={t(`reports.compared.${comparison}`)} earlier={shownFigure(key, compared)} />;
  };
  const shownAlone = (key: AnyFigureKey, row: ReportRow, opened: Behind | undefined): ReactNode => {
    const figure = row.figures[key];
    if (figure === undefined) return '—';
    const { unit, minimum } = figureRegistry[key];
    const shown = shownFigure(key, figure);
    const few = unit !== 'count' && figure.value !== null && figure.denominator < minimum;
    const number =
      opened === undefined || figure.value === null || (unit === 'count' && figure.value === 0) ? (
        <span className={few ? 'soft' : ''}>{shown}</span>
      ) : (
        <Button type="link" size="small" onClick={() => onOpen(opened)} aria-label={`${nameOf(key)} ${shown}`}>
          {shown}
        </Button>
      );
    if (unit === 'count') return number;
    const parts = `${String(figure.numerator)} / ${String(figure.denominator)}`;
    return <Tooltip title={few ? `${parts} · ${t('reports.few', { minimum })}` : parts}>{number}</Tooltip>;
  };
  const head = (key: AnyFigureKey): ReactNode => (
    <Tooltip title={`${figureRegistry[key].text[language]} · ${t('reports.version')} ${String(versionOf(key))}`}>
      <span>
        {figureRegistry[key].unit === 'seconds' ? t('reports.inSeconds', { name: nameOf(key) }) : nameOf(key)}
        {figureRegistry[key].unit === 'minutes' && ` (${t('reports.daily.units.minutes')})`}
        {figureRegistry[key].unit === 'milliseconds' && ` (${t('reports.daily.units.milliseconds')})`}
      </span>
    </Tooltip>
  );
  return (
    <Table<ReportRow>
      rowKey={({ start, scope }) => `${start}|${scope}`}
      size="small"
      className="figures"
      components={components}
      scroll={{ x: 'max-content' }}
      pagination={{ pageSize: 50, hideOnSinglePage: true, showTotal: (count) => t('shell.total', { count }) }}
      dataSource={[...report.rows]}
      columns={[
        { title: t('reports.start'), fixed: 'left' as const, render: (_value, { start }) => startText(start) },
        ...(by === 'all'
          ? []
          : [
              { title: t(`reports.scopes.${by}`), render: (_value: unknown, { scope }: ReportRow) => <LongName name={scopeName(scope)} /> },
            ]),
        ...columns.map((key) => ({
          key,
          title: head(key),
          align: 'right' as const,
          render: (_value: unknown, row: ReportRow) => show(key, row, behindOf(key, row, report, interval)),
        })),
      ]}
      summary={() => (
        <Table.Summary.Row>
          <Table.Summary.Cell index={0} colSpan={by === 'all' ? 1 : 2}>
            <strong>{t('reports.total')}</strong>
          </Table.Summary.Cell>
          {columns.map((key, place) => (
            <Table.Summary.Cell key={key} index={place + (by === 'all' ? 1 : 2)} align="right">
              <strong>{show(key, report.total, behindTotal(key, report))}</strong>
            </Table.Summary.Cell>
          ))}
        </Table.Summary.Row>
      )}
    />
  );
}

/** A figure with that of the earlier days below it. */
function Beside({ own, what, earlier }: { readonly own: ReactNode; readonly what: string; readonly earlier: string }): ReactNode {
  return (
    <>
      {own}
      <div className="soft" title={what}>
        <span className="visually-hidden">{what} </span>
        {earlier}
      </div>
    </>
  );
}

/** The rows behind a figure of a line. Those of a figure of whole days are on its own sheet; an earlier state has no rows. */
export function behindOf(
  key: AnyFigureKey,
  { start, scope }: ReportRow,
  report: FigureReport,
  interval: ReportInterval,
): Behind | undefined {
  if (isDaily(key) || report.asOf !== null) return undefined;
  const { from, until } = report;
  if (interval === 'hour-of-week') return { from, until, scope, key, hourOfWeek: start };
  return { ...spanOf(start, report, interval), scope, key };
}

/** Those behind the total: of all lines. */
const behindTotal = (key: AnyFigureKey, { from, until, asOf }: FigureReport): Behind | undefined =>
  isDaily(key) || asOf !== null ? undefined : { from, until, scope: undefined, key };

/** The time of a row; a week or month at the edge is cut to the report's period. */
function spanOf(start: string, { from, until }: FigureReport, interval: ReportInterval): { from: string; until: string } {
  if (interval === 'whole') return { from, until };
  const endMs =
    interval === 'day' || interval === 'week' || interval === 'month'
      ? siteDay(start).add(1, interval).valueOf()
      : Date.parse(start) + intervalUnit[interval as keyof typeof intervalUnit] * 60_000;
  return { from: start > from ? start : from, until: new Date(Math.min(endMs, Date.parse(until))).toISOString() };
}
