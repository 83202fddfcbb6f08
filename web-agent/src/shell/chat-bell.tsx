import { MessageOutlined } from '@ant-design/icons';
import { Badge, Button, Drawer, Select } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatPlace } from '../../../services/shared/contracts/api/calls/chat.js';
import { ChatInput } from '../components/chat/chat-input.js';
import { ChatLines } from '../components/chat/chat-lines.js';
import { namesIn } from '../screens/administer/people/team-names.js';
import { nameOf } from '../screens/seat/queue-names.js';
import type { AnswerOf } from '../session/api.js';
import { useBoard, useChange, useRead, useRefreshOn } from '../session/use-server.js';
import { useMay, useProfile, useWholeSite } from '../session/use-workplace.js';

const READ_AFTER_MS = 100;
/** How often to read again, in case a fact is lost on the way. */
const READ_AGAIN_MS = 60_000;

type Chat = AnswerOf<'GET /chat'>;

/** What agents have written, on every page of their supervisors: the count of unread messages, and the conversations. */
export function ChatBell(): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  useRefreshOn('chat', ['chat.sent', 'chat.read'], READ_AFTER_MS);
  const chat = useRead('/chat', { everyMs: READ_AGAIN_MS }).data;
  const unread = chat?.unread ?? 0;
  const label = t('chat.bell', { count: unread });
  return (
    <>
      <Button
        type="text"
        aria-label={label}
        title={label}
        icon={
          <Badge count={unread} size="small" overflowCount={99}>
            <MessageOutlined />
          </Badge>
        }
        onClick={() => setOpen(true)}
        data-testid="chat-bell"
        data-unread={unread}
      />
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        title={t('chat.title')}
        rootClassName="chat-drawer"
        size="min(440px, 100vw)"
        destroyOnHidden
      >
        {chat !== undefined && <Conversations chat={chat} isOpen={open} />}
      </Drawer>
    </>
  );
}

/** Messages from others since the person last read. */
const unreadOf = ({ messages, unread }: Chat, userId: string): Chat['messages'] =>
  unread === 0 ? [] : messages.filter(({ from }) => from.userId !== userId).slice(-unread);

/** Marked as read once all of them are shown: there is one mark for all conversations, and a hidden one has not been read. */
function useMarkRead({ messages, unread }: Chat, allShown: boolean): void {
  const mark = useChange('chat');
  const marked = useRef<string>(undefined);
  const newest = messages.at(-1)?.id;
  const { mutate } = mark;
  useEffect(() => {
    if (unread === 0 || !allShown || newest === undefined || marked.current === newest) return;
    marked.current = newest;
    mutate({ route: 'POST /chat/read', body: { messageId: newest } });
  }, [unread, allShown, newest, mutate]);
}

const ALL = 'all';

function Conversations({ chat, isOpen }: { readonly chat: Chat; readonly isOpen: boolean }): ReactNode {
  const { t, i18n } = useTranslation();
  const [chosen, setChosen] = useState<string>(ALL);
  const queues = (useBoard('board:queues').value ?? []).filter(({ internal }) => !internal);
  const teams = useTeams();
  const change = useChange('chat');
  const place = placeOf(chosen);
  const isShown = (each: Chat['messages'][number]): boolean =>
    place === undefined || (each.place.kind === place.kind && each.place.id === place.id);
  const unread = unreadOf(chat, useProfile().userId);
  // The drawer stays for a moment while it closes.
  useMarkRead(chat, isOpen && unread.every(isShown));
  const messages = chat.messages.filter(isShown);
  const withUnread = (kind: ChatPlace['kind'], id: string, name: string): string => {
    const count = unread.filter((each) => each.place.kind === kind && each.place.id === id).length;
    return count === 0 ? name : `${name} · ${t('chat.unread', { count })}`;
  };
  const agentName = (agentId: string): string | undefined => chat.agents.find(({ userId }) => userId === agentId)?.name;
  return (
    <div className="stack">
      <p className="soft">{t('chat.hint')}</p>
      <Select<string>
        value={chosen}
        onChange={setChosen}
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('chat.choose')}
        options={[
          { value: ALL, label: t('chat.all') },
          {
            label: t('chat.agents'),
            options: chat.agents.map(({ userId, name }) => ({ value: `agent ${userId}`, label: withUnread('agent', userId, name) })),
          },
          ...(teams.length === 0
            ? []
            : [
                {
                  label: t('chat.teams'),
                  options: teams.map(({ id, name }) => ({ value: `team ${id}`, label: withUnread('team', id, name) })),
                },
              ]),
          {
            label: t('chat.queues'),
            options: queues.map(({ queueId, name }) => ({
              value: `queue ${queueId}`,
              label: withUnread('queue', queueId, nameOf(name, i18n.language)),
            })),
          },
        ]}
        data-testid="chat-place"
      />
      <ChatLines
        messages={messages}
        nameOf={agentName}
        teamOf={(teamId) => teams.find(({ id }) => id === teamId)?.name}
        isRead={(message) => isReadIn(chat, message)}
      />
      <ChatInput
        label={t('chat.write')}
        disabled={place === undefined}
        send={(text, sent) => place !== undefined && change.mutate({ route: 'POST /chat', body: { place, text } }, { onSuccess: sent })}
      />
    </div>
  );
}

/** Only what somebody else than the agent wrote into the agent's conversation is read by the agent. */
function isReadIn({ readUntil }: Chat, { at, place, from }: Chat['messages'][number]): boolean {
  const until = place.kind === 'agent' && place.id !== from.userId ? readUntil[place.id] : undefined;
  return until !== undefined && Date.parse(until) >= Date.parse(at);
}

/** The open teams to which this person may write. */
function useTeams(): readonly { readonly id: string; readonly name: string }[] {
  const { i18n } = useTranslation();
  const may = useMay();
  const wholeSite = useWholeSite();
  const led = useProfile().scope.teams ?? [];
  const { teams = [] } = useRead('/teams', { enabled: may('teams.read') }).data ?? {};
  return teams
    .filter(({ id, closedAt }) => closedAt === null && (wholeSite || led.includes(id)))
    .map(({ id, name }) => ({ id, name: nameOf(namesIn(name), i18n.language) }));
}

function placeOf(chosen: string): ChatPlace | undefined {
  const [kind, id] = chosen.split(' ');
  return (kind === 'agent' || kind === 'queue' || kind === 'team') && id !== undefined ? { kind, id } : undefined;
}
