import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Config } from '../../shared/platform/settings/config.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Service } from '../../shared/platform/processes/service.js';
import { metricsText, type MetricReadings } from '../metrics/metrics.js';

/** Prometheus waits ten seconds; one part that is away must not use up all of them. */
const ASKED_WITHIN_MS = 3_000;
/** Several scrapers within this time cause only one query. */
const FRESH_MS = 1_000;
const HEADERS_WITHIN_MS = 5_000;
const CONNECTIONS_MOST = 20;

export interface MetricsServerNeeds {
  readonly config: Pick<Config, 'METRICS_HOST' | 'METRICS_PORT' | 'METRICS_TOKEN'>;
  readonly commands: CommandBus;
  readonly standingAlarms: () => Promise<NonNullable<MetricReadings['alarms']>>;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/**
 * `GET /metrics` on its own address, for whoever presents the token; never on the port for people. Without a configured port nothing
 * listens.
 */
export function createMetricsServer({
  config,
  commands,
  standingAlarms,
  nowMs,
  log,
}: MetricsServerNeeds): Service & { readonly port: () => number | undefined } {
  const { METRICS_HOST: host, METRICS_PORT: port, METRICS_TOKEN: token = '' } = config;
  let last: { readonly atMs: number; readonly text: Promise<string> } | undefined;

  const orNothing = async <T>(part: string, asked: Promise<T>): Promise<T | undefined> =>
    asked.catch((error: unknown) => {
      log.debug({ err: error, part }, 'a component did not answer the metrics request');
      return undefined;
    });

  async function read(): Promise<string> {
    const soon = { timeoutMs: ASKED_WITHIN_MS };
    const [queues, agents, thresholds, alarms] = await Promise.all([
      orNothing('queues', commands.send('queues.list', {}, soon)),
      orNothing('agents', commands.send('agents.list', {}, soon)),
      orNothing('thresholds', commands.send('thresholds.list', {}, soon)),
      orNothing('alarms', standingAlarms()),
    ]);
    return metricsText({ queues, agents, thresholds, alarms });
  }

  async function textNow(): Promise<string> {
    if (last === undefined || nowMs() - last.atMs >= FRESH_MS) last = { atMs: nowMs(), text: read() };
    return last.text;
  }

  const server = createServer((request, response) => {
    const say = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
      response.end(body);
    };
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') say(404, 'There is only GET /metrics.\n');
    else if (!bringsToken(request, token)) say(401, 'A bearer token is needed: METRICS_TOKEN.\n', { 'www-authenticate': 'Bearer' });
    else
      textNow().then(
        (text) => say(200, text, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
        (error: unknown) => {
          log.warn({ err: error }, 'metrics could not be collected');
          say(503, 'No metrics can be given now.\n');
        },
      );
  });
  server.headersTimeout = HEADERS_WITHIN_MS;
  server.requestTimeout = HEADERS_WITHIN_MS;
  server.maxConnections = CONNECTIONS_MOST;

  return {
    name: 'metrics',
    port: () => {
      const address = server.address();
      return address === null || typeof address === 'string' ? undefined : address.port;
    },
    async start() {
      if (port === undefined) return;
      // If the port is taken, only the metrics are lost and not the role.
      server.on('error', (error) => log.error({ err: error, host, port }, 'metrics cannot be served'));
      server.listen(port, host);
      await once(server, 'listening').catch(() => undefined);
      if (server.listening) log.info({ host, port }, 'metrics are served');
    },
    async stop() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function bringsToken({ headers: { authorization = '' } }: IncomingMessage, token: string): boolean {
  const given = /^Bearer (\S+)$/.exec(authorization)?.[1];
  return given !== undefined && token !== '' && timingSafeEqual(digest(given), digest(token));
}
