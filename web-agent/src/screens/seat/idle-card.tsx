import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentState } from '../../../../services/shared/domain/people/agent-state.js';
import { usePhonePart } from '../../session/use-workplace.js';
import { HandedOverNote } from './call/handed-over-note.js';
import { lastEndWords } from './after-call/last-end.js';
import { useAgentNames } from './agent-names.js';
import { useQueueName } from './queue-names.js';
import { DialForm } from './seat-parts.js';
import { WrapUp } from './after-call/wrap-up.js';
import { listed } from '../../i18n/language.js';

const titles: Partial<Record<AgentState, string>> = { ready: 'seat.idle.title', 'wrap-up': 'seat.idle.afterCall' };

/** Kept short: whom I serve, and how the last call ended. */
export function IdleCard(): ReactNode {
  const { t, i18n } = useTranslation();
  const agent = usePhonePart((phone) => phone.agent);
  const lastEnd = usePhonePart((phone) => phone.lastEnd);
  const queueName = useQueueName(i18n.language);
  const names = useAgentNames();
  const serves = listed((agent?.queues ?? []).map(queueName), i18n);
  const words = lastEnd === null ? null : lastEndWords(i18n, lastEnd, (userId) => names.get(userId));
  return (
    <section className="panel idle" data-testid="idle-card">
      <h2>{t(titles[agent?.state ?? 'away'] ?? 'seat.idle.notReady')}</h2>
      {agent?.state === 'wrap-up' && <WrapUp agent={agent} />}
      <p className="soft">{t('seat.idle.text', { queues: serves === '' ? t('seat.idle.none') : serves })}</p>
      <HandedOverNote />
      {lastEnd !== null && words !== null && (lastEnd.cause !== 'transferred' || lastEnd.takenBy !== undefined) && (
        <Alert
          type={lastEnd.by === 'supervisor' ? 'warning' : 'info'}
          showIcon
          data-testid="last-end"
          data-cause={lastEnd.cause}
          data-by={lastEnd.by}
          title={words.who === undefined ? words.what : `${words.what} · ${words.who}`}
        />
      )}
      <DialForm />
    </section>
  );
}
