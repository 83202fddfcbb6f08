import { createServer, type Server, type Socket } from 'node:net';
import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { encodeReply, errorReply, FrameError, FrameReader, parseMessage, type Message } from './frame.js';

/** What a connection remembers between commands. */
export interface Connection {
  readonly id: number;
  /** Set once SCRAM has succeeded. */
  authenticated: boolean;
  /** The state of a SCRAM conversation that is under way. */
  conversation: unknown;
}

export interface WireOptions {
  /** Answers one command. @throws MongoError */
  readonly handle: (command: Doc, connection: Connection) => Doc | Promise<Doc>;
  /** Receives failures that belong to no request. */
  readonly onFault: (message: string, error: unknown) => void;
}

/** Connections at once; a call centre of a few hundred seats needs far fewer, an attacker more. */
const maxConnections = 2000;
/** Replies a client may leave unread before its requests wait. */
const maxUnreadBytes = 64 * 1024 * 1024;

/** Speaks the MongoDB wire protocol over TCP. */
export class WireServer {
  readonly #options: WireOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #lastId = 0;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server.maxConnections = maxConnections;
  }

  get connectionCount(): number {
    return this.#sockets.size;
  }

  /** Starts to listen; port 0 takes a free one. Returns the port. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.#options.onFault('The listening socket failed', error));
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#lastId += 1;
    const connection: Connection = { id: this.#lastId, authenticated: false, conversation: undefined };
    const frames = new FrameReader();
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A client that disconnects during a reply is not a fault of the store.
    socket.on('error', () => socket.destroy());
    // Commands of one connection are answered in the order they came.
    let last: Promise<void> | undefined;
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of frames.push(chunk)) {
          if (last === undefined) {
            const pending = this.#serve(socket, connection, frame);
            if (pending !== undefined) last = pending;
          } else last = last.then(() => this.#serve(socket, connection, frame));
          const mine = last;
          if (mine !== undefined) {
            void mine.finally(() => {
              if (last === mine) last = undefined;
            });
          }
        }
      } catch (error) {
        if (!(error instanceof FrameError)) this.#options.onFault('A message could not be served', error);
        socket.destroy();
      }
    });
  }

  /** Undefined when the answer was given at once. */
  #serve(socket: Socket, connection: Connection, frame: Buffer): Promise<void> | undefined {
    let message: Message;
    try {
      message = parseMessage(frame);
    } catch (error) {
      if (!(error instanceof MongoError)) {
        socket.destroy();
        return undefined;
      }
      this.#send(socket, { requestId: frame.readInt32LE(4), kind: 'msg' }, errorReply(error));
      return undefined;
    }
    try {
      const reply = this.#options.handle(message.command, connection);
      if (reply instanceof Doc) {
        if (!message.silent) this.#send(socket, message, reply);
        return undefined;
      }
      return reply.then(
        (doc) => (message.silent ? undefined : this.#send(socket, message, doc)),
        (error: unknown) => this.#fail(socket, message, error),
      );
    } catch (error) {
      this.#fail(socket, message, error);
      return undefined;
    }
  }

  #fail(socket: Socket, message: Message, error: unknown): void {
    const known = error instanceof MongoError;
    if (!known) this.#options.onFault('A command failed unexpectedly', error);
    if (!message.silent)
      this.#send(socket, message, errorReply(known ? error : new MongoError('InternalError', 'The command failed unexpectedly')));
  }

  #send(socket: Socket, message: Pick<Message, 'requestId' | 'kind'>, reply: Doc): void {
    if (socket.destroyed) return;
    let pieces: readonly Buffer[];
    try {
      pieces = encodeReply(message, reply);
    } catch (error) {
      pieces = encodeReply(
        message,
        errorReply(error instanceof MongoError ? error : new MongoError('InternalError', 'The reply could not be encoded')),
      );
    }
    socket.cork();
    for (const piece of pieces) socket.write(piece);
    socket.uncork();
    if (socket.writableLength > maxUnreadBytes) {
      socket.pause();
      socket.once('drain', () => socket.resume());
    }
  }
}
