import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureReport } from '../../../../services/shared/contracts/api/figures/figures.js';
import { waitEdges } from '../../../../services/shared/domain/figures/report.js';
import { Chart, type ChartOption } from '../../components/chart.js';

/** How long those who have left their queue had waited; together they are all who entered, except those who still wait. */
export function WaitsChart({ report: { waits } }: { readonly report: FigureReport }): ReactNode {
  const { t } = useTranslation();
  const labels = waits.map((_, place) =>
    place < waitEdges.length
      ? `${String(place === 0 ? 0 : waitEdges[place - 1])}–${String(waitEdges[place])}`
      : t('reports.longer', { seconds: waitEdges.at(-1) }),
  );
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 44, right: 12, top: 24, bottom: 24 },
      xAxis: { type: 'category', data: labels },
      yAxis: { type: 'value', minInterval: 1 },
      series: [{ type: 'bar', name: t('reports.waited'), data: [...waits], label: { show: true, position: 'top' } }],
    }),
    [labels.join(), waits, t],
  );
  return (
    <>
      <Chart option={option} label={t('reports.views.waits')} height={240} />
      <span className="soft" data-testid="report-waits">
        {t('reports.waitsOf', { count: waits.reduce((sum, number) => sum + number, 0) })}
      </span>
    </>
  );
}
