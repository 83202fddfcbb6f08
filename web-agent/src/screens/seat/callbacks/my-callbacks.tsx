import { Button, Space, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallerName } from '../../../components/names/caller-name.js';
import { useNow } from '../../../components/time/elapsed.js';
import { timeText } from '../../../components/time/times.js';
import { useChange, useRead } from '../../../session/use-server.js';

const READ_EVERY_MS = 30_000;

/** Promised callbacks by time: mine, and those in my queues that belong to anybody. */
export function MyCallbacks(): ReactNode {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const promised = useRead('/callbacks/mine', { everyMs: READ_EVERY_MS });
  const now = useNow(10_000);
  const change = useChange('callbacks');
  const rows = promised.data?.callbacks ?? [];
  const close = (id: string, state: 'done' | 'cancelled'): void =>
    change.mutate({ route: 'POST /callbacks/:id/close', params: { id }, body: { state } });
  return (
    <section className="panel fill" style={{ minHeight: 'auto' }} aria-label={t('contact.callback.list')} data-testid="my-callbacks">
      <h2>{t('contact.callback.list')}</h2>
      {rows.length === 0 && <p className="soft">{t('contact.callback.empty')}</p>}
      <ul className="plain">
        {rows.map(({ id, dueAt, callerMasked, note, tries, also = [] }) => (
          <li key={id} className="callback" data-testid="callback">
            <div className="row">
              <span className="figures">{timeText(dueAt).slice(0, 16)}</span>
              {Date.parse(dueAt) <= now && <Tag color="red">{t('contact.callback.overdue')}</Tag>}
              <strong>{callerName(callerMasked)}</strong>
              {tries.length > 0 && <span className="soft">{t('contact.callback.tries', { count: tries.length })}</span>}
            </div>
            {also.length > 0 && <div className="soft">{t('contact.callback.also', { count: also.length })}</div>}
            {note !== '' && <div className="written">{note}</div>}
            <Space wrap>
              <Button
                size="small"
                type="primary"
                loading={change.isPending}
                onClick={() => change.mutate({ route: 'POST /callbacks/:id/dial', params: { id } })}
                data-testid="callback-dial"
              >
                {t('contact.callback.now')}
              </Button>
              <Button size="small" onClick={() => close(id, 'done')} data-testid="callback-done">
                {t('contact.callback.done')}
              </Button>
              <Button size="small" onClick={() => close(id, 'cancelled')} data-testid="callback-cancel">
                {t('contact.callback.cancel')}
              </Button>
            </Space>
          </li>
        ))}
      </ul>
    </section>
  );
}
