import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../../components/time/elapsed.js';
import { timeText } from '../../../components/time/times.js';

/** Older data is not shown as live. */
const STALE_MS = 10_000;

/** Whether a board last heard of at `atMs` (page clock, 0 before the first) is too old to be called live. */
export function useIsStale(atMs: number): boolean {
  return useNow() - atMs > STALE_MS && atMs !== 0;
}

export function Freshness({ atMs }: { readonly atMs: number }): ReactNode {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <span className="soft figures" data-testid="freshness">
      {t('supervise.wallboard.fresh', { seconds: atMs === 0 ? '–' : Math.max(0, Math.round((now - atMs) / 1_000)) })}
    </span>
  );
}

/** Takes the place of the rows until the server is first heard of after the page was opened. */
export function WaitNote({ atMs }: { readonly atMs: number }): ReactNode {
  const { t } = useTranslation();
  return (
    atMs === 0 && (
      <p role="status" className="soft" data-testid="not-heard">
        {t('supervise.wallboard.notHeard')}
      </p>
    )
  );
}

/** Says since when the figures below have not been live. */
export function StaleNote({ atMs }: { readonly atMs: number }): ReactNode {
  const { t } = useTranslation();
  if (!useIsStale(atMs)) return null;
  return (
    <Alert
      banner
      showIcon
      type="warning"
      title={t('supervise.wallboard.stale', { time: timeText(new Date(atMs).toISOString()) })}
      data-testid="stale"
    />
  );
}
