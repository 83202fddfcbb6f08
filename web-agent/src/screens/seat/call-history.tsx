import { Empty } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../components/times.js';
import { useRead } from '../../session/use-server.js';

interface Contact {
  readonly callId: string;
  readonly arrivedAt: string;
  readonly cause?: string;
}

/** Earlier contacts of the caller of this call. */
export function CallHistory({ callId }: { readonly callId: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const history = useRead<{ calls: readonly Contact[] }>(`/calls/${callId}/history`);
  const rows = history.data?.calls ?? [];
  if (rows.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('seat.historyEmpty')} />;
  return (
    <ul className="plain">
      {rows.map((row) => (
        <li key={row.callId} className="row">
          <span className="figures">{timeText(row.arrivedAt)}</span>
          <span>{row.cause !== undefined && i18n.exists(`calls.causes.${row.cause}`) ? t(`calls.causes.${row.cause}`) : ''}</span>
        </li>
      ))}
    </ul>
  );
}
