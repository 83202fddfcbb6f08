import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useRead } from '../../session/use-server.js';

const READ_AGAIN_MS = 15_000;

/** Says that the fraud watch found something that nobody has looked at. */
export function FraudBanner(): ReactNode {
  const { t } = useTranslation();
  const open = useRead('/outbound/alarms', { query: { openOnly: 'true', limit: 1 }, everyMs: READ_AGAIN_MS }).data;
  const [newest] = open?.alarms ?? [];
  if (open === undefined || newest === undefined) return null;
  return (
    <Alert
      type="error"
      showIcon
      data-testid="fraud-banner"
      title={t('callingOut.fraud.banner', { count: open.total, what: t(`callingOut.fraud.patterns.${newest.pattern}`) })}
      action={<Link to="/calling-out?tab=fraud">{t('callingOut.fraud.look')}</Link>}
    />
  );
}
