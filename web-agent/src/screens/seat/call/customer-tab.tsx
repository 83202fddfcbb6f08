import { Button, Input, Space } from 'antd';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../../components/page.js';
import { untilFetched } from '../../../components/until-fetched.js';
import { loadPageWords } from '../../../i18n/language.js';
import { timeText } from '../../../components/time/times.js';
import { useChange } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { useBriefing } from './briefing.js';

const CustomerAtCall = lazy(() =>
  untilFetched(async () => (await Promise.all([import('../../customers/customer-at-call.js'), loadPageWords()]))[0]),
);

/** The record of the customer, the unit that was called, open complaints, and the note that the next agent will see. */
export function CustomerTab({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const briefing = useBriefing(callId);
  const may = useMay();
  return (
    <div className="stack">
      {may('customers.own') && (
        <Suspense>
          <CustomerAtCall callId={callId} />
        </Suspense>
      )}
      <Loaded query={briefing}>
        {({ client, openComplaints, stickyNote, withheld }) => (
          <div className="stack" data-testid="customer">
            {client !== null && (
              <dl className="facts">
                <dt>{t('contact.client')}</dt>
                <dd>{client.name}</dd>
              </dl>
            )}
            {openComplaints.length > 0 && (
              <div>
                <strong>{t('contact.openComplaints', { count: openComplaints.length })}</strong>
                <ul className="plain">
                  {openComplaints.map(({ id, number, receivedAt }) => (
                    <li key={id}>{t('contact.complaint', { number, day: timeText(receivedAt).slice(0, 10) })}</li>
                  ))}
                </ul>
              </div>
            )}
            {!withheld && <StickyNote key={stickyNote?.at ?? ''} callId={callId} text={stickyNote?.text ?? ''} />}
            {stickyNote !== null && (
              <div className="soft">{t('contact.stickyBy', { by: stickyNote.by, at: timeText(stickyNote.at).slice(0, 16) })}</div>
            )}
          </div>
        )}
      </Loaded>
    </div>
  );
}

function StickyNote({ callId, text }: { readonly callId: string; readonly text: string }): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const change = useChange('contacts');
  const stick = (next: string): void =>
    change.mutate({ route: 'PUT /contacts/:callId/sticky-note', params: { callId }, body: { text: next } });
  return (
    <div className="stack">
      <Input.TextArea
        value={typed}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 4 }}
        aria-label={t('contact.sticky')}
        placeholder={t('contact.stickyEmpty')}
        onChange={({ target }) => setTyped(target.value)}
        data-testid="sticky-text"
      />
      <Space wrap>
        <Button
          size="small"
          type="primary"
          disabled={typed.trim() === '' || typed === text}
          loading={change.isPending}
          onClick={() => stick(typed)}
          data-testid="sticky-save"
        >
          {t('contact.stickySave')}
        </Button>
        {text !== '' && (
          <Button size="small" onClick={() => stick('')} data-testid="sticky-remove">
            {t('contact.stickyRemove')}
          </Button>
        )}
      </Space>
      <div className="soft">{t('contact.stickyHint')}</div>
    </div>
  );
}
