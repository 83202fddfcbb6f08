import {
  AudioMutedOutlined,
  ExportOutlined,
  InboxOutlined,
  NumberOutlined,
  PauseOutlined,
  PhoneFilled,
  TeamOutlined,
} from '@ant-design/icons';
import { Alert, Button, Space, Tag } from 'antd';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCall } from '../../../../../services/shared/contracts/calls/commands.js';
import { useCallerName } from '../../../components/names/caller-name.js';
import { Elapsed } from '../../../components/time/elapsed.js';
import { isBeforeTalk, isMonitoring, monitoringMode } from '../../../phone/phone.js';
import { stopListening } from '../../../session/own-listening.js';
import { usePhone, useProfile } from '../../../session/use-workplace.js';
import { HandedOverNote } from './handed-over-note.js';
import { IntroductionLine } from './introduction-line.js';
import { MonitorModes } from '../monitor-modes.js';
import { useAgentNames } from '../agent-names.js';
import { useQueueName } from '../queue-names.js';
import { useSeatActions } from '../seat-actions.js';
import { Keypad, PauseMenu } from '../seat-parts.js';
import type { SeatSheet } from '../seat-sheet.js';

/** Among the lazy parts; fetched as soon as a call is there, so that `T` opens it at once. */
const loadTransfer = () => import('./transfer-drawer.js');
const TransferDrawer = lazy(async () => ({ default: (await loadTransfer()).TransferDrawer }));

/** The current call: who, how long, what is recorded, and the controls in their fixed order. */
export function CallCard({
  call,
  sheet,
  setSheet,
}: {
  readonly call: LiveCall;
  readonly sheet: SeatSheet;
  readonly setSheet: (sheet: SeatSheet) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const { phone } = usePhone();
  const queueName = useQueueName(i18n.language);
  const talkingSince = phone.agent?.state === 'on-call' ? phone.agent.since : call.since;
  const close = (): void => setSheet(null);
  useEffect(() => void loadTransfer().catch(() => undefined), []);
  return (
    <section className="panel call-card" data-testid="call-card" data-call={call.callId} data-held={call.held} data-state={call.state}>
      {call.introduction !== undefined && <IntroductionLine introduction={call.introduction} />}
      {call.purpose === 'prompt-return' && (
        <div className="introduction" data-testid="introduction" data-kind="callback">
          <strong>{t('handOver.introduced.callback')}</strong>
        </div>
      )}
      <div className="row">
        <span className="caller" data-testid="caller">
          {callerName(call.callerMasked)}
        </span>
        <span className="grow" />
        <span className="recording-dot" data-recording={call.recording} data-testid="recording">
          {t(`seat.recording.${call.recording}`)}
          {call.pause !== undefined && (
            <>
              {' '}
              <Elapsed sinceMs={Date.parse(call.pause.since) - phone.clockOffsetMs} testId="pause-clock" />
            </>
          )}
        </span>
        <span className="big-figure">
          <Elapsed sinceMs={Date.parse(talkingSince) - phone.clockOffsetMs} testId="call-clock" />
        </span>
      </div>
      <div className="row soft">
        <span>{queueName(call.queueId)}</span>
        <span>{call.called}</span>
        <Listeners call={call} />
      </div>
      {/* Banners come and go below the controls, in a place of their own: what is under the mouse or being typed into stays where it is. */}
      {isMonitoring(call) ? <Monitoring call={call} /> : <Controls call={call} setSheet={setSheet} />}
      <Parties call={call} />
      <div className="call-notes">
        {call.state === 'calling' && call.carrierSilent !== true && (
          <Alert type="info" showIcon title={t('seat.calling')} data-testid="calling" />
        )}
        {call.state === 'calling' && call.carrierSilent === true && (
          <Alert type="warning" showIcon role="status" title={t('seat.carrierSilent')} data-testid="carrier-silent" />
        )}
        {(call.state === 'far-ringing' || call.state === 'early-media') && (
          <Alert
            type="info"
            showIcon
            title={t(call.state === 'far-ringing' ? 'seat.farRinging' : 'seat.earlyMedia')}
            data-testid={call.state}
          />
        )}
        {call.state === 'answering' && <Alert type="info" showIcon title={t('seat.answering')} data-testid="answering" />}
        {call.pause !== undefined && (
          <Alert
            type="warning"
            showIcon
            title={`${t('seat.recording.paused')} · ${t(`seat.pauseReason.${call.pause.reason}`, { defaultValue: call.pause.reason })}`}
            data-testid="paused"
            data-by={call.pause.by}
          />
        )}
        {call.held && <Alert type="warning" showIcon title={t('seat.onHold')} data-testid="held" />}
        {phone.muted && <Alert type="warning" showIcon title={t('seat.mutedNow')} data-testid="muted" />}
        {phone.handedOver?.outcome === 'refused' && <HandedOverNote />}
      </div>
      <Keypad open={sheet === 'keypad'} onClose={close} />
      {(sheet === 'transfer' || sheet === 'conference') && (
        <Suspense fallback={null}>
          <TransferDrawer call={call} open onClose={close} conference={sheet === 'conference'} />
        </Suspense>
      )}
    </section>
  );
}

/** The controls of a listening supervisor: change the way of taking part, and leave. */
function Monitoring({ call }: { readonly call: LiveCall }): ReactNode {
  const { t } = useTranslation();
  const { seat } = usePhone();
  const mode = monitoringMode(call);
  return (
    <div className="stack" data-testid="monitoring">
      <Alert type="info" showIcon title={t(`handOver.monitoring.${mode ?? 'listen'}`)} data-testid="monitoring-mode" data-mode={mode} />
      <div className="row">
        <MonitorModes call={call} />
        <Button danger onClick={() => stopListening(seat, call.callId)} data-testid="monitor-stop">
          {t('supervise.agents.stop')}
        </Button>
      </div>
    </div>
  );
}

/** Who listens, where the rule of the site shows it. */
function Listeners({ call: { listeners = [] } }: { readonly call: LiveCall }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  return (
    <span role="status" data-testid="listened-by">
      {listeners.map(({ agentId, mode }) => (
        <Tag key={agentId} color="blue">
          {names.get(agentId) ?? agentId}: {t(`handOver.monitoring.${mode}`)}
        </Tag>
      ))}
    </span>
  );
}

function Parties({ call }: { readonly call: LiveCall }): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const queueName = useQueueName(i18n.language);
  const act = useSeatActions();
  const names = useAgentNames();
  const { userId } = useProfile();
  const ending = usePhone().phone.asking === 'call:consult-end';
  const consulting = call.asks !== undefined && call.part === 'in-charge';
  const { to, target = '' } = call.asks ?? {};
  const asked = to === 'seat' ? (names.get(target) ?? target) : to === 'queue' ? queueName(target) : target;
  if (call.parties.length <= 1 && !consulting) return null;
  return (
    <div className="row parties" aria-label={t('seat.parties')} data-testid="parties">
      {call.parties.map((party) => (
        <Tag
          key={party.id}
          closable={call.part === 'in-charge' && party.kind !== 'caller' && party.label !== userId}
          onClose={() => act.dropParty(party.id)}
          data-testid={`party-${party.kind}`}
        >
          {party.kind === 'agent'
            ? (names.get(party.label) ?? party.label)
            : party.label === ''
              ? t('seat.target.number')
              : callerName(party.label)}
        </Tag>
      ))}
      {consulting && (
        <Space wrap data-testid="consulting">
          <span className="soft" data-testid="consulted">
            {t(
              call.state === 'consulting'
                ? 'seat.consulting'
                : call.asks?.hearsNotice === true
                  ? 'leaving.third.hearsNotice'
                  : call.asks?.carrierSilent === true
                    ? 'handOver.carrierSilent'
                    : 'handOver.consultRinging',
              { who: asked },
            )}
          </span>
          <Button
            size="small"
            type="primary"
            disabled={call.state !== 'consulting'}
            loading={ending}
            onClick={() => act.endConsult('complete')}
            data-testid="consult-complete"
          >
            {t('seat.completeTransfer')}
          </Button>
          <Button
            size="small"
            disabled={call.state !== 'consulting'}
            loading={ending}
            onClick={() => act.endConsult('join')}
            data-testid="consult-join"
          >
            {t('seat.joinAll')}
          </Button>
          <Button size="small" loading={ending} onClick={() => act.endConsult('cancel')} data-testid="consult-cancel">
            {t('seat.backToCaller')}
          </Button>
        </Space>
      )}
    </div>
  );
}

function Controls({ call, setSheet }: { readonly call: LiveCall; readonly setSheet: (sheet: SeatSheet) => void }): ReactNode {
  const { t } = useTranslation();
  const { phone } = usePhone();
  const act = useSeatActions();
  const offline = phone.link !== 'up';
  const idle = offline || isBeforeTalk(call);
  const busy = (what: string): boolean => phone.asking === what;
  return (
    <div className="controls" role="toolbar" aria-label={t('seat.parties')}>
      <Button
        onClick={act.mute}
        aria-pressed={phone.muted}
        type={phone.muted ? 'primary' : 'default'}
        icon={<AudioMutedOutlined />}
        data-testid="mute"
      >
        {phone.muted ? t('seat.unmute') : t('seat.mute')} <kbd>M</kbd>
      </Button>
      <Button
        onClick={act.hold}
        aria-pressed={call.held}
        type={call.held ? 'primary' : 'default'}
        disabled={idle}
        loading={busy('call:hold') || busy('call:resume')}
        icon={<PauseOutlined />}
        data-testid="hold"
      >
        {call.held ? t('seat.resume') : t('seat.hold')} <kbd>H</kbd>
      </Button>
      <Button onClick={() => setSheet('keypad')} disabled={idle} icon={<NumberOutlined />} data-testid="keypad">
        {t('seat.keypad')} <kbd>K</kbd>
      </Button>
      <Button
        onClick={() => setSheet('transfer')}
        disabled={idle}
        loading={busy('call:transfer') || busy('call:consult')}
        icon={<ExportOutlined />}
        data-testid="transfer"
      >
        {t('seat.transfer')} <kbd>T</kbd>
      </Button>
      <Button onClick={() => setSheet('conference')} disabled={idle} icon={<TeamOutlined />} data-testid="conference">
        {t('seat.conference')} <kbd>C</kbd>
      </Button>
      <Button
        onClick={act.park}
        disabled={offline || (call.state !== 'connected' && call.state !== 'held')}
        loading={busy('call:park')}
        title={t('seat.parked.hint')}
        icon={<InboxOutlined />}
        data-testid="park"
      >
        {t('seat.park')} <kbd>B</kbd>
      </Button>
      {call.recording === 'paused' ? (
        <Button
          type="primary"
          onClick={act.resumeRecording}
          disabled={offline}
          loading={busy('call:resume-recording')}
          data-testid="resume-recording"
        >
          {t('seat.resumeRecording')} <kbd>P</kbd>
        </Button>
      ) : (
        <PauseMenu idle={idle} />
      )}
      <Button
        danger
        type="primary"
        className="hang-up"
        onClick={act.hangUp}
        loading={busy('call:hang-up')}
        icon={<PhoneFilled rotate={135} />}
        data-testid="hang-up"
      >
        {t('seat.hangUp')} <kbd>⇧X</kbd>
      </Button>
    </div>
  );
}
