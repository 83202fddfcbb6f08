import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartOption } from '../../../components/chart.js';
import type { CampaignView } from '../calling-out.js';
import { campaignRates, complaintsPer10000 } from './campaign-rates.js';

type Counts = CampaignView['counts'];

/** Parts of the finished rows; each row is in exactly one. */
const parts = ['reached', 'refused', 'not-permitted', 'skipped'] as const;
const colours = ['#2e7d32', '#c62828', '#ef6c00', '#757575', '#5c6bc0', '#b0bec5'];

/** The progress of a campaign: a bar of all its rows, and the figures. */
export function CampaignProgress({ counts, isStopped }: { readonly counts: Counts; readonly isStopped: boolean }): ReactNode {
  const { t } = useTranslation();
  const facts = useMemo(() => {
    const named = parts.map((part) => [t(`campaigns.outcomes.${part}`), counts[part]] as const);
    const others = Math.max(0, counts.done - named.reduce((sum, [, count]) => sum + count, 0));
    return [
      ...named,
      [t('campaigns.otherOutcomes'), others],
      [t(isStopped ? 'campaigns.leftOpen' : 'campaigns.open'), counts.waiting + counts.presented + counts.dialling],
    ] as const;
  }, [counts, isStopped, t]);
  const option = useMemo<ChartOption>(
    () => ({
      grid: { left: 0, right: 0, top: 4, bottom: 4 },
      tooltip: { trigger: 'item' },
      xAxis: { type: 'value', show: false, max: Math.max(1, counts.all) },
      yAxis: { type: 'category', show: false, data: [''] },
      series: facts.map(([name, count], i) => ({
        type: 'bar' as const,
        name,
        stack: 'all',
        data: [count],
        barWidth: 20,
        itemStyle: { color: colours[i] ?? '#999' },
      })),
    }),
    [facts, counts.all],
  );
  const complaints = complaintsPer10000(counts);
  return (
    <div className="stack" data-testid="campaign-progress">
      {counts.all > 0 && <Chart option={option} label={t('campaigns.progress')} height={32} />}
      <div className="row">
        {facts.map(([name, count], i) => (
          <span key={name} className="row nowrap">
            <span aria-hidden style={{ width: 10, height: 10, background: colours[i] }} />
            {name} <strong className="figures">{count}</strong>
          </span>
        ))}
      </div>
      <div className="row" title={t('campaigns.ratesHint')} data-testid="campaign-rates">
        {Object.entries(campaignRates(counts)).map(([rate, percent]) => (
          <span key={rate} className="nowrap">
            {t(`campaigns.rates.${rate}`)} <strong className="figures">{percent === null ? '—' : `${percent.toFixed(1)} %`}</strong>
          </span>
        ))}
        <span className="nowrap" data-testid="campaign-complaints">
          {t('campaigns.complaints')} <strong className="figures">{complaints === null ? '—' : complaints.toFixed(0)}</strong>
        </span>
      </div>
      <p className="visually-hidden">{t('campaigns.ratesHint')}</p>
    </div>
  );
}
