import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../components/time/times.js';
import { loadPageWords } from '../../i18n/language.js';
import { usePhonePart } from '../../session/use-workplace.js';
import { useBoard } from '../../session/use-server.js';
import { nameOf } from './queue-names.js';
import { ParkedCalls } from './call/parked-calls.js';
import { Today } from './day/today.js';

/** Not part of what the seat loads first; their places are kept, so that they push nothing away. */
const Help = lazy(async () => {
  const [panel] = await Promise.all([import('./help-panel.js'), loadPageWords()]);
  return { default: panel.HelpPanel };
});
const Chat = lazy(async () => {
  const [panel] = await Promise.all([import('./chat-panel.js'), loadPageWords()]);
  return { default: panel.ChatPanel };
});

/**
 * Left column: help, parked calls, what waits in my queues, messages, and my day. The state stands in the strip above every page.
 *
 * @param helpPresses How often the key for help was pressed.
 * @param isListening Whether the call is an agent's, and this person listens to it: then there is no help to ask for.
 */
export function MyState({ helpPresses, isListening }: { readonly helpPresses: number; readonly isListening: boolean }): ReactNode {
  const { t, i18n } = useTranslation();
  const agent = usePhonePart((phone) => phone.agent);
  const { value: queues } = useBoard('board:queues');
  const mine = (queues ?? []).filter(({ queueId }) => agent?.queues.includes(queueId) === true);
  return (
    <>
      {!isListening && (
        <Suspense fallback={<section className="panel help-place" />}>
          <Help presses={helpPresses} />
        </Suspense>
      )}
      <ParkedCalls />
      <section className="panel" aria-label={t('seat.myQueues')} data-testid="my-queues">
        <h2>{t('seat.myQueues')}</h2>
        {mine.length === 0 && <p className="soft">{agent?.queues.length === 0 ? t('seat.noQueues') : t('shell.loading')}</p>}
        {mine.map((queue) => (
          <div key={queue.queueId} className="queue-line">
            <strong className="grow">{nameOf(queue.name, i18n.language)}</strong>
            <span className="soft figures">
              {t('seat.waiting', { count: queue.waiting })}
              {queue.waiting > 0 && ` · ${t('seat.longest', { time: clockText(queue.longestWaitMs) })}`}
            </span>
          </div>
        ))}
      </section>
      <Suspense fallback={<section className="panel chat-place" />}>
        <Chat />
      </Suspense>
      <Today />
    </>
  );
}
