import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import { mayUse } from '../shared/domain/people/rights.js';
import { findSession, markSeat, unmarkSeat } from '../shared/platform/events/live-sessions.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { NumberLookUps } from '../shared/platform/reach/number-look-ups.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import type { ReachesObject, ReachOf } from '../shared/platform/reach/reach.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import type { Service } from '../shared/platform/processes/service.js';
import { seatDoorNow } from '../shared/platform/network/seat-door-place.js';
import { seatDoorProof, takeSeatTicket } from '../shared/platform/network/sip-doors.js';
import { createExpressApp } from './adapters/express-app.js';
import { isOwnOrigin } from './own-origin.js';
import type { Listening, OpenHelp, OpenWall, Walls, WhoIs } from './ports.js';
import { createSeatDoor, type SeatDoor, type SeatDoorDependencies } from './adapters/seat-door.js';
import { createSocketGateway, type SocketGateway } from './adapters/socket-gateway.js';
import type { AgentId } from '../shared/domain/ids.js';

export interface ApiDependencies<W extends OpenWall = OpenWall> {
  readonly config: Config;
  readonly routes: readonly Route[];
  readonly whoIs: WhoIs;
  readonly reaches: ReachesObject;
  readonly places: Pick<PlaceReach, 'agents' | 'queues'>;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly listening: Listening;
  readonly openHelp: OpenHelp;
  readonly walls: Walls<W>;
  readonly lookUps: NumberLookUps;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly valkey: Redis;
  readonly log: Logger;
  /** The folder of the built pages. */
  readonly pages?: string;
}

/**
 * A client that sends a header or a body more slowly is cut; checked every few seconds. An upload of 20 MB takes two minutes on a slow
 * line.
 */
const SLOWEST = { headersTimeout: 10_000, requestTimeout: 120_000, connectionsCheckingInterval: 5_000 };
/** A connection without TLS by then is cut. */
const HANDSHAKE_MS = 10_000;

export interface Api extends Service {
  /** A session has ended: its pages and its seat are cut at once. */
  endSession(sessionId: string): void;
  /** A wall was changed, withdrawn or removed: its pages are checked at once. */
  wallChanged(wallId: string): void;
}

export { createSeatDoor, type SeatDoor, type SeatDoorDependencies };

/** The web origin: HTTP, Socket.IO and the seat door on one port. */
export function createApi<W extends OpenWall>({
  config,
  routes,
  whoIs,
  reaches,
  places,
  reachOf,
  audit,
  listening,
  openHelp,
  walls,
  lookUps,
  bus,
  commands,
  valkey,
  log,
  pages = join('web-agent', 'dist'),
}: ApiDependencies<W>): Api {
  const overTls = config.TLS_CERT_FILE !== undefined && config.TLS_KEY_FILE !== undefined;
  const proxies = config.WEB_TRUSTED_PROXIES;
  let server: Server | undefined;
  let gateway: SocketGateway | undefined;
  const seatDoor = createSeatDoor({
    target: () => seatDoorNow(valkey, new URL(config.SIP_WEBSOCKET_URL)),
    proof: seatDoorProof(config.DRACHTIO_SECRET),
    seatKey: config.SEAT_KEY,
    proxies,
    takeTicket: (ticket) => takeSeatTicket(valkey, ticket),
    async seatOf(sessionId) {
      const session = await findSession(valkey, sessionId);
      return session !== undefined && mayUse({ ...session, sessionId }, 'seat.use') ? session.userId : undefined;
    },
    log,
  });

  return {
    name: 'api',
    endSession(sessionId) {
      gateway?.closePages(sessionId);
      seatDoor.endSession(sessionId);
    },
    wallChanged: (wallId) => gateway?.wallChanged(wallId),
    async start() {
      const app = createExpressApp({
        routes,
        whoIs,
        reaches,
        audit,
        lookUps,
        log,
        proxies,
        pages: join(process.cwd(), pages),
        overTls,
        checksAnswers: config.API_CHECKS_ANSWERS === 'yes',
      });
      server = webServer(config, app);
      const settings = { configured: config.WEB_ORIGIN, behindProxy: proxies.length > 0 };
      const ofOwnOrigin = ({ headers }: IncomingMessage): boolean => isOwnOrigin(headers, settings);
      server.on('upgrade', (request, socket, head) => {
        const path = (request.url ?? '').split('?')[0];
        // Every browser names the requesting page. A client that does not is not a browser, and not a seat.
        if (path === '/sip' && request.headers.origin !== undefined && ofOwnOrigin(request)) seatDoor.upgrade(request, socket, head);
        else if (path === '/sip') socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        else if (path?.startsWith('/socket.io') !== true) socket.destroy();
      });
      const presence = {
        sessionAlive: async (sessionId: string) => (await findSession(valkey, sessionId)) !== undefined,
        mark: (agentId: AgentId) => markSeat(valkey, agentId),
        unmark: (agentId: AgentId) => unmarkSeat(valkey, agentId),
      };
      gateway = await createSocketGateway({
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
        log,
      });
      await listen(server, config.WEB_PORT, config.WEB_HOST);
    },
    async stop() {
      server?.close();
      await seatDoor.stop();
      await gateway?.stop();
      server?.closeAllConnections();
    },
  };
}

/** HTTPS with the configured certificate; HTTP for a proxy that terminates TLS. */
function webServer({ TLS_CERT_FILE, TLS_KEY_FILE }: Config, app: RequestListener): Server {
  if (TLS_CERT_FILE === undefined || TLS_KEY_FILE === undefined) return createHttpServer(SLOWEST, app);
  const pair = { cert: readFileSync(TLS_CERT_FILE), key: readFileSync(TLS_KEY_FILE), minVersion: 'TLSv1.2' } as const;
  return createHttpsServer({ ...SLOWEST, handshakeTimeout: HANDSHAKE_MS, ...pair }, app);
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
