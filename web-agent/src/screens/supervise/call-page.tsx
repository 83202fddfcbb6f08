import { Alert, Descriptions, Timeline, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CallPlayer } from '../../components/call-player.js';
import { Loaded, Page } from '../../components/page.js';
import { clockText, sizeText, timeText } from '../../components/times.js';
import { useRead, useRefreshOn } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { between, type CallRecord } from './call-record.js';
import { Cause } from '../../components/cause-tag.js';

const moments = ['invitedAt', 'answeredAt', 'noticeAt', 'queuedAt', 'offeredAt', 'connectedAt', 'endedAt'] as const;

/** Everything about one call, at an address that can be sent. */
export function CallPage({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const call = useRead<CallRecord>(`/calls/${encodeURIComponent(callId)}`);
  useRefreshOn('calls', ['call.', 'recording.']);
  return (
    <Page title={t('calls.page')} testId="call-page" actions={<Link to="/calls">{t('calls.title')}</Link>}>
      <Loaded query={call}>{(record) => <CallBody call={record} />}</Loaded>
    </Page>
  );
}

function CallBody({ call }: { readonly call: CallRecord }): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const talkedMs = between(call.connectedAt, call.endedAt);
  const { recording } = call;
  return (
    <div className="stack">
      <section className="panel">
        <Descriptions
          size="small"
          column={{ xs: 1, md: 3 }}
          items={[
            { key: 'caller', label: t('calls.caller'), children: call.caller },
            { key: 'called', label: t('calls.called'), children: call.called },
            { key: 'cause', label: t('calls.cause'), children: <Cause cause={call.cause} /> },
            { key: 'queue', label: t('calls.queue'), children: call.queueId },
            { key: 'agent', label: t('calls.agent'), children: call.agentId },
            { key: 'talked', label: t('calls.talked'), children: talkedMs === null ? '' : clockText(talkedMs) },
            {
              key: 'by',
              label: t('calls.endedBy'),
              children:
                call.endedBy !== null && call.endedBy !== undefined && i18n.exists(`seat.by.${call.endedBy}`)
                  ? t(`seat.by.${call.endedBy}`)
                  : '',
            },
          ]}
        />
      </section>
      {may('recordings.play') && call.answeredAt !== null && call.answeredAt !== undefined && (
        <section className="panel">
          <h2>{t('calls.recording')}</h2>
          {call.endedAt === null || call.endedAt === undefined ? (
            <Alert type="info" showIcon title={t('calls.pending')} />
          ) : (
            <CallPlayer callId={call.callId} />
          )}
          {recording?.sha256 !== undefined && (
            <p className="soft">
              {recording.sizeBytes !== undefined && <span>{sizeText(recording.sizeBytes)} · </span>}
              {t('calls.hash')}{' '}
              <Typography.Text copyable code>
                {recording.sha256}
              </Typography.Text>
            </p>
          )}
        </section>
      )}
      <section className="panel">
        <h2>{t('calls.timeline')}</h2>
        <Timeline
          items={moments
            .filter((moment) => call[moment] !== null && call[moment] !== undefined)
            .map((moment) => ({ key: moment, content: `${timeText(call[moment])} ${t(`calls.moments.${moment}`)}` }))}
        />
      </section>
    </div>
  );
}
