import { CopyOutlined } from '@ant-design/icons';
import { App, Button, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../../components/time/times.js';
import { useRead } from '../../../session/use-server.js';
import { useBriefing } from './briefing.js';

/** What was created from this call, even before a reload: the numbers of its complaints, to be read out or copied, and its callbacks. */
export default function MadeInCall({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const complaints = useBriefing(callId).data?.complaintsOfCall ?? [];
  const mine = useRead('/callbacks/mine').data?.callbacks ?? [];
  const callbacks = mine.filter((callback) => [callback, ...(callback.also ?? [])].some((answered) => answered.callId === callId));
  if (complaints.length === 0 && callbacks.length === 0) return null;
  async function copy(number: string): Promise<void> {
    await navigator.clipboard.writeText(number);
    void message.success(t('shell.copied'));
  }
  return (
    <ul className="plain" aria-label={t('contact.made')} data-testid="made-in-call">
      {complaints.map(({ id, number }) => (
        <li key={id} className="row">
          <Tag color="red" data-testid="made-complaint">
            {t('contact.madeComplaint', { number })}
          </Tag>
          <Button
            size="small"
            type="text"
            icon={<CopyOutlined />}
            aria-label={`${t('shell.copy')} ${number}`}
            onClick={() => void copy(number).catch(() => message.error(t('contact.copyRefused', { number }), 8))}
          />
        </li>
      ))}
      {callbacks.map(({ id, dueAt }) => (
        <li key={id}>
          <Tag color="blue" data-testid="made-callback">
            {t('contact.callback.saved', { time: timeText(dueAt).slice(0, 16) })}
          </Tag>
        </li>
      ))}
    </ul>
  );
}
