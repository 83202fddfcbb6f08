import { Button, Table, Tooltip } from 'antd';
import type { ComponentProps, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureReport, ReportRow } from '../../../../services/shared/contracts/api/figures/figures.js';
import { figureRegistry, shownFigure, versionOf, type AnyFigureKey } from '../../../../services/shared/domain/figures/registry.js';
import { visitCounts, type ReportInterval, type ReportScope } from '../../../../services/shared/domain/figures/report.js';
import { LongName } from '../../components/names/long-name.js';
import { siteDay } from '../../components/time/site-days.js';
import type { Behind } from './visit-drawer.js';

const intervalUnit = { '15': 15, '30': 30, '60': 60 } as const;

/** The table is wider than the page. Focus lets the keyboard scroll it even where no figure can be opened. */
const components = { table: (props: ComponentProps<'table'>) => <table tabIndex={0} {...props} /> };

/** Figures with their parts and formulas at hand; a count opens its calls. */
export function ReportTable({
  report,
  by,
  interval,
  columns,
  nameOf,
  startText,
  scopeName,
  onOpen,
}: {
  readonly report: FigureReport;
  readonly by: ReportScope;
  readonly interval: ReportInterval;
  readonly columns: readonly AnyFigureKey[];
  readonly nameOf: (key: AnyFigureKey) => string;
  readonly startText: (start: string) => string;
  readonly scopeName: (scope: string) => string;
  readonly onOpen: (behind: Behind) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const show = (key: AnyFigureKey, row: ReportRow): ReactNode => {
    const figure = row.figures[key];
    if (figure === undefined) return '—';
    const { unit, minimum } = figureRegistry[key];
    const shown = shownFigure(key, figure);
    const opened = behindOf(key, row, report, interval);
    if (unit === 'count')
      return opened === undefined || figure.value === 0 ? (
        shown
      ) : (
        <Button type="link" size="small" onClick={() => onOpen(opened)} aria-label={`${nameOf(key)} ${shown}`}>
          {shown}
        </Button>
      );
    const parts = `${String(figure.numerator)} / ${String(figure.denominator)}`;
    const few = figure.value !== null && figure.denominator < minimum;
    return (
      <Tooltip title={few ? `${parts} · ${t('reports.few', { minimum })}` : parts}>
        <span className={few ? 'soft' : ''}>{shown}</span>
      </Tooltip>
    );
  };
  const head = (key: AnyFigureKey): ReactNode => (
    <Tooltip title={`${figureRegistry[key].text[language]} · ${t('reports.version')} ${String(versionOf(key))}`}>
      <span>
        {figureRegistry[key].unit === 'seconds' ? t('reports.inSeconds', { name: nameOf(key) }) : nameOf(key)}
        {figureRegistry[key].unit === 'minutes' && ` (${t('reports.daily.units.minutes')})`}
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
          render: (_value: unknown, row: ReportRow) => show(key, row),
        })),
      ]}
      summary={() => (
        <Table.Summary.Row>
          <Table.Summary.Cell index={0} colSpan={by === 'all' ? 1 : 2}>
            <strong>{t('reports.total')}</strong>
          </Table.Summary.Cell>
          {columns.map((key, place) => (
            <Table.Summary.Cell key={key} index={place + (by === 'all' ? 1 : 2)} align="right">
              <strong>{shownFigure(key, report.total.figures[key] ?? { value: null })}</strong>
            </Table.Summary.Cell>
          ))}
        </Table.Summary.Row>
      )}
    />
  );
}

/** The visits behind a count; none for a figure that does not count visits. */
export function behindOf(
  key: AnyFigureKey,
  { start, scope }: ReportRow,
  report: FigureReport,
  interval: ReportInterval,
): Behind | undefined {
  const of = visitCounts.find((count) => count === key);
  if (of === undefined) return undefined;
  const { from, until } = report;
  if (interval === 'hour-of-week') return { from, until, scope, of, hourOfWeek: start };
  return { ...spanOf(start, report, interval), scope, of };
}

/** The time of a row; a week or month at the edge is cut to the report's period. */
function spanOf(start: string, { from, until }: FigureReport, interval: ReportInterval): { from: string; until: string } {
  if (interval === 'whole') return { from, until };
  const endMs =
    interval === 'day' || interval === 'week' || interval === 'month'
      ? siteDay(start).add(1, interval).valueOf()
      : Date.parse(start) + intervalUnit[interval as keyof typeof intervalUnit] * 60_000;
  return { from: start > from ? start : from, until: new Date(Math.min(endMs, Date.parse(until))).toISOString() };
}
