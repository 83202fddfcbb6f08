import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { BoardName } from '../../shared/contracts/queues/board.js';
import type { FromPage, FromPagePayload, SeatSync } from '../../shared/contracts/calls/seat-socket.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import type { Listening } from '../ports.js';
import type { LiveBoards } from './boards.js';
import type { PageServer, PageSocket } from './page-server.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

/** Tells routing which seats have a page: a mark in Valkey that expires by itself when this process dies. */
export interface SeatPresence {
  sessionAlive(sessionId: string): Promise<boolean>;
  mark(agentId: AgentId): Promise<void>;
  unmark(agentId: AgentId): Promise<void>;
}

export const seatRoom = (agentId: AgentId): string => `seat:${agentId}`;
/** Pages that show one call. */
export const callRoom = (callId: CallId): string => `call:${callId}`;

type Handlers = { [N in FromPage]: (socket: PageSocket, agentId: AgentId, payload: FromPagePayload<N>) => Promise<unknown> };

export interface SeatActions {
  readonly handlers: Handlers;
  pageGone(socket: PageSocket): Promise<void>;
  /** Renews the marks of the seats whose pages are here. */
  beat(): Promise<void>;
}

function heldBy(socket: PageSocket): void {
  if (socket.data.seat !== true) throw new CallCentreError('wrong-state', 'This page does not hold the seat.');
}

/** What a seat does with a call. */
const callHandlers = (commands: CommandBus, listening: Listening) =>
  ({
    'call:answer': async (socket, agentId, { callId, offerId }) => {
      heldBy(socket);
      return commands.send('call.answer', { callId, agentId, ...(offerId === undefined ? {} : { offerId }) });
    },
    'call:decline': async (_socket, agentId, { callId, reason }) =>
      commands.send('call.decline', { callId, agentId, ...(reason === undefined ? {} : { reason }) }),
    'call:hang-up': async (_socket, agentId, { callId }) => commands.send('call.hang-up', { callId, agentId }),
    'call:hold': async (_socket, agentId, { callId }) => commands.send('call.hold', { callId, agentId }),
    'call:resume': async (_socket, agentId, { callId }) => commands.send('call.resume', { callId, agentId }),
    'call:transfer': async (_socket, agentId, request) => commands.send('call.transfer', { ...request, agentId }, { timeoutMs: 15_000 }),
    'call:consult': async (_socket, agentId, request) => commands.send('call.consult', { ...request, agentId }, { timeoutMs: 15_000 }),
    'call:consult-end': async (_socket, agentId, { callId, how }) => commands.send('call.consult-end', { callId, agentId, how }),
    'call:park': async (_socket, agentId, { callId }) => commands.send('call.park', { callId, agentId }),
    'call:fetch': async (socket, agentId, { callId }) => {
      heldBy(socket);
      return commands.send('call.fetch', { callId, agentId });
    },
    'call:drop-party': async (_socket, agentId, { callId, partyId }) => commands.send('call.drop-party', { callId, agentId, partyId }),
    'call:keys': async (_socket, agentId, { callId, keys }) =>
      commands.send('call.send-keys', { callId, agentId, keys }, { timeoutMs: 30_000 }),
    'call:pause-recording': async (_socket, agentId, { callId, reason, by }) =>
      commands.send('call.pause-recording', { callId, agentId, reason, by }),
    'call:resume-recording': async (_socket, agentId, { callId, by }) => commands.send('call.resume-recording', { callId, agentId, by }),
    'call:monitor': async (socket, agentId, { callId, mode, reason, note = '' }) => {
      heldBy(socket);
      const { from } = socket.data;
      if (mode === 'stop') await listening.leave({ callId, listenerId: agentId, from });
      else await listening.intervene({ callId, listenerId: agentId, mode, reason, note, from });
      return {};
    },
    'call:dial': async (socket, agentId, { number, purpose }) => {
      heldBy(socket);
      return commands.send('call.dial', { agentId, number, purpose });
    },
  }) satisfies Partial<Handlers>;

/** A page shows one call at a time. */
const followHandlers = {
  'call:follow': async (socket, _agentId, { callId, on }) => {
    for (const room of socket.rooms) if (room.startsWith(callRoom('')) && room !== callRoom(callId)) await socket.leave(room);
    await (on ? socket.join(callRoom(callId)) : socket.leave(callRoom(callId)));
  },
} satisfies Partial<Handlers>;

/** Starts or stops following a board. */
const followed =
  (boards: Pick<LiveBoards, 'follow' | 'leave'>, name: BoardName) =>
  async (socket: PageSocket, _agentId: AgentId, { on }: { readonly on: boolean }) =>
    on ? boards.follow(socket, name) : boards.leave(socket, name);

const boardHandlers = (boards: Pick<LiveBoards, 'follow' | 'leave'>) =>
  ({
    'board:queues': followed(boards, 'board:queues'),
    'board:agents': followed(boards, 'board:agents'),
    'board:thresholds': followed(boards, 'board:thresholds'),
    'board:numbers': followed(boards, 'board:numbers'),
    'board:trunks': followed(boards, 'board:trunks'),
    'board:client-units': followed(boards, 'board:client-units'),
    'board:teams': followed(boards, 'board:teams'),
    'board:answering': followed(boards, 'board:answering'),
  }) satisfies Partial<Handlers>;

export function createSeatActions({
  io,
  bus,
  commands,
  presence,
  listening,
  boards,
  clock = systemClock,
}: {
  readonly io: PageServer;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly presence: SeatPresence;
  readonly listening: Listening;
  readonly boards: Pick<LiveBoards, 'follow' | 'leave'>;
  readonly clock?: Clock;
}): SeatActions {
  const at = (): string => new Date(clock.nowMs()).toISOString();

  /** A page takes the seat: the page that had it before is notified, and stops. */
  async function sync(socket: PageSocket, agentId: AgentId): Promise<SeatSync> {
    const { sessionId, name } = socket.data.principal;
    const room = seatRoom(agentId);
    for (const other of await io.in(room).fetchSockets()) {
      if (other.id === socket.id) continue;
      other.data.seat = false;
      other.emit('seat:superseded');
      other.leave(room);
    }
    await socket.join(room);
    const first = socket.data.seat !== true;
    socket.data.seat = true;
    await presence.mark(agentId);
    const agent = await commands.send('agent.sign-in', { agentId, name, sessionId });
    if (first) {
      const device = socket.handshake.headers['user-agent'];
      await bus.publish('seat.online', {
        agentId,
        sessionId,
        at: at(),
        ...(device === undefined ? {} : { device }),
        address: socket.data.from,
      });
    }
    const calls = await commands.send('calls.live', { agentId }).catch((error: unknown) => {
      if (error instanceof CallCentreError) return null;
      throw error;
    });
    return { agent, calls, serverNowMs: clock.nowMs() };
  }

  /** Only a person in the call may report its figures. */
  async function mustBeIn(agentId: AgentId, callId: CallId): Promise<void> {
    if (!(await commands.send('calls.live', { agentId })).some((call) => call.callId === callId))
      throw new CallCentreError('no-such-call', 'No such call');
  }

  const handlers: Handlers = {
    'page:ping': async () => ({ serverNowMs: clock.nowMs() }),
    'seat:sync': sync,
    'seat:media': async (socket, agentId, { up, line }) => {
      heldBy(socket);
      const { sessionId } = socket.data.principal;
      await commands.send('seat.media', { agentId, sessionId, up, ...(line === undefined ? {} : { sipCallId: line }) });
    },
    'seat:echo': async (socket, agentId, { on }) => {
      heldBy(socket);
      return commands.send('seat.echo', { agentId, on });
    },
    'seat:quality': async (socket, agentId, sample) => {
      heldBy(socket);
      if (sample.callId !== undefined) await mustBeIn(agentId, sample.callId);
      await bus.publish('seat.quality', { agentId, at: at(), ...sample });
    },
    'agent:set-state': async (socket, agentId, { state, reason }) => {
      heldBy(socket);
      return commands.send('agent.set-state', { agentId, state, ...(reason === undefined ? {} : { reason }) });
    },
    'agent:extend-wrap-up': async (_socket, agentId, { byMs }) => commands.send('agent.extend-wrap-up', { agentId, byMs }),
    ...boardHandlers(boards),
    ...followHandlers,
    ...callHandlers(commands, listening),
  };

  return {
    handlers,
    async pageGone(socket) {
      if (socket.data.seat !== true) return;
      const { userId: agentId, sessionId } = socket.data.principal;
      // Its place may already be taken by the page after a reload.
      if ((await io.in(seatRoom(agentId)).fetchSockets()).length > 0) return;
      await presence.unmark(agentId);
      await commands.send('seat.media', { agentId, sessionId, up: false });
    },
    async beat() {
      for (const socket of io.sockets.sockets.values()) if (socket.data.seat === true) await presence.mark(socket.data.principal.userId);
    },
  };
}
