import { Button } from 'antd';
import { lazy, memo, Suspense, useDeferredValue, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageNote } from '../../components/page.js';
import { loadPageWords } from '../../i18n/language.js';
import { currentCall, isMonitoring, type Phone } from '../../phone/phone.js';
import { useApp, usePhonePart, useWorkplace } from '../../session/use-workplace.js';
import { wrappedUpCall, writtenCall } from './call/briefing.js';
import { CallCard } from './call/call-card.js';
import { IdleCard } from './idle-card.js';
import { RingingCard } from './call/ringing-card.js';
import { useSeatActions } from './seat-actions.js';
import { Callbacks, CallTabs, State, Writing } from './seat-parts.js';
import type { SeatSheet } from './seat-sheet.js';
import type { Shortcut } from './shortcuts/shortcuts.js';
import { useShortcuts } from './shortcuts/use-shortcuts.js';

// Parts that do not belong to the ring are not drawn again because of it.
const Idle = memo(IdleCard);

const CampaignCard = lazy(async () => (await Promise.all([import('./campaign/campaign-card.js'), loadPageWords()]))[0]);

const callInSight = (phone: Phone): string | null =>
  currentCall(phone)?.callId ?? phone.offer?.callId ?? (phone.agent?.state === 'wrap-up' ? writtenCall(phone) : null);

/** The agent's page: my state, the call, what I write. */
export function SeatPage(): ReactNode {
  const { t } = useTranslation();
  const { workplace } = useApp();
  const { seat } = useWorkplace();
  const call = usePhonePart(currentCall);
  const offer = usePhonePart((phone) => phone.offer);
  const reserved = usePhonePart((phone) => phone.offer === null && phone.agent?.state === 'offered');
  const wrapsUp = usePhonePart((phone) => phone.offer === null && wrappedUpCall(phone) !== null);
  // A supervisor who is in an agent's call asks nobody for help, and the agent writes its record.
  const isListening = call !== null && isMonitoring(call);
  const isElsewhere = usePhonePart(({ link }) => link === 'superseded');
  const act = useSeatActions();
  const [helpPresses, setHelpPresses] = useState(0);
  const [sheet, setSheet] = useState<SeatSheet>(null);
  // The script is already there when the call rings, and its fields can still be filled in during wrap-up. Drawn after the call card, which
  // nothing may delay.
  const about = useDeferredValue(usePhonePart(callInSight));

  useShortcuts((shortcut: Shortcut) => {
    switch (shortcut) {
      case 'answer': {
        act.answer();
        return;
      }
      case 'mute': {
        act.mute();
        return;
      }
      case 'hold': {
        act.hold();
        return;
      }
      case 'park': {
        act.park();
        return;
      }
      case 'askHelp': {
        if (!isListening) setHelpPresses((presses) => presses + 1);
        return;
      }
      case 'hangUp': {
        act.hangUp();
        return;
      }
      case 'pauseRecording':
        if (call?.recording === 'paused') act.resumeRecording();
        else act.pauseRecording('card');
        return;
      case 'keypad':
      case 'transfer':
      case 'conference':
        if (call !== null) setSheet(shortcut);
        return undefined;
    }
  }, offer !== null);

  if (seat === null)
    return (
      <PageNote
        title={t('seat.notOpen.title')}
        text={t('seat.notOpen.text')}
        action={
          <Button type="primary" onClick={() => workplace.openSeat()} data-testid="open-seat">
            {t('seat.notOpen.open')}
          </Button>
        }
      />
    );

  return (
    <div className="seat" data-testid="seat-page">
      <h1 className="visually-hidden">{t('shell.nav.seat')}</h1>
      <div className="column">
        <State helpPresses={helpPresses} isListening={isListening} />
      </div>
      <div className="column">
        {offer !== null && <RingingCard offer={offer} />}
        {call !== null && <CallCard call={call} sheet={sheet} setSheet={setSheet} />}
        {(reserved || call?.purpose !== undefined || (call === null && wrapsUp)) && (
          <Suspense>
            <CampaignCard />
          </Suspense>
        )}
        {/* A page whose seat was opened elsewhere has nothing to ask for: that one rings, and has the call. */}
        {!isElsewhere && offer === null && call === null && !reserved && <Idle />}
        {!isElsewhere && (about === null ? <Callbacks /> : <CallTabs key={about} callId={about} />)}
      </div>
      <div className="column">{!isElsewhere && !isListening && <Writing />}</div>
    </div>
  );
}
