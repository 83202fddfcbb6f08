import { BellFilled } from '@ant-design/icons';
import { Button, Space } from 'antd';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import type { ChosenState } from '../../../services/shared/domain/people/agent-state.js';
import { useCallerName } from '../components/names/caller-name.js';
import { AgentStateTag, AwayReason } from '../components/names/agent-state-tag.js';
import { Elapsed } from '../components/time/elapsed.js';
import { loadPageWords } from '../i18n/language.js';
import { readinessGaps, type ReadinessGap } from '../devices/device-choice.js';
import { currentCall } from '../phone/phone.js';
import { IntroductionLine } from '../screens/seat/call/introduction-line.js';
import { useQueueName } from '../screens/seat/queue-names.js';
import { QualityBars } from '../screens/seat/call/quality-bars.js';
import { SeatTrouble } from '../screens/seat/seat-trouble.js';
import { useSeatActions } from '../screens/seat/seat-actions.js';
import { ShortcutsHelp } from '../screens/seat/shortcuts/shortcuts-help.js';
import { useDesk, usePhone } from '../session/use-workplace.js';
import { StripCall } from './strip-call.js';
import { useWakeLock } from './wake-lock.js';

const DecidedNote = lazy(() => import('./decided-note.js'));
const BreakMenu = lazy(() => import('./break-menu.js'));
const BreakNote = lazy(() => import('./break-note.js'));
const DeviceCheck = lazy(async () => {
  const [page] = await Promise.all([import('../screens/seat/device-check.js'), loadPageWords()]);
  return { default: page.DeviceCheck };
});

const gapsOf = (desk: ReturnType<typeof useDesk>, phone: ReturnType<typeof usePhone>['phone']): readonly ReadinessGap[] =>
  desk === null
    ? []
    : readinessGaps({
        microphoneOpen: desk.state.microphone === 'open',
        audioUnlocked: desk.state.audioUnlocked,
        checkedAt: desk.state.choice.checkedAt,
        lineUp: phone.line === 'up' || phone.line === 'rebuilding',
        linkUp: phone.link === 'up',
      });

/** State, clock and call controls of the seat, on every page. Leaving a page never ends a call. */
export function PhoneStrip(): ReactNode {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const { phone, seat } = usePhone();
  const desk = useDesk();
  const { pathname } = useLocation();
  const [checking, setChecking] = useState(false);
  const [readyNext, setReadyNext] = useState(false);
  const [wished, setWished] = useState<ChosenState | null>(null);
  const call = currentCall(phone);
  const { agent, offer } = phone;
  const gaps = gapsOf(desk, phone);
  useWakeLock(call !== null || offer !== null || agent?.state === 'ready');

  async function choose(state: ChosenState, reason?: string): Promise<void> {
    if (state === 'ready' && gaps.length > 0) {
      await desk?.desk.unlock().catch(() => undefined);
      if (gaps.includes('device-check') || gaps.includes('microphone')) {
        setChecking(true);
        setReadyNext(true);
      }
      if (gaps.some((gap) => gap !== 'audio-locked')) return;
    }
    setWished(state);
    await seat?.ask('agent:set-state', { state, ...(reason === undefined ? {} : { reason }) });
  }

  // Whoever pressed Ready and then passed the check is ready: there is nothing left to press.
  const isFit = !checking && gaps.length === 0;
  useEffect(() => {
    if (!readyNext || checking) return;
    setReadyNext(false);
    if (!isFit) return;
    setWished('ready');
    void seat?.ask('agent:set-state', { state: 'ready' });
  }, [readyNext, checking, isFit, seat]);

  return (
    <section className="strip-wrap" aria-label={t('shell.nav.seat')}>
      <div className="strip" data-testid="phone-strip" data-line={phone.line} data-link={phone.link}>
        {agent !== null && phone.link !== 'superseded' && (
          <>
            <AgentStateTag state={agent.state} testId="my-state" />
            <Elapsed sinceMs={Date.parse(agent.since) - phone.clockOffsetMs} testId="my-clock" />
            {agent.state === 'away' && <AwayReason reason={agent.reason} testId="my-reason" />}
            {agent.state === 'break' && (
              <Suspense fallback={null}>
                <BreakNote agent={agent} clockOffsetMs={phone.clockOffsetMs} />
              </Suspense>
            )}
          </>
        )}
        <StateButtons wished={wished} onChoose={(state, reason) => void choose(state, reason)} />
        {agent?.nextState !== undefined && (agent.state === 'on-call' || agent.state === 'wrap-up') && (
          <span className="soft" data-testid="next-state">
            {t('seat.next', { state: t(`seat.state.${agent.nextState}`) })}
          </span>
        )}
        {gaps.length > 0 && phone.link !== 'superseded' && (
          <span className="soft" data-testid="readiness-gaps" data-gaps={gaps.join(' ')}>
            {t('seat.gapTitle')} {gaps.map((gap) => t(`seat.gap.${gap}`)).join(' · ')}
          </span>
        )}
        <span className="grow" />
        {pathname !== '/seat' && offer !== null && <StripRing offer={offer} />}
        {pathname !== '/seat' && call !== null && <StripCall call={call} />}
        <QualityBars />
        <Button size="small" onClick={() => setChecking(true)} data-testid="open-device-check">
          {t('seat.check.open')}
        </Button>
        <ShortcutsHelp />
      </div>
      <SeatTrouble />
      {(agent?.forced ?? agent?.nextForced) && (
        <Suspense fallback={null}>
          <DecidedNote agent={agent} />
        </Suspense>
      )}
      <div className="visually-hidden" role="status" aria-live="assertive">
        {offer !== null ? `${t('seat.ringing')} ${callerName(offer.callerMasked)}` : agent === null ? '' : t(`seat.state.${agent.state}`)}
      </div>
      {checking && (
        <Suspense fallback={null}>
          <DeviceCheck open onClose={() => setChecking(false)} />
        </Suspense>
      )}
    </section>
  );
}

/** The state that the agent chooses: for now, or for after the current call. */
function StateButtons({
  wished,
  onChoose,
}: {
  readonly wished: ChosenState | null;
  readonly onChoose: (state: ChosenState, reason?: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { phone } = usePhone();
  const { agent } = phone;
  return (
    <Space.Compact>
      {(['ready', 'away'] as const).map((state) => (
        <Button
          key={state}
          type={agent?.state === state ? 'primary' : 'default'}
          aria-pressed={agent?.state === state}
          loading={phone.asking === 'agent:set-state' && wished === state}
          disabled={phone.link !== 'up'}
          onClick={() => onChoose(state)}
          data-testid={`set-${state}`}
        >
          {state === 'ready' ? t('seat.setReady') : t('seat.setAway')}
        </Button>
      ))}
      <Suspense fallback={<Button disabled>{t('seat.setBreak')}</Button>}>
        <BreakMenu
          isChosen={agent?.state === 'break'}
          loading={phone.asking === 'agent:set-state' && wished === 'break'}
          disabled={phone.link !== 'up'}
          onChoose={(reason) => onChoose('break', reason)}
        />
      </Suspense>
    </Space.Compact>
  );
}

/** The call comes to the person and takes nothing away: an open form keeps what was typed. */
function StripRing({ offer }: { readonly offer: NonNullable<ReturnType<typeof usePhone>['phone']['offer']> }): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const queueName = useQueueName(i18n.language);
  const { phone } = usePhone();
  const go = useNavigate();
  const act = useSeatActions();
  return (
    <Space className="strip-ring" data-testid="strip-ring">
      <BellFilled className="ring-icon" />
      <strong>{callerName(offer.callerMasked)}</strong>
      {offer.introduction === undefined ? (
        <span className="soft">{queueName(offer.queueId)}</span>
      ) : (
        <IntroductionLine introduction={offer.introduction} />
      )}
      <Button size="small" type="primary" onClick={act.answer} loading={phone.asking === 'call:answer'} data-testid="strip-answer">
        {t('seat.answer')}
      </Button>
      <Button size="small" onClick={() => void go('/seat')} data-testid="strip-open-seat">
        {t('seat.openSeat')}
      </Button>
    </Space>
  );
}
