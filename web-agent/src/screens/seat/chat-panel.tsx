import { Badge, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChatInput } from '../../components/chat/chat-input.js';
import { ChatLines } from '../../components/chat/chat-lines.js';
import { useChange, useRead, useRefreshOn } from '../../session/use-server.js';

const READ_AFTER_MS = 100;
/** How often to read again, in case a fact is lost on the way. */
const READ_AGAIN_MS = 60_000;

/** What supervisors write to the agent, also during a call; the agent writes back when there is time. */
export function ChatPanel(): ReactNode {
  const { t } = useTranslation();
  useRefreshOn('chat', ['chat.sent', 'chat.read'], READ_AFTER_MS);
  const { messages = [], unread = 0, readUntil } = useRead('/chat/mine', { everyMs: READ_AGAIN_MS }).data ?? {};
  const change = useChange('chat');
  const newest = messages.at(-1);
  const markRead = (messageId: string): void => change.mutate({ route: 'POST /chat/mine/read', body: { messageId } });
  return (
    <section className="panel stack" aria-label={t('chat.title')} data-testid="chat-panel" data-unread={unread}>
      <div className="row">
        <h2>{t('chat.title')}</h2>
        {unread > 0 && newest !== undefined && (
          <>
            <Badge count={unread} title={t('chat.unread', { count: unread })} />
            <Button size="small" onClick={() => markRead(newest.id)} data-testid="chat-read">
              {t('chat.read')}
            </Button>
          </>
        )}
      </div>
      {messages.length === 0 ? (
        <p className="soft">{t('chat.noneYet')}</p>
      ) : (
        <ChatLines
          messages={messages}
          // Only the agent's own messages, which are in this conversation alone.
          isRead={({ at, place, from }) =>
            place.kind === 'agent' && place.id === from.userId && readUntil !== undefined && Date.parse(readUntil) >= Date.parse(at)
          }
          readWords={t('chat.isReadBySupervisor')}
        />
      )}
      <ChatInput
        label={t('chat.toSupervisors')}
        disabled={false}
        send={(text, sent) =>
          change.mutate(
            { route: 'POST /chat/mine', body: { text } },
            {
              // An agent who answers has read the messages above.
              onSuccess: () => {
                sent();
                if (newest !== undefined) markRead(newest.id);
              },
            },
          )
        }
      />
    </section>
  );
}
