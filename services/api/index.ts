import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { CommandBus } from '../shared/contracts/commands.js';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/config.js';
import { findSession, markSeat, unmarkSeat } from '../shared/platform/live-sessions.js';
import type { Logger } from '../shared/platform/logger.js';
import type { ReachesObject } from '../shared/platform/reach.js';
import type { Audit, Route } from '../shared/platform/route.js';
import type { Service } from '../shared/platform/service.js';
import { createExpressApp } from './adapters/express-app.js';
import { isOwnOrigin } from './own-origin.js';
import type { WhoIs } from './ports.js';
import { passSipOn } from './adapters/sip-passage.js';
import { createSocketGateway, type SocketGateway } from './adapters/socket-gateway.js';

export interface ApiDependencies {
  readonly config: Config;
  readonly routes: readonly Route[];
  readonly whoIs: WhoIs;
  readonly reaches: ReachesObject;
  readonly audit: Audit;
  readonly bus: EventBus;
  readonly commands: CommandBus;
  readonly valkey: Redis;
  readonly log: Logger;
  /** Folder of the built pages. */
  readonly pages?: string;
}

/** Whoever sends a head or a body more slowly is cut; looked at every few seconds. An upload of 20 MB needs a slow line's two minutes. */
const SLOWEST = { headersTimeout: 10_000, requestTimeout: 120_000, connectionsCheckingInterval: 5_000 };

export interface Api extends Service, Pick<SocketGateway, 'closePages'> {}

/** The web origin: HTTP, Socket.IO and the SIP passage on one port. */
export function createApi({
  config,
  routes,
  whoIs,
  reaches,
  audit,
  bus,
  commands,
  valkey,
  log,
  pages = join('web-agent', 'dist'),
}: ApiDependencies): Api {
  const overTls = config.TLS_CERT_FILE !== undefined && config.TLS_KEY_FILE !== undefined;
  const proxies = config.WEB_TRUSTED_PROXIES;
  let server: Server | undefined;
  let gateway: SocketGateway | undefined;
  const sipServer = new URL(config.SIP_WEBSOCKET_URL);

  return {
    name: 'api',
    closePages: (sessionId) => gateway?.closePages(sessionId),
    async start() {
      const app = createExpressApp({ routes, whoIs, reaches, audit, log, proxies, pages: join(process.cwd(), pages), overTls });
      server = overTls
        ? createHttpsServer(
            {
              ...SLOWEST,
              cert: readFileSync(config.TLS_CERT_FILE ?? ''),
              key: readFileSync(config.TLS_KEY_FILE ?? ''),
              minVersion: 'TLSv1.2',
            },
            app,
          )
        : createHttpServer(SLOWEST, app);
      const settings = { configured: config.WEB_ORIGIN, behindProxy: proxies.length > 0 };
      const ofOwnOrigin = ({ headers }: IncomingMessage): boolean => isOwnOrigin(headers, settings);
      server.on('upgrade', (request, socket, head) => {
        const path = (request.url ?? '').split('?')[0];
        if (path === '/sip' && ofOwnOrigin(request)) passSipOn(sipServer, request, socket, head);
        else if (path?.startsWith('/socket.io') !== true) socket.destroy();
      });
      const presence = {
        sessionAlive: async (sessionId: string) => (await findSession(valkey, sessionId)) !== undefined,
        mark: (agentId: string) => markSeat(valkey, agentId),
        unmark: (agentId: string) => unmarkSeat(valkey, agentId),
      };
      gateway = await createSocketGateway({ server, whoIs, reaches, audit, proxies, bus, commands, presence, ofOwnOrigin, log });
      await listen(server, config.WEB_PORT, config.WEB_HOST);
    },
    async stop() {
      server?.close();
      await gateway?.stop();
      server?.closeAllConnections();
    },
  };
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
