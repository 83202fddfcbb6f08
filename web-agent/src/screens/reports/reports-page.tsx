import { Alert, Button, Segmented, Select, Space, Spin } from 'antd';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { FigureReport, ReportRow } from '../../../../services/shared/contracts/api/figures/figures.js';
import { isInTotal, isOfAgents, unfitFilter, type LineGap } from '../../../../services/shared/domain/figures/filters.js';
import { gapWords, isOfAllCallers } from '../../../../services/shared/domain/figures/gap-words.js';
import { identityText } from '../../../../services/shared/domain/figures/identity.js';
import {
  allFigureKeys,
  dailyKeys,
  figureKeys,
  figureRegistry,
  isDaily,
  type AnyFigureKey,
  type FigureKey,
} from '../../../../services/shared/domain/figures/registry.js';
import { reportIntervals, reportScopes, type ReportScope } from '../../../../services/shared/domain/figures/report.js';
import { Chart, type ChartOption } from '../../components/chart.js';
import { listed } from '../../i18n/language.js';
import { Loaded, Page } from '../../components/page.js';
import { siteDay, siteNow } from '../../components/time/site-days.js';
import { timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { AsOf, ChoiceNotes, ComparedWith } from './lists/as-of.js';
import { ReportFilters } from './lists/report-filters.js';
import { addressOf, choiceOf, columnsFor, filterQuery, momentQuery, reportSheets, type ReportChoice } from './report-choice.js';
import { ReportExport } from './report-export.js';
import { ReportPeriod } from './report-period.js';
import { ReportTable } from './report-table.js';
import { ReportViews } from './report-views.js';
import { useScopeName } from './scope-name.js';
import { RowsDrawer, type Behind } from './lists/rows-drawer.js';
import './report-tables.css';

const SavedReports = lazy(() => import('./saved-reports.js'));
const lists = {
  daily: lazy(() => import('./daily-figures.js')),
  abandoned: lazy(() => import('./abandoned-list.js')),
  states: lazy(() => import('./agent-states.js')),
  adherence: lazy(() => import('./lists/adherence.js')),
  transfers: lazy(() => import('./transfer-matrix.js')),
} as const;
const outcomes = ['answered', 'abandoned', 'overflowed', 'callbacks', 'lost', 'waiting'] as const satisfies readonly FigureKey[];

/** Reports for any period: figures by interval and scope, and lists of the same facts. */
export default function ReportsPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [address, setAddress] = useSearchParams();
  const choice = choiceOf(address, siteNow().format('YYYY-MM-DD'));
  const choose = (changed: Partial<ReportChoice>): void => setAddress(addressOf({ ...choice, ...changed }), { replace: true });
  const sheets = reportSheets.filter((sheet) => (sheet !== 'states' && sheet !== 'adherence') || may('agents.watch'));
  const sheet = sheets.find((each) => each === choice.sheet) ?? 'figures';
  const List = sheet === 'figures' ? undefined : lists[sheet];
  return (
    <Page title={t('reports.title')} testId="reports-page">
      <div className="stack">
        <div className="scrolls">
          <Segmented
            value={sheet}
            aria-label={t('reports.sheet')}
            options={sheets.map((value) => ({ value, label: t(`reports.sheets.${value}`) }))}
            onChange={(next) => choose({ sheet: next })}
            data-testid="report-sheet"
          />
        </div>
        {List === undefined ? (
          <Figures choice={choice} choose={choose} />
        ) : (
          <Suspense fallback={<Spin className="page-wait" />}>
            <List choice={choice} choose={choose} />
          </Suspense>
        )}
      </div>
    </Page>
  );
}

/** Figures for any period: by interval and scope, each number with its formula and the calls behind it. */
function Figures({
  choice,
  choose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { from, to, interval, by, filters, asOf } = choice;
  const may = useMay();
  const [isSavedOpen, setSavedOpen] = useState(false);
  const columns = choice.columns.filter((key) => unfitFilter(key, filters) === undefined && (asOf === undefined || !isDaily(key)));
  const daily = columns.filter(isDaily);
  const read = useRead('/figures/report', {
    query: {
      from,
      to,
      interval,
      by,
      ...filterQuery(filters),
      ...momentQuery(choice),
      ...(daily.length === 0 ? {} : { daily: daily.join() }),
    },
  });
  const nameOf = (key: AnyFigureKey): string => figureRegistry[key].name[i18n.language === 'en' ? 'en' : 'zh'];
  return (
    <>
      <p className="soft">{t('reports.text')}</p>
      <Space wrap>
        <ReportPeriod choice={choice} choose={choose} />
        <Select
          value={interval}
          aria-label={t('reports.interval')}
          options={reportIntervals.map((value) => ({ value, label: t(`reports.intervals.${value}`) }))}
          onChange={(next) => choose({ interval: next })}
          className="report-choice"
          data-testid="report-interval"
        />
        <Select
          value={by}
          aria-label={t('reports.by')}
          options={reportScopes.map((value) => ({ value, label: t(`reports.scopes.${value}`) }))}
          // The columns that usually go with such lines, unless others were chosen.
          onChange={(next) => choose({ by: next, columns: columnsFor(choice, next) })}
          className="report-choice"
          data-testid="report-by"
        />
        <Select<AnyFigureKey[]>
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          value={[...choice.columns]}
          maxTagCount={0}
          maxTagPlaceholder={() => t('reports.columns')}
          aria-label={t('reports.columns')}
          options={[
            { label: t('reports.sheets.figures'), options: figureKeys.map((value) => ({ value, label: nameOf(value) })) },
            { label: t('reports.daily.group'), options: dailyKeys.map((value) => ({ value, label: nameOf(value) })) },
          ]}
          // In the order of the registry, whatever was chosen first.
          onChange={(chosen) => choose({ columns: allFigureKeys.filter((key) => chosen.includes(key)) })}
          className="report-choice"
        />
        <AsOf choice={choice} choose={choose} />
        <ComparedWith choice={choice} choose={choose} />
      </Space>
      <ChoiceNotes choice={choice} />
      <ReportFilters choice={choice} choose={choose} nameOf={nameOf} />
      {may('reports.keep') && (
        <div>
          <Button onClick={() => setSavedOpen(true)} data-testid="saved-open">
            {t('reports.saved.title')}
          </Button>
        </div>
      )}
      {isSavedOpen && (
        <Suspense fallback={null}>
          <SavedReports choice={{ ...choice, columns }} choose={choose} onClose={() => setSavedOpen(false)} />
        </Suspense>
      )}
      <Loaded query={read} isEmpty={({ rows }) => rows.length === 0} empty={t('reports.empty')}>
        {(report) => <Report report={report} choice={{ ...choice, columns }} choose={choose} nameOf={nameOf} />}
      </Loaded>
    </>
  );
}

function Report({
  report,
  choice,
  choose,
  nameOf,
}: {
  readonly report: FigureReport;
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
  readonly nameOf: (key: AnyFigureKey) => string;
}): ReactNode {
  const { t } = useTranslation();
  const { interval, by } = choice;
  const gaps = new Map(report.gaps.map(({ key, why }) => [key as AnyFigureKey, why]));
  const columns = choice.columns.filter((key) => isInTotal(gaps.get(key)));
  const isOfAll = !isOfAgents(choice.filters) && isOfAllCallers(gaps);
  const scopeName = useScopeName(by, report.scopeNames);
  const [behind, setBehind] = useState<(Behind & { readonly by: ReportScope }) | null>(null);
  const startText = (start: string): string => {
    if (start === '') return t('reports.intervals.whole');
    if (interval === 'hour-of-week') {
      const [weekday = '', hour = ''] = start.split('-');
      return `${t(`reports.weekdays.${weekday}`)} ${hour}:00`;
    }
    return siteDay(start).format(interval === 'day' || interval === 'week' || interval === 'month' ? 'YYYY-MM-DD' : 'MM-DD HH:mm');
  };
  return (
    <>
      <ReportViews
        report={report}
        choice={{ ...choice, columns }}
        choose={choose}
        nameOf={nameOf}
        startText={startText}
        onOpen={(next) => setBehind({ ...next, by: 'all' })}
        isOfAll={isOfAll}
        outcomes={
          <>
            <OutcomeChart
              rows={report.rows}
              labelOf={({ start, scope }) =>
                // Parts that all bars share are left out.
                [by !== 'all' && start === '' ? '' : startText(start), scopeName(scope)].filter((text) => text !== '').join(' ')
              }
              nameOf={nameOf}
            />
            {report.rowCount > report.rows.length && (
              <span className="soft" data-testid="report-chart-cut">
                {t('reports.chartCut', { shown: report.rows.length, all: report.rowCount })}
              </span>
            )}
          </>
        }
      />
      <section className="panel stack">
        <Space>
          <ReportExport choice={{ ...choice, columns }} />
        </Space>
        <ReportTable
          report={report}
          by={by}
          columns={columns}
          nameOf={nameOf}
          startText={startText}
          scopeName={scopeName}
          onOpen={(next) => setBehind({ ...next, by })}
          interval={interval}
          comparison={choice.compare}
        />
        <Gaps columns={choice.columns} gaps={gaps} nameOf={nameOf} />
        <Foot report={report} isIdentity={isOfAll} />
        <Formulas columns={columns} nameOf={nameOf} />
      </section>
      {behind !== null && <RowsDrawer behind={behind} by={behind.by} filters={choice.filters} onClose={() => setBehind(null)} />}
    </>
  );
}

/** The chosen figures that the lines do not have, and why. */
function Gaps({
  columns,
  gaps,
  nameOf,
}: {
  readonly columns: readonly AnyFigureKey[];
  readonly gaps: ReadonlyMap<AnyFigureKey, LineGap>;
  readonly nameOf: (key: AnyFigureKey) => string;
}): ReactNode {
  const { i18n } = useTranslation();
  return [...new Set(gaps.values())].map((why) => {
    const names = columns.filter((key) => gaps.get(key) === why).map(nameOf);
    if (names.length === 0) return null;
    const words = gapWords[why][i18n.language === 'en' ? 'en' : 'zh'];
    return <Alert key={why} type="info" showIcon title={`${listed(names, i18n)}${words}`} data-testid={`gap-${why}`} />;
  });
}

/** The outcomes of the callers, stacked. */
function OutcomeChart({
  rows,
  labelOf,
  nameOf,
}: {
  readonly rows: readonly ReportRow[];
  readonly labelOf: (row: ReportRow) => string;
  readonly nameOf: (key: FigureKey) => string;
}): ReactNode {
  const { t } = useTranslation();
  const option = useMemo<ChartOption>(
    () => ({
      color: ['#2f9e6e', '#d9534f', '#e0a030', '#4a7fd0', '#8d6cab', '#8a929c'],
      legend: { type: 'scroll', top: 0, left: 0 },
      grid: { left: 36, right: 12, top: 36, bottom: 24 },
      xAxis: { type: 'category', data: rows.map(labelOf), axisLabel: { width: 150, overflow: 'truncate' } },
      yAxis: { type: 'value', minInterval: 1 },
      series: outcomes.map((key) => ({
        type: 'bar',
        stack: 'outcome',
        name: nameOf(key),
        data: rows.map(({ figures }) => figures[key]?.value ?? 0),
      })),
    }),
    [rows, labelOf, nameOf],
  );
  return <Chart option={option} label={t('reports.chart')} height={240} />;
}

/** Whether the figures hold: every caller accounted for, checked against the call records, and since when. */
function Foot({ report, isIdentity }: { readonly report: FigureReport; readonly isIdentity: boolean }): ReactNode {
  const { accounted, checks, dailyNotes, factsSince, from, rows, rowCount, sources, total } = report;
  const { t, i18n } = useTranslation();
  const nameOf = (key: AnyFigureKey): string => figureRegistry[key].name[i18n.language === 'en' ? 'en' : 'zh'];
  const reasons = [...new Set(dailyNotes.map(({ why }) => why))];
  const notes = reasons.map((why) => [why, dailyNotes.filter((note) => note.why === why).map(({ key }) => nameOf(key))] as const);
  return (
    <div className="stack" data-testid="report-foot">
      {!accounted && <Alert type="error" showIcon title={t('reports.unaccounted')} />}
      {accounted && isIdentity && (
        <span className="soft">
          {t('reports.accounted')} {identityText(total.figures)}
        </span>
      )}
      {checks.differences + checks.unaccounted + checks.overstated > 0 ? (
        <Alert type="warning" showIcon title={t('reports.checked', checks)} />
      ) : (
        <span className="soft">{checks.days === 0 ? t('reports.unchecked') : t('reports.checked', checks)}</span>
      )}
      {rowCount > rows.length && <Alert type="info" showIcon title={t('reports.cut', { shown: rows.length, all: rowCount })} />}
      {sources.revised > 0 && <span className="soft">{t('reports.revised', { revised: sources.revised, added: sources.addedLater })}</span>}
      {notes.map(([why, names]) => (
        <Alert
          key={why}
          type={why === 'timed-out' || why === 'not-read' || why === 'row-damaged' ? 'warning' : 'info'}
          showIcon
          title={`${listed(names, i18n)}${t(`reports.daily.notes.${why}`)}`}
          data-testid={`daily-note-${why}`}
        />
      ))}
      {factsSince !== null && factsSince > from && <span className="soft">{t('reports.before', { since: timeText(factsSince) })}</span>}
    </div>
  );
}

/** The headings' tooltips as text, for people without a mouse. */
function Formulas({
  columns,
  nameOf,
}: {
  readonly columns: readonly AnyFigureKey[];
  readonly nameOf: (key: AnyFigureKey) => string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <details>
      <summary>{t('reports.formula')}</summary>
      <dl>
        {columns.map((key) => (
          <div key={key}>
            <dt>{nameOf(key)}</dt>
            <dd className="soft">{figureRegistry[key].text[i18n.language === 'en' ? 'en' : 'zh']}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
