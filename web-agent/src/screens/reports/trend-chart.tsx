import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureReport } from '../../../../services/shared/contracts/api/figures/figures.js';
import { figureRegistry, type FigureKey } from '../../../../services/shared/domain/figures/registry.js';
import { Chart, type ChartOption } from '../../components/chart.js';
import { Loaded } from '../../components/page.js';
import { useRead } from '../../session/use-server.js';
import { useShade } from '../../theme.js';
import { filterQuery, type ReportChoice } from './report-choice.js';
import { besideOf, comparedDays, comparisons, momentsOf, shiftOf, type Comparison, type Point } from './trend.js';

/** A figure of the whole report over time, with the days before and the same weekdays for comparison. */
export function TrendChart({
  choice,
  figure,
  nameOf,
  startText,
}: {
  readonly choice: ReportChoice;
  readonly figure: FigureKey;
  readonly nameOf: (key: FigureKey) => string;
  readonly startText: (start: string) => string;
}): ReactNode {
  const { from, to, interval, filters, asOf } = choice;
  const query = { interval, by: 'all', ...filterQuery(filters), ...(asOf === undefined ? {} : { asOf }) } as const;
  const own = useRead('/figures/report', { query: { ...query, from, to } });
  const before = useRead('/figures/report', { query: { ...query, ...comparedDays(choice, 'before') } });
  const weekday = useRead('/figures/report', { query: { ...query, ...comparedDays(choice, 'weekday') } });
  return (
    <Loaded query={own}>
      {(report) => (
        <Loaded query={before}>
          {(reportBefore) => (
            <Loaded query={weekday}>
              {(reportWeekday) => (
                <Lines
                  report={report}
                  compared={{ before: reportBefore, weekday: reportWeekday }}
                  choice={choice}
                  figure={figure}
                  nameOf={nameOf}
                  startText={startText}
                />
              )}
            </Loaded>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function Lines({
  report,
  compared,
  choice,
  figure,
  nameOf,
  startText,
}: {
  readonly report: FigureReport;
  readonly compared: Readonly<Record<Comparison, FigureReport>>;
  readonly choice: ReportChoice;
  readonly figure: FigureKey;
  readonly nameOf: (key: FigureKey) => string;
  readonly startText: (start: string) => string;
}): ReactNode {
  const { t } = useTranslation();
  const shade = useShade();
  const option = useMemo<ChartOption>(() => {
    const pointsOf = ({ rows }: FigureReport): Point[] =>
      rows.map(({ start, figures }) => ({ start, value: figures[figure]?.value ?? null }));
    const own = pointsOf(report);
    const others = comparisons.map((comparison) => ({
      comparison,
      points: pointsOf(compared[comparison]),
      shiftDays: shiftOf(choice, comparison),
    }));
    const moments = momentsOf(own, others);
    return {
      color: [shade === 'dark' ? '#6aa8f7' : '#1554ad', '#e0a030', '#8a929c'],
      legend: { type: 'scroll', top: 0, left: 0 },
      grid: { left: 44, right: 12, top: 36, bottom: 24 },
      xAxis: { type: 'category', data: moments.map(startText) },
      yAxis: { type: 'value', ...(figureRegistry[figure].unit === 'count' ? { minInterval: 1 } : {}) },
      series: [
        { type: 'line', name: nameOf(figure), data: besideOf(moments, own, 0), symbolSize: 5 },
        ...others.map(({ comparison, points, shiftDays }) => ({
          type: 'line' as const,
          name: t(`reports.compared.${comparison}`),
          data: besideOf(moments, points, shiftDays),
          symbolSize: 4,
          lineStyle: { type: 'dashed' as const },
        })),
      ],
    };
  }, [report, compared, choice, figure, nameOf, startText, shade, t]);
  return <Chart option={option} label={t('reports.views.trend')} height={240} />;
}
