import { CHAT_ROWS, type ChatPlace } from '../shared/contracts/api/calls/chat.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { ChatMessage, ChatReader, SeenPlace } from './chat.js';
import type { ChatStore } from './ports.js';
import type { AgentId, UserId } from '../shared/domain/ids.js';

export interface Chat {
  readonly messages: readonly ChatMessage[];
  readonly unread: number;
}

export interface ChatService {
  /** `readers`: to whom a message for a team goes. */
  write(from: ChatMessage['from'], place: ChatPlace, text: string, readers?: readonly AgentId[]): Promise<ChatMessage>;
  /** The newest messages of these places; `undefined` means all places. */
  read(userId: UserId, as: ChatReader, places: readonly SeenPlace[] | undefined): Promise<Chat>;
  /** Never moves back: a page that is late does not make read messages unread again. */
  markRead(userId: UserId, as: ChatReader, messageId: string): Promise<void>;
  /** How far agents have read. */
  readUntil(agentIds: readonly AgentId[]): Promise<Readonly<Record<string, Date>>>;
  /** The conversations of these agents in this time. */
  between(agentIds: readonly AgentId[], from: Date, until: Date): Promise<readonly ChatMessage[]>;
}

export interface ChatNeeds {
  readonly chats: ChatStore;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly newId: () => string;
  readonly now: () => Date;
}

/** The most messages that one person may write in a minute: each appears on other people's pages at once. */
const MOST_A_MINUTE = 20;
const MINUTE_MS = 60_000;

/** Messages between supervisors and agents. */
export const createChatService = ({ chats, bus, newId, now }: ChatNeeds): ChatService => ({
  async write(from, place, text, readers) {
    const at = now();
    const message: ChatMessage = { id: newId(), at, from, place, text };
    // Stored before it is counted: of many that come at the same moment, each counts the others.
    await chats.put(message);
    if ((await chats.countSince(from.userId, new Date(at.getTime() - MINUTE_MS))) > MOST_A_MINUTE) {
      await chats.remove(message.id);
      throw new CallCentreError('too-many-requests', 'You have sent too many messages within a minute.');
    }
    await bus.publish('chat.sent', {
      at: at.toISOString(),
      messageId: message.id,
      to: place.kind,
      id: place.id,
      ...(readers === undefined ? {} : { readers: [...readers] }),
    });
    return message;
  },
  async read(userId, as, places) {
    const [messages, readAt] = await Promise.all([chats.newest(places, CHAT_ROWS), chats.readAt(userId, as)]);
    const unread = messages.filter(({ from, at }) => from.userId !== userId && (readAt === undefined || at > readAt)).length;
    return { messages, unread };
  },
  async markRead(userId, as, messageId) {
    const message = await chats.byId(messageId);
    if (message === undefined) return;
    await chats.setReadAt(userId, as, message.at);
    if (as === 'agent') await bus.publish('chat.read', { at: now().toISOString(), agentId: userId });
  },
  readUntil: async (agentIds) => Object.fromEntries(await chats.readAts(agentIds, 'agent')),
  between: (agentIds, from, until) => chats.between(agentIds, from, until),
});
