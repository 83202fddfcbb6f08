import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText } from '../../components/time/times.js';
import { loadPageWords } from '../../i18n/language.js';
import { usePhonePart } from '../../session/use-workplace.js';
import { useBoard } from '../../session/use-server.js';
import { nameOf } from './queue-names.js';
import { ParkedCalls } from './call/parked-calls.js';
import { Today } from './day/today.js';

/** Not part of what the seat loads first. */
const Help = lazy(async () => {
  const [panel] = await Promise.all([import('./help-panel.js'), loadPageWords()]);
  return { default: panel.HelpPanel };
});

/**
 * Left column: parked calls, my day, and what waits in my queues. The state stands in the strip above every page.
 *
 * @param helpPresses How often the key for help was pressed.
 */
export function MyState({ helpPresses }: { readonly helpPresses: number }): ReactNode {
  const { t, i18n } = useTranslation();
  const agent = usePhonePart((phone) => phone.agent);
  const { value: queues } = useBoard('board:queues');
  const mine = (queues ?? []).filter(({ queueId }) => agent?.queues.includes(queueId) === true);
  return (
    <>
      <Suspense fallback={null}>
        <Help presses={helpPresses} />
      </Suspense>
      <ParkedCalls />
      <Today />
      <section className="panel fill" aria-label={t('seat.myQueues')} data-testid="my-queues">
        <h2>{t('seat.myQueues')}</h2>
        {mine.length === 0 && <p className="soft">{agent?.queues.length === 0 ? t('seat.noQueues') : t('shell.loading')}</p>}
        {mine.map((queue) => (
          <div key={queue.queueId} className="queue-line">
            <strong>{nameOf(queue.name, i18n.language)}</strong>
            <div className="row soft figures">
              <span>{t('seat.waiting', { count: queue.waiting })}</span>
              {queue.waiting > 0 && <span>{t('seat.longest', { time: clockText(queue.longestWaitMs) })}</span>}
            </div>
          </div>
        ))}
      </section>
    </>
  );
}
