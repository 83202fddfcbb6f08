import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { barsOf } from '../../../phone/quality.js';
import { useQuality } from '../../../session/use-workplace.js';

/** Bars for the quality of incoming audio, with the figures behind them. */
export function QualityBars(): ReactNode {
  const { t } = useTranslation();
  const quality = useQuality();
  if (quality === null) return null;
  const bars = barsOf(quality);
  const detail = t('seat.quality.detail', {
    loss: quality.lossPercent.toFixed(1),
    jitter: quality.jitterMs,
    rtt: quality.roundTripMs,
    mos: quality.mos.toFixed(2),
  });
  return (
    <span
      className="bars"
      role="img"
      title={detail}
      aria-label={`${t('seat.quality.title')}: ${t('seat.quality.bars', { bars })}`}
      data-bars={bars}
      data-testid="quality"
    >
      {[1, 2, 3, 4].map((bar) => (
        <i key={bar} className={bar <= bars ? 'on' : ''} style={{ height: bar * 4 }} />
      ))}
    </span>
  );
}
