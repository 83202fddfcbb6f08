import { Descriptions, Timeline } from 'antd';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useAgentNames } from '../../seat/agent-names.js';
import { releasedByWords } from '../../seat/after-call/last-end.js';
import { useQueueName } from '../../seat/queue-names.js';
import { CallScore } from './call-score.js';
import { WaitReasons } from '../wait-reasons.js';
import { Loaded, Page } from '../../../components/page.js';
import { clockText, timeText } from '../../../components/time/times.js';
import { useRead, useRefreshOn } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { ReviewPanel } from '../../quality/review-panel.js';
import { talkedMs, type CallRecord } from './call-record.js';
import { FourElements } from '../four-elements.js';
import { OutsideLegs } from './outside-legs.js';
import { SipTrace } from './sip-trace.js';
import { MaskedNumber } from './unmask.js';
import { RecordingPanel } from './recording-panel.js';
import { CauseTag } from '../../../components/names/cause-tag.js';

const CallJourney = lazy(() => import('./call-journey.js'));
const moments = ['invitedAt', 'answeredAt', 'noticeStartedAt', 'queuedAt', 'agentAnsweredAt', 'endedAt'] as const;

/** Everything about one call, at an address that can be sent. */
export function CallPage({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const call = useRead('/calls/:callId', { params: { callId } });
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
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const talked = talkedMs(call);
  // A call that an agent dials goes through no queue; that of a callback does.
  const wasQueued = call.direction !== 'outbound' || (call.queueId ?? '') !== '';
  const isEmergency = call.dialled.some(({ emergency }) => emergency === true);
  return (
    <div className="stack">
      <section className="panel">
        <Descriptions
          size="small"
          column={{ xs: 1, md: 3 }}
          items={[
            {
              key: 'caller',
              label: t('calls.caller', { context: call.direction ?? 'inbound' }),
              children: <MaskedNumber callId={call.callId} masked={call.callerMasked} />,
            },
            { key: 'called', label: t('calls.called', { context: call.direction ?? 'inbound' }), children: call.called },
            { key: 'cause', label: t('calls.cause'), children: <CauseTag cause={call.cause} /> },
            ...(wasQueued ? [{ key: 'queue', label: t('calls.queue'), children: queueName(call.queueId ?? undefined) }] : []),
            { key: 'agent', label: t('calls.agent'), children: names.get(call.agentId ?? '') ?? call.agentId },
            { key: 'talked', label: t('calls.talked'), children: talked === null ? '' : clockText(talked) },
            { key: 'by', label: t('calls.endedBy'), children: releasedByWords(i18n, call.by, call.direction) },
          ]}
        />
      </section>
      {may('recordings.play') && call.answeredAt !== null && call.answeredAt !== undefined && <RecordingPanel callId={call.callId} />}
      {may('recordings.review') && call.answeredAt !== null && call.answeredAt !== undefined && <ReviewPanel callId={call.callId} />}
      {call.direction === 'outbound' && call.answeredAt && may('calls.read') && !isEmergency && <FourElements callId={call.callId} />}
      {call.dialled.length > 0 && <OutsideLegs call={call} />}
      <Suspense fallback={null}>
        <CallJourney call={call} />
      </Suspense>
      <section className="panel">
        <h2>{t('calls.timeline')}</h2>
        <Timeline
          items={timelineOf(call).map(({ atMs, words }, place) => ({
            key: `${atMs} ${place}`,
            content: `${timeText(new Date(atMs).toISOString())} ${words}`,
          }))}
        />
      </section>
      {may('traces.read') && <SipTrace callId={call.callId} />}
      <div className="two">
        {wasQueued && <WaitReasons callId={call.callId} />}
        {may('satisfaction.read') && <CallScore callId={call.callId} />}
      </div>
    </div>
  );

  function timelineOf({ history, ...record }: CallRecord): { atMs: number; words: string }[] {
    if (history !== undefined && history.length > 0)
      return history.map(({ atMs, what, agentId }) => ({
        atMs,
        words: `${t(`calls.marks.${what}`, { defaultValue: what, context: record.direction })} ${agentId === undefined ? '' : (names.get(agentId) ?? agentId)}`,
      }));
    return moments.flatMap((moment) => {
      const at = record[moment];
      return at === null || at === undefined
        ? []
        : [{ atMs: Date.parse(at), words: t(`calls.moments.${moment}`, { context: record.direction ?? 'inbound' }) }];
    });
  }
}
