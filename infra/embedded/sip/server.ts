import { UserAgent } from './agent/agent.js';
import { AdminConnection, AdminServer } from './drachtio/admin.js';
import { Clients } from './drachtio/clients.js';
import { noLog, type Log } from './log.js';
import { withoutBrackets } from './message/uri.js';
import { DEFAULT_TIMING, type Timing } from './transaction/machine.js';
import { parseContactSpec } from './transport/contact.js';
import type { Listener } from './transport/flow.js';

/** How a SIP server is started. */
export interface SipServerOptions {
  /** Where applications connect; port 0 lets the system choose. */
  readonly admin: { readonly host: string; readonly port: number };
  /** What an application must know. */
  readonly secret: string;
  /** Where SIP is received, such as `sip:127.0.0.1:5060;transport=udp,tcp`; port 0 lets the system choose. */
  readonly contacts: readonly string[];
  /** PEM, needed for tls and wss. */
  readonly tls?: { readonly key: Buffer; readonly cert: Buffer };
  readonly log?: Log;
  /** Base times of SIP, in milliseconds; shorter ones make tests quick. */
  readonly timing?: Partial<Timing>;
}

/** A running SIP server. */
export interface SipServer {
  readonly admin: { readonly host: string; readonly port: number };
  readonly listeners: readonly Pick<Listener, 'protocol' | 'host' | 'port'>[];
  /** Closes every socket. Calls in progress are not ended: their peers hear nothing more. */
  close(): Promise<void>;
}

const STREAM_LIMITS = {
  handshakeTimeoutMs: 5_000,
  partialTimeoutMs: 10_000,
  firstMessageTimeoutMs: 30_000,
  maxMessageBytes: 256 * 1024,
  maxBufferedBytes: 8 * 1024 * 1024,
  pingIntervalMs: 20_000,
};

/** Starts the server; rejects with the system's error when an address is taken. */
export async function startSipServer(options: SipServerOptions): Promise<SipServer> {
  const log = options.log ?? noLog;
  const clients = new Clients();
  const agent = await UserAgent.listen(
    { contacts: options.contacts.map(parseContactSpec), limits: STREAM_LIMITS, tls: options.tls, verifyPeers: false },
    { ...DEFAULT_TIMING, ...options.timing },
    clients,
    log,
  );
  let admin: AdminServer;
  try {
    admin = await AdminServer.listen(options.admin.host, options.admin.port, (socket) => {
      new AdminConnection(socket, options.secret, agent, clients, log);
    });
  } catch (error) {
    await agent.close();
    throw error;
  }
  return {
    admin: admin.address,
    listeners: agent.stack.transports.listeners.map(({ protocol, host, port }) => ({ protocol, host: withoutBrackets(host), port })),
    close: async () => {
      await admin.close();
      await agent.close();
    },
  };
}
