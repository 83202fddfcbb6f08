import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import {
  fromPage,
  namedByEvent,
  rightsFor,
  type Ack,
  type FromPage,
  type FromPagePayload,
} from '../../shared/contracts/calls/seat-socket.js';
import { CallCentreError, failureOf } from '../../shared/domain/failure.js';
import type { NamedObject } from '../../shared/domain/people/named-object.js';
import { mayUse, type Principal, type Right } from '../../shared/domain/people/rights.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { orStoreAway } from '../../shared/platform/stores/mongo.js';
import { isScoped, type ReachesObject, type ReachOf } from '../../shared/platform/reach/reach.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import type { Audit } from '../../shared/platform/http/route.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import { refuseWithout } from '../authorise.js';
import type { Listening, OpenHelp, OpenWall, Walls, WhoIs } from '../ports.js';
import { refuseNamed } from '../refuse-reach.js';
import { createBoards } from './boards.js';
import { createSeatActions, type SeatPresence } from './seat-actions.js';
import { createPageDoor } from './page-door.js';
import type { PageSocketLimits } from './page-limits.js';
import type { PageServer, PageSocket } from './page-server.js';
import { scopedRoom, tellPages, wholeRoom } from './tell-pages.js';
import { createWallGateway } from './wall-gateway.js';
import type { AgentId } from '../../shared/domain/ids.js';

export interface SocketGatewayDependencies<W extends OpenWall = OpenWall> {
  readonly server: HttpServer;
  readonly whoIs: WhoIs;
  readonly reaches: ReachesObject;
  readonly places: Pick<PlaceReach, 'agents' | 'queues'>;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly listening: Listening;
  readonly openHelp: OpenHelp;
  readonly walls: Walls<W>;
  /** Networks of the proxies in front, whose statement about the client's address is trusted. */
  readonly proxies: readonly string[];
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly presence: SeatPresence;
  /** Whether a handshake comes from a page of this product, or from a client that is not a browser. */
  readonly ofOwnOrigin: (request: IncomingMessage) => boolean;
  readonly limits?: Partial<PageSocketLimits>;
  readonly log: Logger;
}

export interface SocketGateway {
  /** A session has ended: the sockets of its pages are cut at once, and the pages go to the sign-in page. */
  closePages(sessionId: string): void;
  /** A wall was changed, withdrawn or removed: its pages are checked at once. */
  wallChanged(wallId: string): void;
  stop(): Promise<void>;
}

/** The number of messages that one page may send in a second; further ones are answered with `too-many-requests`. */
const MESSAGES_PER_SECOND = 50;
const PRESENCE_EVERY_MS = 10_000;

/** Whether a page has sent more messages in this second than it may. */
function createBudget() {
  const budget = new WeakMap<PageSocket, { second: number; used: number }>();
  function overBudget(socket: PageSocket): boolean {
    const second = Math.floor(systemClock.nowMs() / 1_000);
    const spent = budget.get(socket);
    const used = spent?.second === second ? spent.used + 1 : 1;
    budget.set(socket, { second, used });
    return used > MESSAGES_PER_SECOND;
  }
  return overBudget;
}

/** Asks the authorisation point; a refusal is recorded in the audit log. */
async function refuse(
  { reaches, audit }: Pick<SocketGatewayDependencies, 'reaches' | 'audit'>,
  socket: PageSocket,
  name: FromPage,
  payload: FromPagePayload<FromPage>,
): Promise<void> {
  const { principal, from } = socket.data;
  try {
    for (const right of rightsFor(name, payload)) refuseWithout(right, principal);
    const namedBy = namedByEvent[name] as ((given: typeof payload) => readonly NamedObject[]) | undefined;
    await refuseNamed(reaches, principal, namedBy?.(payload) ?? [], 'write');
  } catch (error) {
    // A question that could not be asked is not a refusal.
    if (!(error instanceof CallCentreError)) throw error;
    await audit({
      who: principal.userId,
      what: 'access.denied',
      object: `event ${name}`,
      from,
      success: false,
      reason: error.code,
    });
    throw error;
  }
}

/** The control socket of every page: requests of pages pass the authorisation point, and events are sent only to those they concern. */
export async function createSocketGateway<W extends OpenWall>({
  server,
  whoIs,
  reaches,
  places,
  reachOf,
  audit,
  listening,
  openHelp,
  walls,
  proxies,
  bus,
  commands,
  presence,
  ofOwnOrigin,
  limits,
  log,
}: SocketGatewayDependencies<W>): Promise<SocketGateway> {
  const io: PageServer = new Server(server, {
    path: '/socket.io',
    serveClient: false,
    pingInterval: 5_000,
    pingTimeout: 5_000,
    maxHttpBufferSize: 65_536,
    allowRequest(request, done) {
      if (!ofOwnOrigin(request)) done(null, false);
      else if (door.admits(request)) done(null, true);
      else done('too-many-requests', false);
    },
  });
  const closePages = (sessionId: string): void => io.in(`session:${sessionId}`).disconnectSockets(true);
  const door = createPageDoor({ io, whoIs, proxies, sessionAlive: presence.sessionAlive, closePages, limits, clock: systemClock, log });
  const boards = createBoards({ io, commands, places, reachOf, openHelp, clock: systemClock, log });
  const shownWalls = createWallGateway({ io, walls, addressOf: door.addressOf, clock: systemClock, log });
  const actions = createSeatActions({ io, bus, commands, presence, listening, boards });

  io.on('connection', (socket) => {
    const { principal } = socket.data;
    void socket.join([`user:${principal.userId}`, `session:${principal.sessionId}`, ...roomsOf(principal)]);
    for (const name of Object.keys(fromPage) as FromPage[]) {
      socket.on(name, (payload: unknown, ack?: (answer: Ack) => void) => void answer(socket, name, payload, ack));
    }
    socket.on(
      'disconnect',
      () =>
        void actions
          .pageGone(socket)
          .catch((error: unknown) => log.warn({ err: error }, 'a page that lost its seat could not be notified')),
    );
  });

  const overBudget = createBudget();

  async function answer(socket: PageSocket, name: FromPage, payload: unknown, ack: ((answer: Ack) => void) | undefined): Promise<void> {
    const reply = typeof ack === 'function' ? ack : () => undefined;
    try {
      if (overBudget(socket)) throw new CallCentreError('too-many-requests', 'Too many messages from this page.');
      const { userId, sessionId } = socket.data.principal;
      const parsed = fromPage[name].safeParse(payload ?? {});
      if (!parsed.success) throw new CallCentreError('invalid-request', 'The message is not valid.');
      // The session of the token is checked at each message: a session that has ended can do nothing more.
      if (!(await presence.sessionAlive(sessionId))) {
        socket.disconnect(true);
        throw new CallCentreError('not-signed-in', 'Please sign in.');
      }
      door.seen(socket);
      await refuse({ reaches, audit }, socket, name, parsed.data);
      const act = actions.handlers[name] as (socket: PageSocket, agentId: AgentId, payload: FromPagePayload<FromPage>) => Promise<unknown>;
      reply({ ok: true, data: (await act(socket, userId, parsed.data)) ?? null });
    } catch (error) {
      const failure = orStoreAway(error);
      const code = failureOf(failure);
      if (code === 'internal') log.error({ err: failure, socketEvent: name }, 'socket event failed');
      const message = failure instanceof CallCentreError ? failure.message : 'The server failed; the error is in its log.';
      reply({ ok: false, code, message });
    }
  }

  const stopTelling = await tellPages({ io, bus, commands, boards, log });
  const stopBeating = systemClock.every(
    PRESENCE_EVERY_MS,
    () => void actions.beat().catch((error: unknown) => log.warn({ err: error }, 'presence could not be renewed')),
  );
  return {
    closePages,
    wallChanged: shownWalls.changed,
    async stop() {
      stopBeating();
      door.stop();
      shownWalls.stop();
      await stopTelling();
      // A client that keeps its socket open would keep the server open.
      io.disconnectSockets(true);
      await io.close();
    },
  };
}

/** The facts that a page receives: one room for each right that gives access to a kind of fact. */
function roomsOf(principal: Principal): string[] {
  const watched: Right[] = [
    'calls.read',
    'complaints.read',
    'satisfaction.read',
    'evidence.read',
    'system.read',
    'alarms.use',
    'help.answer',
    'chat.supervise',
  ];
  const roomOf = isScoped(principal) ? scopedRoom : wholeRoom;
  return watched.filter((right) => mayUse(principal, right)).map(roomOf);
}
