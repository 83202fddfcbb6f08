import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { clientAddress } from '../../shared/platform/network/networks.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import { SEAT_HEADER, signSeatOrigin } from '../../shared/platform/network/sip-doors.js';
import { createFloodLimit } from '../../shared/platform/http/flood-limit.js';
import { untilPageMustLeave } from './lost-server.js';
import { createSeatPassage, type Passed } from '../seat-door/seat-passage.js';
import type { UserId } from '../../shared/domain/ids.js';

/** The limits of one session, one address and one connection. */
export interface SeatDoorLimits {
  /** A page has one connection, and two while it replaces its line. A reload may leave a third one for a moment. */
  readonly perSession: number;
  /** A person sits at one computer, perhaps two. Many sign-ins of one account do not make more seats. */
  readonly perPerson: number;
  /** An office behind one address has as many connections as seats, and one more each while lines are replaced. */
  readonly perAddress: number;
  /** The number of refused upgrades of one address before its next ones are cut without an answer. */
  readonly refusedPerSecond: number;
  readonly refusedBurst: number;
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** A connection without a call is useless after this time. */
  readonly idleMs: number;
  readonly lifetimeMs: number;
  /** A dead page holds its connection for up to twice this time. */
  readonly pingEveryMs: number;
  /** How often the sessions of all connections are checked: an expired one ends silently. */
  readonly checkEveryMs: number;
}

const USUAL: SeatDoorLimits = {
  perSession: 4,
  perPerson: 8,
  perAddress: 1_000,
  refusedPerSecond: 5,
  refusedBurst: 50,
  messagesPerSecond: 10,
  messageBurst: 60,
  idleMs: 15_000,
  lifetimeMs: 16 * 3_600_000,
  pingEveryMs: 2_500,
  checkEveryMs: 10_000,
};

const MOST_MESSAGE_BYTES = 65_536;
const MOST_WAITING = 16;
const OPEN_WITHIN_MS = 5_000;
const POLICY_VIOLATION = 1_008;
const GOING_AWAY = 1_001;
/** With more unsent bytes than this, a page does not read, or reads too slowly. */
const MOST_BUFFERED_BYTES = 1_048_576;
/** A timer that is later than this share of its interval belongs to a process that stood still. */
const STOOD_STILL = 1.1;
const KEEP_ALIVE = /^(\r\n){1,2}$/;

export interface SeatDoorDependencies {
  /** The WebSocket listener of the SIP server that works now. */
  readonly target: () => Promise<URL>;
  /** The proof that this listener asks for. */
  readonly proof: string;
  readonly seatKey: string;
  readonly proxies: readonly string[];
  readonly takeTicket: (ticket: string) => Promise<string | undefined>;
  /** Returns the agent of the session's seat; undefined when the session has ended or has no seat. */
  readonly seatOf: (sessionId: string) => Promise<string | undefined>;
  readonly limits?: Partial<SeatDoorLimits>;
  readonly clock?: Clock;
  readonly log: Logger;
}

/** The entrance for seats: `/sip` of the web origin, with a ticket of a live session, for as long as that session lives. */
export interface SeatDoor {
  /** Upgrades the connection of a page. A client without a valid ticket is refused before anything reaches the SIP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Cuts the connections of a session that has ended. */
  endSession(sessionId: string): void;
  stop(): Promise<void>;
  readonly connections: number;
}

/** The part of an upgrade's address that has the form of a ticket: 32 random bytes in base64url. */
const ticketOf = ({ url = '' }: IncomingMessage): string | undefined => /[?&]ticket=([\w-]{43})(?:&|$)/.exec(url)?.[1];

interface Holder {
  readonly sessionId: string;
  readonly userId: UserId;
  readonly address: string;
}

interface Connection extends Holder {
  close(code: number): void;
  /** Pings the page, and ends dead, idle and old connections. */
  check(): void;
}

/** One page and its connection to the SIP server, until one of them ends. */
function open(
  page: WebSocket,
  holder: Holder,
  {
    target,
    deps,
    limits,
    clock,
    connections,
  }: {
    readonly target: URL;
    readonly deps: SeatDoorDependencies;
    readonly limits: typeof USUAL;
    readonly clock: Clock;
    readonly connections: Set<Connection>;
  },
): void {
  const { log } = deps;
  const { sessionId, address } = holder;
  const passage = createSeatPassage({
    sessionId,
    contactHost: `${randomBytes(8).toString('hex')}.invalid`,
    originHeader: SEAT_HEADER,
    signedOrigin: (callId) => signSeatOrigin(deps.seatKey, { sessionId, address }, callId),
  });
  const budget = createFloodLimit({ perSecond: limits.messagesPerSecond, burst: limits.messageBurst, nowMs: clock.nowMs });
  const sip = new WebSocket(target, 'sip', {
    headers: { authorization: `Bearer ${deps.proof}` },
    perMessageDeflate: false,
    handshakeTimeout: OPEN_WITHIN_MS,
    maxPayload: MOST_MESSAGE_BYTES * 4,
  });
  const waiting: string[] = [];
  const openedMs = performance.now();
  let [alive, busyMs] = [true, openedMs];

  const connection: Connection = {
    ...holder,
    close(code) {
      connections.delete(connection);
      page.close(code);
      sip.terminate();
      // A page that does not answer the close is cut.
      setTimeout(() => page.terminate(), limits.pingEveryMs).unref();
    },
    check() {
      const now = performance.now();
      if (passage.busy) busyMs = now;
      if (!alive || now - busyMs > limits.idleMs || now - openedMs > limits.lifetimeMs) {
        connection.close(GOING_AWAY);
        return;
      }
      alive = false;
      page.ping();
    },
  };
  connections.add(connection);

  const toServer = (text: string): void => {
    if (sip.readyState === WebSocket.OPEN) sip.send(text, { binary: false });
    else if (waiting.length < MOST_WAITING) waiting.push(text);
  };
  const toPage = (text: string): void => {
    page.send(text, { binary: false });
    if (page.bufferedAmount > MOST_BUFFERED_BYTES) connection.close(POLICY_VIOLATION);
  };
  const passedOf = (text: string): Passed => {
    if (!budget.allows('messages')) return { to: 'close' };
    return KEEP_ALIVE.test(text) ? { to: 'page', text: '\r\n' } : passage.fromPage(text);
  };
  page.on('message', (data) => {
    alive = true;
    const text = textOf(data);
    const passed = passedOf(text);
    if (passed.to === 'server') toServer(passed.text);
    else if (passed.to === 'page') toPage(passed.text);
    else if (passed.to === 'close') connection.close(POLICY_VIOLATION);
  });
  page.on('pong', () => (alive = true));
  sip.on('open', () => waiting.splice(0).forEach((text) => sip.send(text, { binary: false })));
  sip.on('message', (data) => {
    const text = passage.fromServer(textOf(data));
    if (text !== undefined && page.readyState === WebSocket.OPEN) toPage(text);
  });
  sip.on('error', (error) => log.warn({ err: error }, 'the SIP server accepts no connection from seats'));
  page.on('error', () => undefined);
  sip.on('close', () => {
    const hasLeft = (): boolean => page.readyState !== WebSocket.OPEN;
    void untilPageMustLeave({ server: target, serverNow: deps.target, hasLeft, clock }).then(() => connection.close(GOING_AWAY));
  });
  page.on('close', () => {
    connections.delete(connection);
    sip.close();
  });
}

export function createSeatDoor(deps: SeatDoorDependencies): SeatDoor {
  const { log, clock = systemClock } = deps;
  const limits = { ...USUAL, ...deps.limits };
  const connections = new Set<Connection>();
  const refused = createFloodLimit({ perSecond: limits.refusedPerSecond, burst: limits.refusedBurst, nowMs: clock.nowMs });
  const server = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false, handleProtocols });
  const flooding = new Set<string>();

  const count = (is: (connection: Connection) => boolean): number => [...connections].filter(is).length;

  /** Decides who may come in, or the status of the refusal. */
  async function judge(request: IncomingMessage, address: string): Promise<Holder | 401 | 403> {
    const ticket = ticketOf(request);
    const sessionId = ticket === undefined ? undefined : await deps.takeTicket(ticket);
    if (sessionId === undefined) return 401;
    const userId = await deps.seatOf(sessionId);
    return userId === undefined ? 403 : { sessionId, userId, address };
  }

  const isFull = ({ sessionId, userId, address }: Holder): boolean =>
    count((each) => each.sessionId === sessionId) >= limits.perSession ||
    count((each) => each.userId === userId) >= limits.perPerson ||
    count((each) => each.address === address) >= limits.perAddress;

  async function admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const address = clientAddress(request.socket.remoteAddress, forwardedFor(request), deps.proxies);
    // An office and an attacker may share one address, so anything in the form of a ticket is checked nevertheless.
    if (flooding.has(address) && ticketOf(request) === undefined) {
      socket.destroy();
      return;
    }
    const [judged, target] = await Promise.all([judge(request, address), deps.target()]);
    // Counted in the same turn in which the connection is added, so that two at once cannot pass a limit together.
    const verdict = typeof judged === 'object' && isFull(judged) ? 429 : judged;
    if (typeof verdict === 'number') {
      if (!refused.allows(address)) floods(address);
      socket.end(`HTTP/1.1 ${verdict} ${STATUS_CODES[verdict] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    if (socket.destroyed) return;
    server.handleUpgrade(request, socket, head, (page) => open(page, verdict, { target, deps, limits, clock, connections }));
  }

  /** Ignores the address until it has been quiet for long enough. */
  function floods(address: string): void {
    log.warn({}, 'WebSocket upgrades without a ticket at the seat door: the address is blocked for a while');
    flooding.add(address);
    setTimeout(() => flooding.delete(address), limits.checkEveryMs).unref();
  }

  /** Sessions that expired, or that another node ended. */
  async function checkSessions(): Promise<void> {
    for (const sessionId of new Set([...connections].map((each) => each.sessionId)))
      if ((await deps.seatOf(sessionId)) === undefined) endSession(sessionId);
  }

  function endSession(sessionId: string): void {
    for (const connection of connections) if (connection.sessionId === sessionId) connection.close(POLICY_VIOLATION);
  }

  let checkedMs = performance.now();
  const endPings = clock.every(limits.pingEveryMs, () => {
    const sinceMs = performance.now() - checkedMs;
    checkedMs += sinceMs;
    // Who stood still has not read the answers to its pings: nobody is judged by them before the next time.
    if (sinceMs < STOOD_STILL * limits.pingEveryMs) connections.forEach((each) => each.check());
  });
  const endChecks = clock.every(
    limits.checkEveryMs,
    () => void checkSessions().catch((error: unknown) => log.warn({ err: error }, 'the sessions of seats could not be read')),
  );

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => undefined);
      admit(request, socket, head).catch((error: unknown) => {
        log.warn({ err: error }, 'a seat could not be admitted');
        socket.destroy();
      });
    },
    endSession,
    async stop() {
      endPings();
      endChecks();
      for (const connection of connections) connection.close(GOING_AWAY);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
    get connections() {
      return connections.size;
    },
  };
}

const handleProtocols = (offered: Set<string>): string | false => (offered.has('sip') ? 'sip' : false);

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}

function forwardedFor({ headers }: IncomingMessage): string | undefined {
  const header = headers['x-forwarded-for'];
  return Array.isArray(header) ? header.join(',') : header;
}
