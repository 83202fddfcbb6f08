import http from 'node:http';
import { once } from 'node:events';
import type { Counts } from './agent/agent.js';

// A stranger must not choose the value of a label.
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

/** Figures that are read on request. */
export interface Readings {
  readonly sessions: number;
  readonly serverTransactions: number;
  readonly clientTransactions: number;
  readonly connections: number;
  readonly blockedSources: number;
  readonly applications: number;
  readonly lostApplications: number;
}

/** A counter with one label. */
class Counter<L extends string> {
  private readonly values = new Map<L, number>();

  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly label: string,
  ) {}

  increase(value: L): void {
    this.values.set(value, (this.values.get(value) ?? 0) + 1);
  }

  get text(): string {
    const rows = [...this.values].map(([value, count]) => `${this.name}{${this.label}="${value}"} ${String(count)}\n`);
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} counter\n${rows.join('')}`;
  }
}

function gauge(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${String(value)}\n`;
}

const GAUGES: readonly (readonly [string, string, keyof Readings])[] = [
  ['sip_sessions', 'Dialogs the applications own.', 'sessions'],
  ['sip_server_transactions', 'Requests received and not yet forgotten.', 'serverTransactions'],
  ['sip_client_transactions', 'Requests sent and not yet forgotten.', 'clientTransactions'],
  ['sip_connections', 'Open TCP, TLS and WebSocket connections.', 'connections'],
  ['sip_blocked_sources', 'Source addresses on the block list.', 'blockedSources'],
  ['sip_applications', 'Application clients connected.', 'applications'],
  ['sip_lost_applications', 'Clients lost whose dialogs wait for a successor.', 'lostApplications'],
];

/** Counts in the terms of Prometheus. Label values are words of this program and need no escaping. */
export class Metrics implements Counts {
  private readonly requests = new Counter('sip_requests_received_total', 'Requests received, repeated ones not counted.', 'method');
  private readonly sentRequests = new Counter('sip_requests_sent_total', 'Requests sent, repeated ones not counted.', 'method');
  private readonly responses = new Counter('sip_responses_sent_total', 'Responses sent, by first digit.', 'class');
  private readonly repeats = new Counter('sip_retransmissions_total', 'Messages sent again, and requests received again.', 'direction');
  private readonly drops = new Counter('sip_dropped_total', 'Messages dropped without an answer.', 'reason');

  constructor(private readonly read: () => Readings) {}

  requestReceived(method: string): void {
    this.requests.increase(METHODS.has(method) ? method : 'other');
  }

  requestSent(method: string): void {
    this.sentRequests.increase(METHODS.has(method) ? method : 'other');
  }

  responseSent(status: number): void {
    this.responses.increase(`${String(Math.floor(status / 100))}xx`);
  }

  repeated(direction: 'sent' | 'received'): void {
    this.repeats.increase(direction);
  }

  dropped(reason: Parameters<Counts['dropped']>[0]): void {
    this.drops.increase(reason);
  }

  /** Everything in Prometheus' text format. */
  get text(): string {
    const now = this.read();
    const counters = [this.requests, this.sentRequests, this.responses, this.repeats, this.drops].map(({ text }) => text);
    const gauges = GAUGES.map(([name, help, key]) => gauge(name, help, now[key]));
    return [...counters, ...gauges, gauge('process_resident_memory_bytes', 'Resident memory.', process.memoryUsage.rss())].join('');
  }
}

/** Serves `/metrics` as Prometheus text; rejects with the system's error when the address is taken. */
export async function serveMetrics(metrics: Metrics, host: string, port: number): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }).end(metrics.text);
  });
  server.listen({ host, port });
  await once(server, 'listening');
  return server;
}
