import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatMessage } from '../../../../services/shared/contracts/api/calls/chat.js';
import { useQueueName } from '../../screens/seat/queue-names.js';
import './chat-lines.css';
import { timeText } from '../time/times.js';

/** Messages, the newest one at the end and visible. A screen reader announces new ones, and the focus does not move. */
export function ChatLines({
  messages,
  nameOf,
  teamOf,
  isRead,
  readWords,
}: {
  readonly messages: readonly ChatMessage[];
  /** The agent of the conversation, where it must be named. */
  readonly nameOf?: (agentId: string) => string | undefined;
  readonly teamOf?: (teamId: string) => string | undefined;
  /** Whether those to whom a message was written have read it. */
  readonly isRead?: (message: ChatMessage) => boolean;
  /** Who has read it: the agent, unless something else is said. */
  readonly readWords?: string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const list = useRef<HTMLDivElement>(null);
  const newest = messages.at(-1)?.id;
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [newest]);

  function placeOf({ place, from }: ChatMessage): string | undefined {
    if (place.kind === 'queue') return t('chat.toQueue', { queue: queueName(place.id) });
    if (place.kind === 'team') return t('chat.toTeam', { team: teamOf?.(place.id) ?? t('chat.ownTeam') });
    const name = place.id === from.userId ? undefined : nameOf?.(place.id);
    return name === undefined ? undefined : t('chat.toAgent', { name });
  }

  return (
    // People without a mouse scroll it by keyboard.
    <div className="chat-lines stack" ref={list} role="log" aria-label={t('chat.title')} tabIndex={0} data-testid="chat-lines">
      {messages.length === 0 && <p className="soft">{t('chat.none')}</p>}
      {messages.map((message) => (
        <div key={message.id} data-testid="chat-message">
          <div className="soft figures">
            {[message.from.name, placeOf(message), timeText(message.at).slice(5, 16)].filter((part) => part !== undefined).join(' · ')}
          </div>
          <p>{message.text}</p>
          {isRead?.(message) === true && (
            <span className="soft" data-testid="chat-is-read">
              ✓ {readWords ?? t('chat.isRead')}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}
