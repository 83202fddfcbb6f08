import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { POOR_MOS } from '../../../../../services/shared/domain/mos.js';
import { useRead } from '../../../session/use-server.js';

const READ_EVERY_MS = 2_000;

/** The audio of a live call: each direction, with where it was measured. Absent while nobody talks. */
export default function LiveQuality({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const { measured = [] } = useRead('/calls/:callId/quality/now', { params: { callId }, everyMs: READ_EVERY_MS }).data ?? {};
  if (measured.length === 0) return null;
  return (
    <section className="panel stack" aria-label={t('calls.quality.title')} data-testid="live-quality">
      <h2>{t('calls.quality.title')}</h2>
      <p className="soft">{t('calls.quality.hint')}</p>
      {measured.map(({ side, source, agentId, mos, lossPercent, lostBy, jitterMs, roundTripMs }) => (
        <div className="row" key={`${side}/${source}/${agentId}`} data-testid={`quality-${side}-${source}`}>
          <span className="grow">
            {t('calls.quality.of', { side: t(`calls.quality.sides.${side}`), source: t(`calls.quality.sources.${source}`) })}
          </span>
          <span className={mos < POOR_MOS ? 'bad figures' : 'figures'}>
            {mos < POOR_MOS && `⚠ ${t('calls.quality.poor')} `}
            {t('calls.quality.figures', { mos: mos.toFixed(1), loss: lossPercent, jitter: Math.round(jitterMs) })}
            {lostBy !== undefined && t(`calls.quality.lostBy.${lostBy}`)}
            {roundTripMs !== undefined && t('calls.quality.roundTrip', { ms: Math.round(roundTripMs) })}
          </span>
        </div>
      ))}
    </section>
  );
}
