import { CHAT_ROWS, type ChatPlace } from '../shared/contracts/api/calls/chat.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { ChatMessage, ChatReader, SeenPlace } from './chat.js';
import type { PartInCall } from './chat-of-call.js';
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
  /**
   * Never moves back: a page that is late does not make read messages unread again. `places`: what a supervisor sees; the agents whose
   * messages are read by that are told.
   */
  markRead(userId: UserId, as: ChatReader, messageId: string, places?: readonly SeenPlace[]): Promise<void>;
  /** How far any supervisor has read the conversation of this agent. */
  seenUntil(agentId: AgentId): Promise<Date | undefined>;
  /** How far agents have read. */
  readUntil(agentIds: readonly AgentId[]): Promise<Readonly<Record<string, Date>>>;
  /** The conversations of agents, each in the time of the agent's own part of a call; oldest first. */
  ofParts(parts: readonly PartInCall[]): Promise<readonly ChatMessage[]>;
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

/** Written by an agent into the agent's own conversation. */
const isOwnWords = ({ place, from }: ChatMessage): boolean => place.kind === 'agent' && place.id === from.userId;

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
  async markRead(userId, as, messageId, places) {
    const message = await chats.byId(messageId);
    if (message === undefined) return;
    if (as === 'agent') {
      await chats.setReadAt(userId, as, message.at);
      await bus.publish('chat.read', { at: now().toISOString(), agentId: userId, by: 'agent' });
      return;
    }
    const before = await chats.readAt(userId, as);
    const isNew = ({ at }: ChatMessage): boolean => at <= message.at && (before === undefined || at > before);
    const read = (await chats.newest(places, CHAT_ROWS)).filter((each) => isOwnWords(each) && isNew(each) && each.from.userId !== userId);
    // Oldest first, so that the last one of each agent stays.
    const untilOf = new Map(read.map(({ from, at }) => [from.userId, at] as const));
    for (const [agentId, at] of untilOf) await chats.setReadAt(agentId, 'supervisors', at);
    // Last: a process that dies before it has marked all conversations does so when the page asks again.
    await chats.setReadAt(userId, as, message.at);
    for (const agentId of untilOf.keys()) await bus.publish('chat.read', { at: now().toISOString(), agentId, by: 'supervisor' });
  },
  seenUntil: (agentId) => chats.readAt(agentId, 'supervisors'),
  readUntil: async (agentIds) => Object.fromEntries(await chats.readAts(agentIds, 'agent')),
  async ofParts(parts) {
    const all = await Promise.all(parts.map(({ agentId, from, until }) => chats.between([agentId], from, until)));
    return all.flat().sort((one, other) => one.at.getTime() - other.at.getTime());
  },
});
