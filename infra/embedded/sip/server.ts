import type http from 'node:http';
import type net from 'node:net';
import { Admission, DEFAULT_ADMISSION, type AdmissionLimits } from './agent/admission.js';
import { UserAgent } from './agent/agent.js';
import { Peers } from './agent/peers.js';
import { ownerDetached, ownerExpired, ownerReplaced } from './agent/lost-owner.js';
import { AdminConnection, AdminServer } from './drachtio/admin.js';
import { callRecords } from './drachtio/call-records.js';
import { Clients, type Client } from './drachtio/clients.js';
import { connectOutbound, parseOutboundTarget, type OutboundTarget } from './drachtio/outbound.js';
import { httpDecisions, type RequestHandler } from './drachtio/request-handler.js';
import { noLog, type Log } from './log.js';
import { Metrics, serveMetrics } from './metrics.js';
import { withoutBrackets } from './message/uri.js';
import { DEFAULT_TIMING, type Timing } from './transaction/machine.js';
import { parseContactSpec } from './transport/contact.js';
import type { Listener } from './transport/flow.js';
import { systemNames } from './transport/names.js';
import { seatDoorProof } from './transport/seat-door.js';
import type { TlsIdentity } from './transport/tls-identity.js';

export interface SipServerOptions {
  /** Where applications connect, in clear or with the certificate of `tls`. Port 0 lets the system choose. */
  readonly admin: { readonly host: string; readonly port: number; readonly tls?: boolean };
  /** Connects to an application (`srf.listen`) for every new request instead of waiting for it: `tcp://host:port`. */
  readonly outbound?: string;
  /** A web service that decides about every new request. Clients are then only reached by tag or address. */
  readonly handler?: RequestHandler;
  /** The secret of the applications. */
  readonly secret: string;
  /** Where SIP is received, such as `sip:127.0.0.1:5060;transport=udp,tcp`; port 0 lets the system choose. */
  readonly contacts: readonly string[];
  /** Needed for tls and wss. */
  readonly tls?: TlsIdentity;
  /** Name servers, `address` or `address:port`. Default: the system's. */
  readonly nameServers?: readonly string[];
  readonly log?: Log;
  /** Where Prometheus finds `/metrics`. Default: nowhere. */
  readonly metrics?: { readonly host: string; readonly port: number };
  /**
   * A JSON file in which the application names the peers of the site while the server runs. Peers are never limited, and a dialog belongs
   * to the peer that it was made with. Without it dialogs are open to every address, as in drachtio-server.
   */
  readonly peersFile?: string;
  /** OPTIONS of a sender whose User-Agent has this text are answered 200 without the application. */
  readonly answersOptionsOf?: string;
  /** The limits of one source, unless it is a peer or `trusted`. */
  readonly limits?: Partial<AdmissionLimits>;
  /** Base times of SIP, in milliseconds. Shorter ones speed up tests. */
  readonly timing?: Partial<Timing>;
  /** How long the dialogs of a lost application wait for one with the same tags. Default: 30 s. */
  readonly keepDialogsMs?: number;
  /**
   * As in drachtio-server, the dialogs of an application whose connection is lost get no owner again. Requests of the far end in them get
   * 481.
   */
  readonly strictDialogs?: boolean;
  /** Dialogs whose application does not come back are forgotten without a BYE: its successor on another machine has taken them over. */
  readonly forgetDialogs?: boolean;
  /** How long the dialogs of a closed WebSocket stay before they are ended. Default: 5 s. */
  readonly webSocketGraceMs?: number;
}

export interface SipServer {
  readonly admin: { readonly host: string; readonly port: number };
  readonly listeners: readonly Pick<Listener, 'protocol' | 'host' | 'port'>[];
  /** Where `GET /metrics` answers, when asked for. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** Closes every socket. Calls in progress are not ended; their peers get no further message. */
  close(): Promise<void>;
}

const STREAM_LIMITS = {
  handshakeTimeoutMs: 5_000,
  partialTimeoutMs: 10_000,
  firstMessageTimeoutMs: 30_000,
  maxMessageBytes: 256 * 1024,
  maxBufferedBytes: 8 * 1024 * 1024,
  // A dead WebSocket is noticed within twice this time.
  pingIntervalMs: 2_500,
};

/** Starts the server; rejects with the system's error when an address is taken. */
export async function startSipServer(options: SipServerOptions): Promise<SipServer> {
  const log = options.log ?? noLog;
  const forgets = options.forgetDialogs ?? false;
  const clients = new Clients(options.keepDialogsMs ?? 30_000, options.strictDialogs);
  const peers = Peers.open(options.peersFile, log);
  const admission = new Admission({ ...DEFAULT_ADMISSION, ...options.limits }, (address) => peers.knows(address));
  const metrics = new Metrics(() => ({
    sessions: agent.stack.sessions.size,
    serverTransactions: agent.stack.transactions.counts.servers,
    clientTransactions: agent.stack.transactions.counts.clients,
    connections: agent.stack.transports.connectionCount,
    blockedSources: admission.blockedCount,
    applications: clients.counts.attached,
    lostApplications: clients.counts.lost,
  }));
  const agent: UserAgent = await UserAgent.listen(
    {
      contacts: options.contacts.map(parseContactSpec),
      limits: STREAM_LIMITS,
      tls: options.tls,
      tlsPeers: peers.limited ? peers : undefined,
      seatDoorProof: seatDoorProof(options.secret),
    },
    {
      timing: { ...DEFAULT_TIMING, ...options.timing },
      routes: clients,
      names: systemNames(options.nameServers),
      records: callRecords(clients),
      admission,
      peers,
      counts: metrics,
      log,
      webSocketGraceMs: options.webSocketGraceMs ?? 5_000,
    },
  );
  clients.loss = {
    detached: (client) => {
      log('warn', 'client lost', { tags: client.tags.join(',') });
      ownerDetached(agent, client);
    },
    handedOver: (from, to) => {
      log('info', 'dialogs handed over', { tags: to.tags.join(',') });
      ownerReplaced(agent, from, to, clients.keepForMs);
    },
    expired: (client) => {
      ownerExpired(agent, client, forgets);
    },
  };
  const connect = (target: OutboundTarget): Promise<Client | undefined> =>
    connectOutbound(
      target,
      (socket) => new Promise((resolve) => new AdminConnection(socket, options.secret, agent, clients, log, resolve)),
    );
  if (options.outbound !== undefined) {
    const target = parseOutboundTarget(options.outbound);
    clients.connectFor = () => connect(target);
  }
  clients.answersOptionsOf = options.answersOptionsOf;
  if (options.handler) clients.handler = httpDecisions(options.handler, clients, connect, log);
  let admin: AdminServer | undefined;
  let metricsServer: http.Server | undefined;
  try {
    const accept = (socket: net.Socket): void => {
      new AdminConnection(socket, options.secret, agent, clients, log);
    };
    admin = await AdminServer.listen(options.admin.host, options.admin.port, options.admin.tls === true ? options.tls : undefined, accept);
    if (options.metrics) metricsServer = await serveMetrics(metrics, options.metrics.host, options.metrics.port);
  } catch (error) {
    await admin?.close();
    await agent.close();
    throw error;
  }
  return {
    admin: admin.address,
    metrics: metricsServer && { host: options.metrics?.host ?? '', port: (metricsServer.address() as net.AddressInfo).port },
    listeners: agent.stack.transports.listeners.map(({ protocol, host, port }) => ({ protocol, host: withoutBrackets(host), port })),
    close: async () => {
      clients.loss = undefined;
      metricsServer?.close();
      await admin.close();
      clients.close();
      await agent.close();
    },
  };
}
