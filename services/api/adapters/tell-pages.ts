import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { Right } from '../../shared/domain/people/rights.js';
import { events, type Delivered, type EventBus, type EventName, type EventOf, type Pace } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import type { CallEnd } from '../../shared/contracts/calls/seat-socket.js';
import { callRoom, seatRoom } from './seat-actions.js';
import type { LiveBoards } from './boards.js';
import type { PageServer } from './page-server.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** The facts on which pages refresh, each with the right that lets a page hear them. */
const facts: Partial<Record<EventName, Right>> = {
  'call.arrived': 'calls.read',
  'call.connected': 'calls.read',
  'call.ended': 'calls.read',
  'recording.archived': 'calls.read',
  'recording.failed': 'calls.read',
  'complaint.opened': 'complaints.read',
  'complaint.changed': 'complaints.read',
  'complaint.due': 'complaints.read',
  'complaint.import-progress': 'complaints.read',
  'survey.recorded': 'satisfaction.read',
  'survey.task-changed': 'satisfaction.read',
  'proof.stage': 'system.read',
  'evidence.progress': 'evidence.read',
  'evidence.pack-sealed': 'evidence.read',
  'notice.changed': 'alarms.use',
  'help.changed': 'help.answer',
  'chat.sent': 'chat.supervise',
  'chat.read': 'chat.supervise',
};

/** The events that change a board. */
const changesBoards = (name: EventName): boolean => /^(call|agent|seat)\./.test(name) || others.includes(name);
const others: readonly EventName[] = ['help.changed', 'notice.raised', 'notice.cleared'];

/** Other events are not even read: an explained routing decision has more bytes than all events of its call. */
const told = (Object.keys(events) as EventName[]).filter(
  (name) => facts[name] !== undefined || changesBoards(name) || name.startsWith('listening.') || name === 'chat.sent',
);

const BOARD_EVERY_MS = 500;
/** How many turns pass before figures are computed again although nothing happened: the window of a day moves. */
const QUIET_BOARD_EVERY = 10;

/** The room for pages of people who hold a right without a scope, and the room for those who hold it with one. */
export const wholeRoom = (right: Right): string => `right:${right}`;
export const scopedRoom = (right: Right): string => `right:${right}:scoped`;

interface Owners {
  readonly io: PageServer;
  readonly commands: CommandBus;
}

const watchersOf = (io: PageServer, room: string): number => io.sockets.adapter.rooms.get(room)?.size ?? 0;

/** Sending a fact builds a packet even for an empty room, and most rooms of a centre are empty most of the time. */
const factsTo =
  (io: PageServer) =>
  (room: string, fact: { readonly name: EventName; readonly event: object }): void => {
    if (watchersOf(io, room) > 0) io.to(room).emit('fact', fact);
  };

/** What is sent to one seat; sent again if the owner did not answer. */
function createSeatNews({ io, commands, log }: Owners & { readonly log: Logger }) {
  /**
   * Seats whose page could not be informed about its calls or its agent, because the owner did not answer. They are informed as soon as it
   * does.
   */
  const untold = { calls: new Set<string>(), agent: new Set<string>() };

  /**
   * What is sent to one seat about its calls, in the order of the events: a slow answer of the owner that still contains a call must not
   * arrive after the end of that call.
   */
  const turns = new Map<string, Promise<void>>();
  async function inTurn(agentId: AgentId, say: () => void | Promise<void>): Promise<void> {
    const turn = (turns.get(agentId) ?? Promise.resolve()).then(say);
    const settled = turn.catch(() => undefined);
    turns.set(agentId, settled);
    await settled.then(() => turns.get(agentId) === settled && turns.delete(agentId));
    return turn;
  }

  /**
   * The whole state of an agent's calls, as their owner gives it: a page never adds up events. The owner is not asked when the seat has no
   * page here.
   */
  async function tellCalls(agentId: AgentId): Promise<void> {
    if (watchersOf(io, seatRoom(agentId)) === 0) return;
    const calls = await owed('calls', agentId, commands.send('calls.live', { agentId }));
    for (const call of calls) io.to(seatRoom(agentId)).emit('call:changed', call);
  }

  async function owed<T>(what: keyof typeof untold, agentId: AgentId, asked: Promise<T>): Promise<T> {
    return asked.catch((error: unknown) => {
      untold[what].add(agentId);
      throw error;
    });
  }

  function tellAgain(): void {
    const [calls, agents] = [[...untold.calls], [...untold.agent]];
    untold.calls.clear();
    untold.agent.clear();
    const quietly = (error: unknown): void => log.debug({ err: error }, 'a page could not be notified yet');
    for (const agentId of calls) inTurn(agentId, () => tellCalls(agentId)).catch(quietly);
    for (const agentId of agents) tellAgent(agentId).catch(quietly);
  }

  const ended = (agentId: AgentId, end: CallEnd): Promise<void> =>
    inTurn(agentId, () => void io.to(seatRoom(agentId)).emit('call:ended', end));

  async function tellAgent(agentId: AgentId): Promise<void> {
    if (watchersOf(io, seatRoom(agentId)) === 0) return;
    const [agent] = await owed('agent', agentId, commands.send('agents.list', { agentId }));
    if (agent !== undefined) io.to(seatRoom(agentId)).emit('agent:changed', agent);
  }

  return { inTurn, tellCalls, tellAgent, tellAgain, ended };
}

/** The end of a call for one agent, as the page shows it. */
const endOf = ({ callId, reason, decided, takenBy, at }: EventOf<'call.agent-left'>): CallEnd => ({
  callId,
  cause: reason,
  by: reason === 'ended-by-supervisor' || takenBy !== undefined ? 'supervisor' : 'agent',
  at,
  ...(decided === undefined ? {} : { decided }),
  ...(takenBy === undefined ? {} : { takenBy }),
});

/** Only a third party, who has a `way`, leaves a live call; a refusal by the called person of an outbound call ends it. */
const refusedThirdParty = ({ callId, way }: EventOf<'call.refused-by-key'>) =>
  way === undefined ? undefined : ({ callId, to: 'number', target: 'number', outcome: 'refused' } as const);

/** The agent is waiting for the ring and for the conversation. */
const AT_ONCE: Pace = { hurry: ['call.offered', 'call.connected'] };

/** The agent of the conversation, the members of the team, or everybody who serves the queue. */
async function readersOf(commands: CommandBus, { to, id, readers }: EventOf<'chat.sent'>): Promise<readonly string[]> {
  if (to === 'agent') return [id];
  if (to === 'team') return readers ?? [];
  const agents = await commands.send('agents.list', {});
  return agents.filter(({ queues }) => queues.includes(id)).map(({ agentId }) => agentId);
}

/** A page that shows this call reads it again, as far as its person may still read it. A note is also sent to the agents of the call. */
function tellItsPages(sendTo: ReturnType<typeof factsTo>, { name, event }: Delivered): void {
  if (!('callId' in event) || !/^(call|recording)\./.test(name)) return;
  const { callId } = event;
  const rooms = [...(callId === undefined ? [] : [callRoom(callId)]), ...(name === 'call.noted' ? event.agentIds.map(seatRoom) : [])];
  for (const room of rooms) sendTo(room, { name, event: { callId } });
}

/** Tells an agent that a supervisor has read, and not which one. */
function tellRead(sendTo: ReturnType<typeof factsTo>, { name, event }: Delivered): void {
  if (name === 'chat.read' && event.by === 'supervisor') sendTo(seatRoom(event.agentId), { name, event: {} });
}

/** What was measured of a call goes to the rows of its agent. */
function measure(boards: Pick<LiveBoards, 'measured' | 'lineMeasured'>, { name, event }: Delivered): void {
  if (name === 'seat.quality') boards.measured(event);
  if (name === 'calls.measured') for (const side of event.sides) boards.lineMeasured(side);
}

/** Tells pages what happened, each fact only to those whom it concerns. */
export async function tellPages({
  io,
  bus,
  commands,
  boards,
  log,
  clock = systemClock,
}: {
  readonly io: PageServer;
  readonly bus: EventBus;
  readonly boards: LiveBoards;
  readonly commands: CommandBus;
  readonly log: Logger;
  readonly clock?: Clock;
}): Promise<() => Promise<void>> {
  let boardsStale = true;
  const sendTo = factsTo(io);
  const { inTurn, tellCalls, tellAgent, tellAgain, ended } = createSeatNews({ io, commands, log });

  async function tell(delivered: Delivered): Promise<void> {
    const { name, event } = delivered;
    const right = facts[name];
    if (right !== undefined) {
      sendTo(wholeRoom(right), { name, event });
      // Pages with a scope only learn that something happened, and read again what they may see.
      sendTo(scopedRoom(right), { name, event: {} });
    }
    tellItsPages(sendTo, delivered);
    tellRead(sendTo, delivered);
    measure(boards, delivered);
    if (changesBoards(name)) boardsStale = true;
    switch (name) {
      case 'call.offered': {
        const { agentId, at: _at, ...offer } = event;
        return inTurn(agentId, () => void io.to(seatRoom(agentId)).emit('call:offered', offer));
      }
      case 'call.offer-ended':
        boards.rang(event);
        return inTurn(event.agentId, () => {
          io.to(seatRoom(event.agentId)).emit('call:offer-ended', { callId: event.callId, offerId: event.offerId, outcome: event.outcome });
        });
      case 'call.transferred':
      case 'call.transfer-ended': {
        const { fromAgentId, at: _at, ...transfer } = event;
        return inTurn(fromAgentId, () => void io.to(seatRoom(fromAgentId)).emit('call:handed-over', transfer));
      }
      case 'call.connected':
      case 'call.held':
      case 'call.resumed':
      case 'call.changed':
        return inTurn(event.agentId, () => tellCalls(event.agentId));
      case 'call.agent-left':
        return ended(event.agentId, endOf(event));
      case 'call.ended': {
        const { agentId, callId, cause, by, at, direction, decided } = event;
        return agentId === undefined ? undefined : ended(agentId, { callId, cause, by, at, direction, decided });
      }
      case 'call.refused-by-key': {
        const { agentId } = event;
        const refused = refusedThirdParty(event);
        if (agentId === undefined || refused === undefined) return;
        return inTurn(agentId, () => void io.to(seatRoom(agentId)).emit('call:handed-over', refused));
      }
      case 'seat.renewal-asked':
        io.to(seatRoom(event.agentId)).emit('seat:renew');
        return;
      case 'listening.noted':
      case 'listening.cut':
      case 'listening.interrupted':
      case 'help.changed':
        // The event says only that something happened; the page reads the content.
        io.to(seatRoom(event.agentId)).emit('fact', { name, event: {} });
        return;
      case 'chat.sent':
        for (const agentId of await readersOf(commands, event)) io.to(seatRoom(agentId)).emit('fact', { name, event: {} });
        return undefined;
      case 'agent.state-changed':
        return tellAgent(event.agentId);
      default:
    }
  }

  const failed = (event: EventName) => (error: unknown) => log.warn({ err: error, event }, 'pages could not be notified');
  const unfollow = await bus.follow((delivered) => void tell(delivered).catch(failed(delivered.name)), { ...AT_ONCE, only: told });

  let quietTurns = 0;
  const stopBoards = clock.every(BOARD_EVERY_MS, () => {
    tellAgain();
    quietTurns = boardsStale ? 0 : quietTurns + 1;
    if (quietTurns % QUIET_BOARD_EVERY !== 0) return;
    boardsStale = false;
    boards.publish().catch((error: unknown) => log.debug({ err: error }, 'boards could not be published'));
  });

  return async () => {
    stopBoards();
    await unfollow();
  };
}
