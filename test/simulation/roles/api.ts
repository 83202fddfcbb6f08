import type { PageServer, PageSocket } from '../../../services/api/adapters/page-server.js';
import { refuseWithout } from '../../../services/api/authorise.js';
import { createBoards } from '../../../services/api/adapters/boards.js';
import { createSeatActions, type SeatActions } from '../../../services/api/adapters/seat-actions.js';
import { tellPages } from '../../../services/api/adapters/tell-pages.js';
import { createWallShow, type WallShow } from '../../../services/api/adapters/wall-show.js';
import { refuseNamed } from '../../../services/api/refuse-reach.js';
import type { TeamService } from '../../../services/identity/teams/team-service.js';
import type { NamedObject } from '../../../services/shared/domain/people/named-object.js';
import {
  fromPage,
  namedByEvent,
  rightsFor,
  type Ack,
  type FromPage,
  type FromPagePayload,
} from '../../../services/shared/contracts/calls/seat-socket.js';
import { CallCentreError, failureOf } from '../../../services/shared/domain/failure.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import type { Logger } from '../../../services/shared/platform/processes/logger.js';
import { isScoped, type ReachesObject } from '../../../services/shared/platform/reach/reach.js';
import { createListeningReach } from '../../../services/supervision/listening-reach.js';
import { createWallSource } from '../../../services/supervision/walls/wall-source.js';
import { channel, type Process } from '../scheduler.js';
import type { World } from '../world.js';
import { createDesk, reachesOf, type Desk } from './desk.js';

const PRESENCE_MS = 30_000;
const BEAT_MS = 10_000;
/** As in services/supervision/index.ts. */
const REACH_ROUND_MS = 2_000;

/** One page's connection, as the server holds it. */
export interface SimSocket {
  readonly id: string;
  readonly data: { readonly principal: Principal; readonly from: string; seat?: boolean };
  readonly receive: (name: string, payload: unknown) => void;
  readonly dropped: () => void;
}

/** Rooms and sockets with the few methods of Socket.IO that the gateway uses. */
class Rooms {
  readonly sockets = new Map<string, SimSocket>();
  readonly rooms = new Map<string, Set<string>>();
  readonly faces = new Map<string, object>();
  readonly #send: (delayMs: number, run: () => void) => void;

  constructor(
    private readonly world: World,
    private readonly process: Process,
  ) {
    this.#send = channel(world.scheduler);
  }

  emitTo(ids: Iterable<string>, name: string, payload: unknown): void {
    for (const id of ids) {
      const socket = this.sockets.get(id);
      // What was sent before the process died is on its way; afterwards nothing comes.
      if (socket !== undefined && this.process.alive)
        this.#send(this.world.latency(), () => this.sockets.has(id) && socket.receive(name, payload));
    }
  }

  face(socket: SimSocket): PageSocket {
    const { rooms } = this;
    const face = {
      id: socket.id,
      data: socket.data,
      handshake: { headers: {} },
      get rooms() {
        return new Set([...rooms].flatMap(([name, ids]) => (ids.has(socket.id) ? [name] : [])));
      },
      join: async (room: string) => void rooms.set(room, (rooms.get(room) ?? new Set()).add(socket.id)),
      leave: (room: string) => {
        rooms.get(room)?.delete(socket.id);
        if (rooms.get(room)?.size === 0) rooms.delete(room);
      },
      emit: (name: string, payload: unknown) => this.emitTo([socket.id], name, payload),
    };
    this.faces.set(socket.id, face);
    return face as unknown as PageSocket;
  }

  server(): PageServer {
    const { rooms, faces } = this;
    return {
      in: (room: string) => ({
        fetchSockets: async () => [...(rooms.get(room) ?? [])].flatMap((id) => faces.get(id) ?? []),
      }),
      to: (room: string) => ({
        emit: (name: string, payload: unknown) => this.emitTo([...(rooms.get(room) ?? [])], name, payload),
      }),
      sockets: { adapter: { rooms }, sockets: faces },
    } as unknown as PageServer;
  }

  remove(id: string): void {
    this.sockets.delete(id);
    this.faces.delete(id);
    for (const [room, ids] of this.rooms) {
      ids.delete(id);
      if (ids.size === 0) this.rooms.delete(room);
    }
  }
}

/** The seat's part of the api role: the product's own actions and notices, over sockets of the simulation. */
export class ApiRole {
  private constructor(
    private readonly world: World,
    readonly process: Process,
    private readonly rooms: Rooms,
    private readonly actions: SeatActions,
    private readonly reaches: ReachesObject,
    readonly walls: WallShow,
    readonly desk: Desk,
    readonly teams: TeamService,
  ) {}

  static async start(world: World, process: Process, log: Logger): Promise<ApiRole> {
    const rooms = new Rooms(world, process);
    const io = rooms.server();
    const bus = world.bus.of(process);
    const commands = world.commands.of(process);
    const { presence } = world.stores;
    const { places, reachOf } = world.staff.reach(process);
    const reaches = reachesOf(world, process);
    const boards = createBoards({
      io,
      commands,
      places,
      reachOf,
      openHelp: () => world.helps.board ?? new Map(),
      clock: process.clock,
      log,
    });
    const listening = keptWithinReach(world, process, log);
    const actions = createSeatActions({
      boards,
      io,
      bus,
      commands,
      presence: {
        sessionAlive: async () => true,
        mark: (agentId) => process.later(1, () => void presence.set(agentId, world.scheduler.nowMs + PRESENCE_MS)),
        unmark: (agentId) => process.later(1, () => void presence.delete(agentId)),
      },
      listening,
      clock: process.clock,
    });
    await bus.subscribe('listening-rows', { 'call.listened': (event) => listening.listened(event) });
    const desk = createDesk(world, process, { ...(await world.helps.start(process)), reaches });
    await tellPages({ io, bus, commands, boards, log, clock: process.clock });
    process.clock.every(BEAT_MS, () => void actions.beat());
    const walls = showWalls(world, process, log);
    return new ApiRole(world, process, rooms, actions, reaches, walls, desk, world.staff.service(process));
  }

  connect(socket: SimSocket): PageSocket {
    this.rooms.sockets.set(socket.id, socket);
    return this.rooms.face(socket);
  }

  disconnect(id: string, face: PageSocket): void {
    if (!this.rooms.sockets.has(id)) return;
    this.rooms.remove(id);
    if (this.process.alive)
      this.actions
        .pageGone(face)
        .catch((error: unknown) => this.world.note('api', 'a page that lost its seat could not be notified', { error: String(error) }));
  }

  async ask(face: PageSocket, name: FromPage, payload: unknown): Promise<Ack> {
    try {
      const parsed = fromPage[name].safeParse(payload);
      if (!parsed.success) throw new CallCentreError('invalid-request', 'The message is not valid.');
      const { principal } = face.data;
      for (const right of rightsFor(name, parsed.data)) refuseWithout(right, principal);
      const namedBy = namedByEvent[name] as ((given: FromPagePayload<FromPage>) => readonly NamedObject[]) | undefined;
      if (isScoped(principal)) await refuseNamed(this.reaches, principal, namedBy?.(parsed.data) ?? [], 'write');
      const act = this.actions.handlers[name] as (
        socket: PageSocket,
        agentId: string,
        payload: FromPagePayload<FromPage>,
      ) => Promise<unknown>;
      return { ok: true, data: (await act(face, face.data.principal.userId, parsed.data)) ?? null };
    } catch (error) {
      if (!(error instanceof CallCentreError))
        this.world.fail('crash', `${name}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
      return { ok: false, code: failureOf(error), message: String(error) };
    }
  }

  /** The process died: every page notices after a while. */
  drop(): void {
    for (const socket of [...this.rooms.sockets.values()]) {
      this.rooms.remove(socket.id);
      socket.dropped();
    }
  }
}

/** The person at a page now, by the account; undefined for a closed account. */
const personNow =
  (world: World, process: Process) =>
  (userId: string): Promise<Principal | undefined> =>
    world.stores.document(process, () => (world.staff.people.get(userId)?.disabled === true ? undefined : world.staff.principalOf(userId)));

/** As in services/supervision/index.ts: where nobody has a scope, nobody is checked. */
function keptWithinReach(world: World, process: Process, log: Logger): ReturnType<World['listenings']['service']> {
  const service = world.listenings.service(process);
  if (!world.profile.teams) return service;
  const { reachOf } = world.staff.reach(process);
  const commands = world.commands.of(process);
  const reach = createListeningReach({
    ...{ commands, reachOf, log },
    personNow: personNow(world, process),
    audit: async () => undefined,
    bus: world.bus.of(process),
    now: () => new Date(process.clock.nowMs()),
  });
  let looking = false;
  process.clock.every(REACH_ROUND_MS, () => {
    if (looking) return;
    looking = true;
    void reach.look().finally(() => (looking = false));
  });
  return { ...service, intervene: (request) => service.intervene(request).finally(() => reach.began()) };
}

function showWalls(world: World, process: Process, log: Logger): WallShow {
  const { places, reachOf } = world.staff.reach(process);
  const walls = createWallSource({
    walls: world.wall.of(process),
    personNow: personNow(world, process),
    places,
    reachOf,
    alarmsOf: async () => ({ open: 0, seen: 0 }),
    commands: world.commands.of(process),
    tokens: { hashOf: (token) => token },
    zone: 'Asia/Shanghai',
    nowMs: () => process.clock.nowMs(),
  });
  // Where there is no wall, no timer runs for it.
  const clock = world.profile.teams ? process.clock : { ...process.clock, every: () => () => undefined };
  return createWallShow({ walls, clock, log });
}
