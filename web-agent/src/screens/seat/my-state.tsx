import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AgentStateTag } from '../../components/agent-state-tag.js';
import { Elapsed, useNow } from '../../components/elapsed.js';
import { clockText } from '../../components/times.js';
import { usePhone, useProfile } from '../../session/use-workplace.js';
import { useTold } from '../../session/use-server.js';
import { nameOf } from './queue-names.js';
import { Today } from './today.js';
import { useSeatActions } from './seat-actions.js';

/** Left column: my state with a long clock, and what waits in my queues. */
export function MyState(): ReactNode {
  const { t, i18n } = useTranslation();
  const { phone } = usePhone();
  const act = useSeatActions();
  const profile = useProfile();
  const now = useNow();
  const { value: queues } = useTold('board:queues');
  const { agent } = phone;
  const mine = (queues ?? []).filter(({ queueId }) => agent?.queues.includes(queueId) === true);
  const endsInMs = agent?.until === undefined ? null : Date.parse(agent.until) - phone.clockOffsetMs - now;
  return (
    <>
      <section className="panel" aria-label={t('seat.myState')}>
        <h2>{profile.displayName}</h2>
        {agent !== null && (
          <>
            <AgentStateTag state={agent.state} />
            <div className="big-figure">
              <Elapsed sinceMs={Date.parse(agent.since) - phone.clockOffsetMs} />
            </div>
            {agent.state === 'wrap-up' && (
              <div className="row" data-testid="wrap-up-clock">
                {endsInMs !== null && <span className="figures">−{clockText(endsInMs)}</span>}
                <Button size="small" onClick={act.extendWrapUp} data-testid="extend-wrap-up">
                  {t('seat.extend')}
                </Button>
              </div>
            )}
          </>
        )}
      </section>
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
