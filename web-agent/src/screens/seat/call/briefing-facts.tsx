import { Alert, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../../components/time/times.js';
import { useRead } from '../../../session/use-server.js';
import { useBriefing } from './briefing.js';
import { noContactBefore, useContacts } from '../earlier-contacts.js';
import { resultText } from '../after-call/result-choices.js';
import { listed } from '../../../i18n/language.js';

/** What to know before the first word: on whose behalf to answer, the sticky note, open complaints, the last contact in one line. */
export function BriefingFacts({ callId }: { readonly callId: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const briefing = useBriefing(callId);
  const earlier = useContacts(callId);
  const { status: history } = useRead('/calls/:callId/history', { params: { callId } });
  if (briefing.isError && briefing.data === undefined) return <p className="soft">{t('contact.unknown')}</p>;
  if (briefing.data === undefined) return null;
  const { client, callOut, stickyNote, openComplaints, worksheet } = briefing.data;
  const last = earlier[0];
  return (
    <div className="stack briefing" data-testid="briefing">
      {callOut !== undefined && (
        <div data-testid="call-out">
          <Tag color="purple">{t('contact.callOut', { from: callOut.from })}</Tag>
          {callOut.campaign !== undefined && (
            <Tag className="wrap-words">
              {t('contact.campaign')} {callOut.campaign}
            </Tag>
          )}
        </div>
      )}
      {client !== null && (client.greeting !== '' || client.name !== '') && (
        <div className="say" data-testid="client">
          {client.name !== '' && (
            <Tag color="blue">
              {t('contact.client')} {client.name}
            </Tag>
          )}
          {client.greeting !== '' && <strong>{t('contact.say', { greeting: client.greeting })}</strong>}
        </div>
      )}
      {stickyNote !== null && (
        <Alert
          type="warning"
          showIcon
          data-testid="sticky-note"
          title={stickyNote.text}
          description={t('contact.stickyBy', { by: stickyNote.by, at: timeText(stickyNote.at).slice(0, 16) })}
        />
      )}
      {openComplaints.length > 0 && (
        <Alert
          type="error"
          showIcon
          data-testid="open-complaints"
          title={t('contact.openComplaints', { count: openComplaints.length })}
          description={listed(
            openComplaints.map(({ number, receivedAt }) => t('contact.complaint', { number, day: timeText(receivedAt).slice(0, 10) })),
            i18n,
          )}
        />
      )}
      <div className="soft" data-testid="last-contact">
        {last === undefined
          ? t(`contact.before.${noContactBefore(briefing.data, history)}`)
          : `${t('contact.last')} ${timeText(last.at).slice(0, 16)} ${resultText(worksheet, last.disposition, i18n.language)} ${last.notes}`.slice(
              0,
              160,
            )}
      </div>
    </div>
  );
}
