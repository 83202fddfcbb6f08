import { Button, Tag } from 'antd';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallerName } from '../../../components/names/caller-name.js';
import { useNow } from '../../../components/time/elapsed.js';
import { clockText } from '../../../components/time/times.js';
import { useRead, useReadAgain } from '../../../session/use-server.js';
import { usePhonePart } from '../../../session/use-workplace.js';
import { useAgentNames } from '../agent-names.js';
import { useQueueName } from '../queue-names.js';
import { useSeatActions } from '../seat-actions.js';

const READ_EVERY_MS = 5_000;

/** Parked callers, whom anybody may fetch; nothing is shown while there are none. */
export function ParkedCalls(): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const lastEnd = usePhonePart((phone) => phone.lastEnd);
  const mine = usePhonePart(({ calls }) => calls.length);
  const mayFetch = usePhonePart(({ link, line, calls }) => link === 'up' && line === 'up' && calls.length === 0);
  const fetching = usePhonePart(({ asking }) => asking === 'call:fetch');
  const clockOffsetMs = usePhonePart((phone) => phone.clockOffsetMs);
  const act = useSeatActions();
  const queueName = useQueueName(i18n.language);
  const names = useAgentNames();
  const now = useNow();
  const parked = useRead('/calls/parked', { everyMs: READ_EVERY_MS }).data?.calls ?? [];
  const readAgain = useReadAgain();
  // Read again at once when this agent parks or fetches a call.
  useEffect(() => void readAgain('calls'), [readAgain, lastEnd, mine]);
  if (parked.length === 0) return null;
  return (
    <section className="panel" aria-label={t('seat.parked.title')} data-testid="parked-calls">
      <h2>{t('seat.parked.title')}</h2>
      <ul className="plain">
        {parked.map(({ callId, callerMasked, queueId, agentId, parkedUntil }) => (
          <li key={callId} data-testid="parked-call" data-call={callId}>
            <div className="row">
              <strong>{callerName(callerMasked)}</strong>
              <span className="grow" />
              {parkedUntil !== undefined && (
                <Tag title={t('seat.parked.until')}>{clockText(Math.max(0, Date.parse(parkedUntil) - clockOffsetMs - now))}</Tag>
              )}
            </div>
            <div className="row soft">
              <span>{queueName(queueId)}</span>
              {agentId !== undefined && <span>{t('seat.parked.by', { who: names.get(agentId) ?? agentId })}</span>}
            </div>
            <Button
              size="small"
              type="primary"
              disabled={!mayFetch}
              loading={fetching}
              onClick={() => act.fetch(callId)}
              data-testid="fetch"
            >
              {t('seat.parked.fetch')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
