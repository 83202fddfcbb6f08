import { Button, Tag } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallerName } from '../../../components/names/caller-name.js';
import { Loaded } from '../../../components/page.js';
import { isoOf, siteNow } from '../../../components/time/site-days.js';
import { clockText, timeText } from '../../../components/time/times.js';
import { usePageWords } from '../../../components/use-page-words.js';
import { useChange, useRead, useReadAgain } from '../../../session/use-server.js';
import { usePhonePart, useProfile } from '../../../session/use-workplace.js';
import { callsOfDay, FIRST_OF_DAY, MOST_OF_DAY, type DayCall } from './day-of-calls.js';
import { useQueueName } from '../queue-names.js';

/** The record of a call is written a moment after its end, later on a busy machine. */
const RECORD_AFTER_MS = [1_500, 5_000, 15_000];

/** The agent's calls of today, newest first, each with the way back to the caller. */
export function DayCalls(): ReactNode {
  const { t } = useTranslation();
  const { userId } = useProfile();
  const readAgain = useReadAgain();
  const [all, setAll] = useState(false);
  const most = all ? MOST_OF_DAY : FIRST_OF_DAY;
  const read = useRead('/calls/mine', { query: { limit: most } });
  const lastEnd = usePhonePart((phone) => phone.lastEnd);
  useEffect(() => {
    if (lastEnd === null) return;
    const timers = RECORD_AFTER_MS.map((ms) => setTimeout(() => void readAgain('calls'), ms));
    return () => timers.forEach(clearTimeout);
  }, [lastEnd, readAgain]);
  const worded = usePageWords();
  // Below everything else: it appears when it is loaded, without a spinner.
  if (!worded || read.isPending) return null;
  return (
    <section className="panel fill" style={{ minHeight: 'auto' }} aria-label={t('myCalls.title')} data-testid="day-calls-list">
      <h2>{t('myCalls.title')}</h2>
      <Loaded query={read}>
        {({ calls }) => {
          const { shown, isCut } = callsOfDay(calls, { since: isoOf(siteNow().startOf('day')), agentId: userId, most });
          return (
            <>
              {shown.length === 0 && <p className="soft">{t('myCalls.none')}</p>}
              <ul className="plain history">
                {shown.map((call) => (
                  <DayLine key={call.callId} call={call} />
                ))}
              </ul>
              {isCut && !all && (
                <Button size="small" onClick={() => setAll(true)}>
                  {t('myCalls.all')}
                </Button>
              )}
              {isCut && all && <p className="soft">{t('myCalls.cut', { count: MOST_OF_DAY })}</p>}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function DayLine({ call }: { readonly call: DayCall }): ReactNode {
  const { t, i18n } = useTranslation();
  const who = useCallerName()(call.callerMasked);
  const queueName = useQueueName(i18n.language);
  const mayDial = usePhonePart(({ link, line, calls }) => link === 'up' && line === 'up' && calls.length === 0);
  const dial = useChange<'POST /contacts/:callId/call-back'>('calls');
  const time = timeText(call.invitedAt).slice(11, 16);
  return (
    <li className="row" data-testid="day-call">
      <span className="figures">{time}</span>
      <Tag>{t(`myCalls.${call.direction}`)}</Tag>
      <strong className="figures">{who}</strong>
      <span>{queueName(call.queueId)}</span>
      {call.talkMs > 0 && (
        <span className="figures" title={t('myCalls.talk')}>
          {clockText(call.talkMs)}
        </span>
      )}
      <span className="soft">{t(`calls.causes.${call.cause}`)}</span>
      {call.isKnown && (
        <Button
          size="small"
          disabled={!mayDial}
          loading={dial.isPending}
          aria-label={t('myCalls.backLabel', { who, time })}
          data-testid="day-call-back"
          onClick={() => dial.mutate({ route: 'POST /contacts/:callId/call-back', params: { callId: call.callId } })}
        >
          {t('myCalls.back')}
        </Button>
      )}
    </li>
  );
}
