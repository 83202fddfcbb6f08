import { Segmented, Select, Space } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureReport } from '../../../../services/shared/contracts/api/figures/figures.js';
import { isDaily, type FigureKey } from '../../../../services/shared/domain/figures/registry.js';
import { HeatMap } from './heat-map.js';
import { reportViews, type ReportChoice } from './report-choice.js';
import { TrendChart } from './trend-chart.js';
import type { Behind } from './lists/rows-drawer.js';
import { WaitsChart } from './waits-chart.js';

/** The report as a picture: outcomes, a figure over time, the distribution of waits, or the hours of the week. */
export function ReportViews({
  report,
  choice,
  choose,
  nameOf,
  startText,
  onOpen,
  isOfAll,
  outcomes,
}: {
  readonly report: FigureReport;
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
  readonly nameOf: (key: FigureKey) => string;
  readonly startText: (start: string) => string;
  readonly onOpen: (behind: Behind) => void;
  /** Whether it is of all callers, not only of those whom somebody answered. */
  readonly isOfAll: boolean;
  /** The outcomes of the callers, stacked. */
  readonly outcomes: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const { view, interval } = choice;
  // Figures of whole days have no chart by the hour.
  const columns = choice.columns.flatMap((key): FigureKey[] => (isDaily(key) ? [] : [key]));
  const figure = columns.find((key) => key === choice.figure) ?? columns[0] ?? 'entered';
  return (
    <section className="panel stack">
      <Space wrap>
        <Segmented
          value={view}
          aria-label={t('reports.view')}
          options={reportViews.map((value) => ({ value, label: t(`reports.views.${value}`) }))}
          onChange={(next) => choose({ view: next })}
          data-testid="report-view"
        />
        {(view === 'trend' || view === 'heat') && (
          <Select<FigureKey>
            value={figure}
            aria-label={t('reports.figure')}
            popupMatchSelectWidth={false}
            options={columns.map((value) => ({ value, label: nameOf(value) }))}
            onChange={(next) => choose({ figure: next })}
            className="report-choice"
            data-testid="report-figure"
          />
        )}
      </Space>
      {view === 'outcomes' && (isOfAll ? outcomes : <span className="soft">{t('reportLists.filters.noWaits')}</span>)}
      {view === 'waits' && (isOfAll ? <WaitsChart report={report} /> : <span className="soft">{t('reportLists.filters.noWaits')}</span>)}
      {view === 'heat' && <HeatMap choice={choice} figure={figure} nameOf={nameOf} onOpen={onOpen} />}
      {view === 'trend' &&
        (interval === 'whole' || interval === 'hour-of-week' || interval === 'week' || interval === 'month' ? (
          <span className="soft">{t('reports.noTrend')}</span>
        ) : (
          <TrendChart choice={choice} figure={figure} nameOf={nameOf} startText={startText} />
        ))}
    </section>
  );
}
