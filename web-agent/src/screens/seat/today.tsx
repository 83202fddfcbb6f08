import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../components/times.js';
import { usePhone } from '../../session/use-workplace.js';
import { useRead } from '../../session/use-server.js';
import { todayOf, type OwnCall } from './today-figures.js';

/** What I have done today. */
export function Today(): ReactNode {
  const { t } = useTranslation();
  const { phone } = usePhone();
  // Asked again when a call of mine has ended.
  const mine = useRead<{ calls: readonly OwnCall[] }>(
    `/calls/mine?limit=200&${new URLSearchParams({ after: phone.lastEnd?.callId ?? '' }).toString()}`,
  );
  const today = todayOf(mine.data?.calls ?? [], phone.agent?.agentId ?? '', new Date());
  return (
    <section className="panel" aria-label={t('seat.today')} data-testid="today">
      <h2>{t('seat.today')}</h2>
      <dl className="facts figures">
        <dt>{t('seat.todayCalls')}</dt>
        <dd>{today.calls}</dd>
        <dt>{t('seat.todayTalk')}</dt>
        <dd>{clockText(today.talkMs)}</dd>
      </dl>
    </section>
  );
}
