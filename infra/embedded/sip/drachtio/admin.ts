import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type { UserAgent } from '../agent/agent.js';
import type { Log } from '../log.js';
import { hostPort, withoutBrackets } from '../message/uri.js';
import type { Client, ClientConnection, Clients } from './clients.js';
import { execute, parseCommand, readTags, type Command } from './commands.js';
import { FrameReader, frame } from './frame.js';
import { replyLeader } from './leader.js';

/** Announced so that drachtio-srf enables its features for drachtio-server 0.8.2 and later. */
const PROTOCOL_VERSION = 'v0.9.10';
/** Build metadata (semver.org, item 10) that drachtio-server does not have: dialogs of a dead application wait for its successor. */
const KEEPS_DIALOGS = '+keeps-dialogs';
const AUTHENTICATE_WITHIN_MS = 10_000;
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** `udp/127.0.0.1:5060,...` as the reply to `authenticate` lists where SIP is received. */
export function hostPorts(agent: UserAgent): string {
  return agent.stack.transports.listeners
    .map(({ protocol, host, port }) => `${protocol}/${hostPort(withoutBrackets(host), port)}`)
    .join(',');
}

/** One connection of an application, from `authenticate` to its end. */
export class AdminConnection implements ClientConnection {
  private readonly reader = new FrameReader();
  private client: Client | undefined;
  private readonly deadline: NodeJS.Timeout;

  constructor(
    private readonly socket: net.Socket,
    private readonly secret: string,
    private readonly agent: UserAgent,
    private readonly clients: Clients,
    private readonly log: Log,
    /** Set for our own connection to an application: called when it has authenticated, or never will. */
    private readonly dedicatedTo?: (client: Client | undefined) => void,
  ) {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    this.deadline = setTimeout(() => socket.destroy(), AUTHENTICATE_WITHIN_MS);
    this.deadline.unref();
    socket.on('data', (chunk) => {
      this.received(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed();
    });
  }

  /** Frames of one turn of the event loop leave in one system call. */
  write(data: Buffer): void {
    if (!this.socket.writable) return;
    if (this.socket.writableCorked === 0) {
      this.socket.cork();
      setImmediate(() => {
        this.socket.uncork();
      });
    }
    this.socket.write(data);
    // A client that has stopped reading cannot serve its calls, and holding its frames would use up the server's memory.
    if (this.socket.writableLength > MAX_BUFFERED_BYTES) this.socket.destroy();
  }

  close(): void {
    this.socket.uncork();
    this.socket.destroySoon();
  }

  private received(chunk: Buffer): void {
    const payloads = this.reader.push(chunk);
    if (payloads === 'broken') {
      this.socket.destroy();
      return;
    }
    for (const payload of payloads) {
      const command = parseCommand(payload);
      if (!command) {
        this.socket.destroy();
        return;
      }
      if (this.client) this.run(this.client, command);
      else if (!this.authenticate(command)) return;
    }
  }

  private authenticate({ id, type, tokens }: Command): boolean {
    if (type !== 'authenticate' || !sameSecret(tokens[0] ?? '', this.secret)) {
      this.write(frame(replyLeader(id, 'NO', type === 'authenticate' ? 'incorrect secret' : 'not authenticated')));
      this.log('warn', 'client refused', { address: this.socket.remoteAddress ?? '' });
      this.close();
      return false;
    }
    clearTimeout(this.deadline);
    this.client = this.clients.attach(readTags(tokens[1]), this, this.dedicatedTo !== undefined);
    const where = hostPorts(this.agent);
    const version = `${PROTOCOL_VERSION}${this.clients.keepsDialogs ? KEEPS_DIALOGS : ''}`;
    this.client.send(replyLeader(id, 'OK', where, version, where));
    if (this.dedicatedTo) this.dedicatedTo(this.client);
    else this.clients.resume(this.client, this.client.tags);
    return true;
  }

  private run(client: Client, command: Command): void {
    execute(this.agent, this.clients, client, command).then(
      (next) => {
        if (next === 'close') this.close();
      },
      (error: unknown) => {
        // Without a reply a promise of the application would be pending for ever.
        this.log('error', 'command failed', {
          type: command.type,
          error: error instanceof Error ? (error.stack ?? error.name) : 'unknown',
        });
        client.send(replyLeader(command.id, 'NOK', 'Server error: internal'));
      },
    );
  }

  private closed(): void {
    clearTimeout(this.deadline);
    this.dedicatedTo?.(undefined);
    if (this.client) this.clients.detach(this.client);
  }
}

/** PEM key and certificate. */
export interface TlsMaterial {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** The socket that applications connect to. */
export class AdminServer {
  private readonly sockets = new Set<net.Socket>();

  private constructor(private readonly server: net.Server) {}

  /** Binds, and rejects with the system's error when it cannot. */
  static async listen(
    host: string,
    port: number,
    secure: TlsMaterial | undefined,
    accept: (socket: net.Socket) => void,
  ): Promise<AdminServer> {
    const server = secure ? tls.createServer({ ...secure, handshakeTimeout: AUTHENTICATE_WITHIN_MS }) : net.createServer();
    const admin = new AdminServer(server);
    server.on('tlsClientError', () => undefined);
    server.on(secure ? 'secureConnection' : 'connection', (socket: net.Socket) => {
      admin.sockets.add(socket);
      socket.once('close', () => admin.sockets.delete(socket));
      accept(socket);
    });
    server.listen({ host, port });
    await once(server, 'listening');
    return admin;
  }

  get address(): { host: string; port: number } {
    const bound = this.server.address();
    return typeof bound === 'object' && bound ? { host: bound.address, port: bound.port } : { host: '', port: 0 };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }
}
