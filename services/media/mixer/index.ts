import type { CommandBus, CommandHandlers } from '../../shared/contracts/calls/commands.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Service } from '../../shared/platform/processes/service.js';
import { openPartySocket, type PartySocket } from './adapters/party-socket.js';
import { createRoom, type Room } from './room.js';

const FRAME_MS = 20;

interface OpenRoom {
  readonly room: Room;
  /** The term of the telephony process that opened the room. */
  term: string | undefined;
  readonly sockets: Map<string, PartySocket>;
  /** Members that are copies of somebody's sound, to whom nothing is sent. */
  readonly copies: Set<string>;
}

export interface MixerDependencies {
  readonly address: string;
  readonly portMin: number;
  readonly portMax: number;
  readonly commands: CommandBus;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly log: Logger;
}

/** A room ends with the telephony process that opened it, unless the next process takes over the room's call. */
const roomHandlers = (rooms: Map<string, OpenRoom>, close: (roomId: string) => Promise<void>) =>
  ({
    'mixer.open': async ({ roomId, term }) => {
      const known = rooms.get(roomId);
      if (known === undefined) rooms.set(roomId, { room: createRoom(), term, sockets: new Map(), copies: new Set() });
      else known.term = term;
      return {};
    },
    'mixer.keep': async ({ roomIds, term }) => {
      const others = [...rooms].filter(([roomId, room]) => room.term !== term && !roomIds.includes(roomId));
      await Promise.all(others.map(([roomId]) => close(roomId)));
      return {};
    },
  }) satisfies CommandHandlers;

/** Puts parties into rooms. */
const joining =
  (
    rooms: ReadonlyMap<string, OpenRoom>,
    address: string,
    openSocket: (target: { address: string; port: number }, onAudio: (payload: Uint8Array) => void) => Promise<PartySocket>,
  ): Required<CommandHandlers>['mixer.join'] =>
  async ({ roomId, partyId, sendTo, isCopy = false }) => {
    const joined = rooms.get(roomId);
    if (joined === undefined) throw noRoom();
    const { room, sockets, copies } = joined;
    const known = sockets.get(partyId);
    if (known === undefined) {
      const socket = await openSocket(sendTo, (payload) => room.receive(partyId, payload));
      const isOpen = rooms.get(roomId) === joined;
      if (isOpen && !sockets.has(partyId)) {
        sockets.set(partyId, socket);
        if (isCopy) copies.add(partyId);
        room.join(partyId);
        return { address, port: socket.port };
      }
      // While its port was opened the room was closed, or the party joined by another command: nobody would close this one later.
      await socket.close();
      if (!isOpen) throw noRoom();
    }
    const party = sockets.get(partyId);
    if (party === undefined) throw noRoom();
    party.sendTo(sendTo);
    return { address, port: party.port };
  };

const noRoom = (): CallCentreError => new CallCentreError('not-found', 'No such room');

/** The mixer process: rooms of G.711 parties for conferences, consultation and monitoring, controlled by commands (`mixer.*`). */
export function createMixer({ address, portMin, portMax, commands, bus, log }: MixerDependencies): Service {
  const rooms = new Map<string, OpenRoom>();
  let nextPort = portMin;
  let timer: NodeJS.Timeout | undefined;
  let stopServing: (() => Promise<void>) | undefined;

  const open = (roomId: string): OpenRoom => {
    const found = rooms.get(roomId);
    if (found === undefined) throw new CallCentreError('not-found', 'No such room');
    return found;
  };

  async function openSocket(target: { address: string; port: number }, onAudio: (payload: Uint8Array) => void): Promise<PartySocket> {
    for (let tries = portMin; tries <= portMax; tries += 2) {
      const port = nextPort;
      nextPort = nextPort + 2 > portMax ? portMin : nextPort + 2;
      try {
        return await openPartySocket({ address, port, target, onAudio });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      }
    }
    throw new CallCentreError('busy', 'No free port for another party');
  }

  async function close(roomId: string): Promise<void> {
    const found = rooms.get(roomId);
    rooms.delete(roomId);
    await Promise.all([...(found?.sockets.values() ?? [])].map((socket) => socket.close()));
  }

  function tick(): void {
    for (const { room, sockets, copies } of rooms.values())
      for (const [partyId, payload] of room.tick()) if (!copies.has(partyId)) sockets.get(partyId)?.send(payload);
  }

  /** A timer without drift: each turn aims at its own multiple of 20 ms. */
  function run(turn: number, startedAtMs: number): void {
    timer = setTimeout(
      () => {
        const due = Math.floor((performance.now() - startedAtMs) / FRAME_MS);
        // After a stall only a few frames are made up; the rest is lost.
        for (let made = Math.max(turn, due - 3); made <= due; made += 1) tick();
        run(Math.max(turn, due + 1), startedAtMs);
      },
      Math.max(0, startedAtMs + turn * FRAME_MS - performance.now()),
    );
  }

  return {
    name: 'mixer',
    async start() {
      run(1, performance.now());
      stopServing = await commands.serve({
        ...roomHandlers(rooms, close),
        'mixer.join': joining(rooms, address, openSocket),
        'mixer.matrix': async ({ roomId, hears }) => {
          open(roomId).room.setMatrix(hears);
          return {};
        },
        'mixer.leave': async ({ roomId, partyId }) => {
          const found = rooms.get(roomId);
          const socket = found?.sockets.get(partyId);
          found?.sockets.delete(partyId);
          found?.copies.delete(partyId);
          found?.room.leave(partyId);
          await socket?.close();
          return {};
        },
        'mixer.status': async () => ({ rooms: rooms.size }),
        'mixer.close': async ({ roomId }) => {
          await close(roomId);
          return {};
        },
      });
      // Calls that were in the mixer before join this one.
      await bus.publish('mixer.started', { at: new Date().toISOString() });
      log.info({ portMin, portMax }, 'mixer ready');
    },
    async stop() {
      clearTimeout(timer);
      await stopServing?.();
      for (const roomId of [...rooms.keys()]) await close(roomId);
    },
    async health() {
      return { ok: true, facts: { rooms: rooms.size } };
    },
  };
}
