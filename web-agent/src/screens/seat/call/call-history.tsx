import { Empty } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../../components/time/times.js';
import { useBriefing } from './briefing.js';
import { useContacts } from '../earlier-contacts.js';
import { resultText } from '../after-call/result-choices.js';

/** Earlier contacts of the caller of this call. */
export function CallHistory({ callId }: { readonly callId: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const rows = useContacts(callId);
  const worksheet = useBriefing(callId).data?.worksheet ?? null;
  if (rows.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('seat.historyEmpty')} />;
  return (
    <ul className="plain history" data-testid="history">
      {rows.map((row) => (
        <li key={`${row.callId} ${row.at}`}>
          <div className="row">
            <span className="figures">{timeText(row.at).slice(0, 16)}</span>
            <strong>{resultText(worksheet, row.disposition, i18n.language)}</strong>
            <span className="soft">
              {row.cause !== undefined && i18n.exists(`calls.causes.${row.cause}`) ? t(`calls.causes.${row.cause}`) : ''}
            </span>
          </div>
          <div className={row.notes === '' ? 'soft' : 'written'}>{row.notes === '' ? t('contact.nothingWritten') : row.notes}</div>
        </li>
      ))}
    </ul>
  );
}
