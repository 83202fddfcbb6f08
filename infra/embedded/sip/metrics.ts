import http from 'node:http';
import { once } from 'node:events';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Counts } from './agent/agent.js';

// A label must not take a stranger's word for its value.
const METHODS = new Set([
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'INFO',
  'PRACK',
  'UPDATE',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
  'MESSAGE',
  'PUBLISH',
]);

/** Figures read when somebody asks for them. */
export interface Readings {
  readonly sessions: number;
  readonly serverTransactions: number;
  readonly clientTransactions: number;
  readonly connections: number;
  readonly blockedSources: number;
  readonly applications: number;
  readonly lostApplications: number;
}

/** Counts in Prometheus' terms; one registry a server, so that several can live in one process. */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = this.counter('sip_requests_received_total', 'Requests received, repeated ones not counted.', ['method']);
  private readonly sentRequests = this.counter('sip_requests_sent_total', 'Requests sent, repeated ones not counted.', ['method']);
  private readonly responses = this.counter('sip_responses_sent_total', 'Responses sent, by first digit.', ['class']);
  private readonly repeats = this.counter('sip_retransmissions_total', 'Messages sent again, and requests received again.', ['direction']);
  private readonly drops = this.counter('sip_dropped_total', 'Messages dropped without an answer.', ['reason']);

  constructor(read: () => Readings) {
    const gauges: readonly (readonly [string, string, keyof Readings])[] = [
      ['sip_sessions', 'Dialogs the applications own.', 'sessions'],
      ['sip_server_transactions', 'Requests received and not yet forgotten.', 'serverTransactions'],
      ['sip_client_transactions', 'Requests sent and not yet forgotten.', 'clientTransactions'],
      ['sip_connections', 'Open TCP, TLS and WebSocket connections.', 'connections'],
      ['sip_blocked_sources', 'Source addresses on the block list.', 'blockedSources'],
      ['sip_applications', 'Application clients connected.', 'applications'],
      ['sip_lost_applications', 'Clients lost whose dialogs wait for a successor.', 'lostApplications'],
    ];
    for (const [name, help, key] of gauges) {
      new Gauge({
        name,
        help,
        registers: [this.registry],
        collect() {
          this.set(read()[key]);
        },
      });
    }
    new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory.',
      registers: [this.registry],
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
  }

  requestReceived(method: string): void {
    this.requests.inc({ method: METHODS.has(method) ? method : 'other' });
  }

  requestSent(method: string): void {
    this.sentRequests.inc({ method: METHODS.has(method) ? method : 'other' });
  }

  responseSent(status: number): void {
    this.responses.inc({ class: `${String(Math.floor(status / 100))}xx` });
  }

  repeated(direction: 'sent' | 'received'): void {
    this.repeats.inc({ direction });
  }

  dropped(reason: Parameters<Counts['dropped']>[0]): void {
    this.drops.inc({ reason });
  }

  private counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}

/** Serves `/metrics` as Prometheus text; rejects with the system's error when the address is taken. */
export async function serveMetrics(metrics: Metrics, host: string, port: number): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}
