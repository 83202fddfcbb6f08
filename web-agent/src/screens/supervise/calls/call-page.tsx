import { Alert, Descriptions, Tag, Timeline } from 'antd';
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
import { useMay } from '../../../session/use-workplace.js';
import { ReviewPanel } from '../../quality/review-panel.js';
import { useCallerName } from '../../../components/names/caller-name.js';
import { talkedMs } from './call-record.js';
import { canBeEnded, type ShownCall } from './call-so-far.js';
import { useCall, type CallState } from './use-call.js';
import { CallMessages } from './call-messages.js';
import { EndCall } from './end-call.js';
import { FourElements } from '../four-elements.js';
import { OutsideLegs } from './outside-legs.js';
import { SipTrace } from './sip-trace.js';
import { MaskedNumber } from './unmask.js';
import { RecordingPanel } from './recording-panel.js';
import { CauseTag } from '../../../components/names/cause-tag.js';

const CallJourney = lazy(() => import('./call-journey.js'));
const LiveQuality = lazy(() => import('./live-quality.js'));
const CallPaperwork = lazy(() => import('./call-paperwork.js'));
const CallNotes = lazy(() => import('./call-notes.js'));
const moments = ['invitedAt', 'answeredAt', 'noticeStartedAt', 'queuedAt', 'agentAnsweredAt', 'endedAt'] as const;

/** Everything about one call, from its first ring on, at an address that can be shared: the record replaces the live view. */
export function CallPage({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const { call, state, first } = useCall(callId);
  return (
    <Page title={t('calls.page')} testId="call-page" actions={<Link to="/calls">{t('calls.title')}</Link>}>
      {call === undefined ? <Loaded query={first}>{() => null}</Loaded> : <CallBody call={call} state={state} />}
    </Page>
  );
}

/** How the call ended, or what it is doing now. */
function Outcome({ call, state }: { readonly call: ShownCall; readonly state: CallState }): ReactNode {
  const { t } = useTranslation();
  if (state === 'over') return <Tag>{t('calls.now.stages.ended')}</Tag>;
  if (state === 'ended' || call.state === undefined) return <CauseTag cause={call.cause} />;
  return (
    <Tag color="blue" data-testid="call-stage">
      {t(`calls.now.stages.${call.state}`)}
    </Tag>
  );
}

/** Who listens, for people who may see it. */
function Listeners({ listeners }: { readonly listeners: ShownCall['listeners'] | undefined }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  return listeners?.map(({ agentId, mode }) => (
    <Tag key={agentId} data-testid="call-listener">
      {t('supervise.agents.listens', { who: names.get(agentId) ?? agentId, mode: t(`supervise.agents.modes.${mode}`) })}
    </Tag>
  ));
}

/** Which side released the call; of a supervisor also who it was and why. */
function EndedBy({ call: { by, direction, decided } }: { readonly call: ShownCall }): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  if (by === undefined) return '—';
  return (
    <span data-testid="ended-by">
      {releasedByWords(i18n, by, direction)}
      {decided !== null && decided !== undefined && (
        <div className="soft">
          {t('calls.decided', { by: names.get(decided.supervisorId) ?? decided.supervisorId, reason: decided.reason })}
        </div>
      )}
    </span>
  );
}

function CallBody({ call, state }: { readonly call: ShownCall; readonly state: CallState }): ReactNode {
  const isEnded = state === 'ended';
  const wasHeard = isEnded && call.answeredAt !== null && call.answeredAt !== undefined;
  const callerName = useCallerName();
  const { t, i18n } = useTranslation();
  const may = useMay();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const talked = talkedMs(call);
  // A call that an agent dials goes through no queue; a callback does.
  const wasQueued = call.direction !== 'outbound' || (call.queueId ?? '') !== '';
  const isEmergency = call.dialled.some(({ emergency }) => emergency === true);
  return (
    <div className="stack" data-testid="call-body" data-state={state}>
      {(state === 'stale' || state === 'over') && <Alert type="warning" showIcon title={t(`calls.soFar.${state}`)} />}
      {state === 'live' && call.state === 'survey' && (
        <Alert type="info" showIcon title={t('calls.soFar.survey')} data-testid="call-survey" />
      )}
      <section className="panel">
        <Descriptions
          size="small"
          column={{ xs: 1, md: 3 }}
          items={[
            {
              key: 'caller',
              label: t('calls.caller', { context: call.direction ?? 'inbound' }),
              children: isEnded ? (
                <MaskedNumber callId={call.callId} masked={call.callerMasked} />
              ) : (
                <span className="figures" data-testid="call-number">
                  {callerName(call.callerMasked)}
                </span>
              ),
            },
            { key: 'called', label: t('calls.called', { context: call.direction ?? 'inbound' }), children: call.called },
            {
              key: 'cause',
              label: t('calls.cause'),
              children: (
                <>
                  <Outcome call={call} state={state} />
                  <Listeners listeners={call.listeners} />
                  {state === 'live' && canBeEnded(call) && <EndCall call={call} />}
                </>
              ),
            },
            ...(wasQueued ? [{ key: 'queue', label: t('calls.queue'), children: queueName(call.queueId ?? undefined) }] : []),
            { key: 'agent', label: t('calls.agent'), children: names.get(call.agentId ?? '') ?? call.agentId },
            { key: 'talked', label: t('calls.talked'), children: talked === null ? '' : clockText(talked) },
            { key: 'by', label: t('calls.endedBy'), children: <EndedBy call={call} /> },
          ]}
        />
      </section>
      {wasHeard && may('recordings.play') && <RecordingPanel callId={call.callId} />}
      {wasHeard && may('recordings.review') && <ReviewPanel callId={call.callId} />}
      {isEnded && call.direction === 'outbound' && call.answeredAt && may('calls.read') && !isEmergency && (
        <FourElements callId={call.callId} />
      )}
      {call.dialled.length > 0 && <OutsideLegs call={call} isEnded={isEnded} />}
      <Suspense fallback={null}>
        {call.agentId !== null && call.agentId !== undefined && <CallPaperwork callId={call.callId} open={!isEnded} />}
        {state === 'live' && <LiveQuality callId={call.callId} />}
        <CallJourney call={call} />
        <CallNotes callId={call.callId} open={!isEnded && may('calls.note')} />
      </Suspense>
      <CallMessages callId={call.callId} />
      <section className="panel" role={isEnded ? undefined : 'log'} aria-label={t('calls.timeline')} data-testid="call-timeline">
        <h2>{t('calls.timeline')}</h2>
        <Timeline
          items={timelineOf(call).map(({ atMs, words }, place) => ({
            key: `${atMs} ${place}`,
            content: `${timeText(new Date(atMs).toISOString())} ${words}`,
          }))}
        />
      </section>
      {isEnded && may('traces.read') && <SipTrace callId={call.callId} />}
      <div className="two">
        {wasQueued && <WaitReasons callId={call.callId} />}
        {isEnded && may('satisfaction.read') && <CallScore callId={call.callId} />}
      </div>
    </div>
  );

  function timelineOf({ history, ...record }: ShownCall): { atMs: number; words: string }[] {
    if (history !== undefined && history.length > 0)
      return history.map(({ atMs, what, agentId, detail = '' }) => ({
        atMs,
        // Some marks say more with their detail: listening, or a takeover instead of a transfer.
        words: `${t([`calls.marks.${what}_${detail}`, `calls.marks.${what}`], { defaultValue: what, context: record.direction })} ${agentId === undefined ? '' : (names.get(agentId) ?? agentId)}`,
      }));
    return moments.flatMap((moment) => {
      const at = record[moment];
      return at === null || at === undefined
        ? []
        : [{ atMs: Date.parse(at), words: t(`calls.moments.${moment}`, { context: record.direction ?? 'inbound' }) }];
    });
  }
}
