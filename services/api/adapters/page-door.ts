import type { IncomingMessage } from 'node:http';
import { WALL_NAMESPACE } from '../../shared/contracts/queues/wall.js';
import { failureOf } from '../../shared/domain/failure.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import { clientAddress } from '../../shared/platform/network/networks.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { orStoreAway } from '../../shared/platform/stores/mongo.js';
import { whoAsks } from '../authorise.js';
import type { WhoIs } from '../ports.js';
import { createPageSockets, type PageConnection, type PageSocketLimits } from './page-limits.js';
import type { PageServer, PageSocket } from './page-server.js';

export interface PageDoorDependencies {
  readonly io: PageServer;
  readonly whoIs: WhoIs;
  /** Networks of the proxies in front, whose statement about the client's address is trusted. */
  readonly proxies: readonly string[];
  readonly sessionAlive: (sessionId: string) => Promise<boolean>;
  readonly closePages: (sessionId: string) => void;
  readonly limits?: Partial<PageSocketLimits> | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface PageDoor {
  /** Whether another connection from the client's address may come in. */
  admits(request: IncomingMessage): boolean;
  addressOf(socket: PageSocket): string;
  /** The session of this page was found alive a moment ago. */
  seen(socket: PageSocket): void;
  stop(): void;
}

/** The entrance of pages: who signs in on a connection, how many there may be, and which connections have to go. */
export function createPageDoor({ io, whoIs, proxies, sessionAlive, closePages, limits, clock, log }: PageDoorDependencies): PageDoor {
  const sockets = createPageSockets({
    limits,
    inUse: () =>
      new Set<PageConnection>([io.of('/'), io.of(WALL_NAMESPACE)].flatMap((on) => [...on.sockets.values()].map(({ conn }) => conn))),
    sessionAlive,
    closePages,
    clock,
    log,
  });
  const addressOf = (remote: string | undefined, forwarded: string | string[] | undefined): string =>
    clientAddress(remote, Array.isArray(forwarded) ? forwarded.join(',') : forwarded, proxies);
  const ofRequest = ({ socket, headers }: IncomingMessage): string => addressOf(socket.remoteAddress, headers['x-forwarded-for']);
  const ofSocket = ({ handshake }: PageSocket): string => addressOf(handshake.address, handshake.headers['x-forwarded-for']);

  io.engine.on(
    'connection',
    (connection: PageConnection & { readonly request: IncomingMessage; once(what: 'close', then: () => void): void }) => {
      connection.once('close', () => sockets.closed(connection));
      sockets.opened(connection, ofRequest(connection.request));
    },
  );

  /** Lets a page in, or says why not. */
  function refusalOf(socket: PageSocket, principal: Principal | undefined): 'not-signed-in' | 'network' | 'too-many-requests' | undefined {
    if (principal === undefined) return 'not-signed-in';
    // It left while its token was looked up: nobody would release it.
    if (socket.conn.readyState !== 'open') return 'network';
    if (!sockets.take(socket.id, principal)) {
      log.warn({ userId: principal.userId }, 'a session or a person opened more pages than allowed');
      return 'too-many-requests';
    }
    socket.once('disconnect', () => sockets.release(socket.id));
    socket.conn.once('close', () => sockets.release(socket.id));
    socket.data.principal = principal;
    socket.data.from = ofSocket(socket);
    return undefined;
  }

  io.use((socket, next) => {
    whoAsks(whoIs, tokenOf(socket), 'self.use').then(
      (principal) => {
        const refusal = refusalOf(socket, principal);
        next(refusal === undefined ? undefined : new Error(refusal));
      },
      (error: unknown) => next(new Error(failureOf(orStoreAway(error)))),
    );
  });

  return {
    admits: (request) => sockets.allowsAddress(ofRequest(request)),
    addressOf: ofSocket,
    seen: (socket) => sockets.seen(socket.id),
    stop: sockets.stop,
  };
}

function tokenOf({ handshake }: PageSocket): string | undefined {
  const { token } = handshake.auth as { token?: unknown };
  return typeof token === 'string' ? token : undefined;
}
