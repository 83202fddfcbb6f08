import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { CallCentreError } from '../../domain/failure.js';
import type { Clock } from '../../domain/time/clock.js';
import { systemClock } from '../processes/system-clock.js';
import { looksLikeBencode, readBencode, writeBencode } from './bencode.js';

/**
 * A command of rtpengine's ng protocol with the keys that this project uses. The daemon silently ignores unknown keys, so they are spelled
 * only here; `flags` and `codec` contain the words of its own documentation.
 */
export interface NgRequest {
  readonly command:
    | 'ping'
    | 'offer'
    | 'answer'
    | 'delete'
    | 'query'
    | 'list'
    | 'play media'
    | 'stop media'
    | 'play DTMF'
    | 'block media'
    | 'unblock media'
    | 'silence media'
    | 'unsilence media'
    | 'block DTMF'
    | 'unblock DTMF'
    | 'start recording'
    | 'stop recording'
    | 'subscribe request'
    | 'subscribe answer'
    | 'unsubscribe'
    | 'statistics';
  readonly 'call-id'?: string;
  readonly 'from-tag'?: string;
  /** The sides that one subscription copies, one medium for each, in this order. */
  readonly 'from-tags'?: readonly string[];
  readonly 'to-tag'?: string;
  readonly 'via-branch'?: string;
  readonly sdp?: string;
  readonly flags?: readonly string[];
  readonly replace?: readonly string[];
  /** The logical interfaces of the two sides: first that of the side that sends the message, then the other. */
  readonly direction?: readonly [from: string, to: string];
  /** The logical interface of a side that is alone, as in a subscription. */
  readonly interface?: string;
  readonly 'transport-protocol'?: 'RTP/AVP' | 'RTP/SAVP' | 'RTP/AVPF' | 'RTP/SAVPF' | 'UDP/TLS/RTP/SAVPF';
  readonly ICE?: 'remove' | 'force' | 'default' | 'optional';
  readonly DTLS?: 'off' | 'passive' | 'active' | 'no';
  readonly 'rtcp-mux'?: readonly ('offer' | 'require' | 'demux' | 'accept' | 'reject')[];
  readonly codec?: {
    readonly mask?: readonly string[];
    readonly strip?: readonly string[];
    readonly except?: readonly string[];
    readonly offer?: readonly string[];
    readonly accept?: readonly string[];
    readonly consume?: readonly string[];
    readonly transcode?: readonly string[];
    readonly set?: readonly string[];
  };
  /**
   * `off`: the endpoint is where the description says, and is not learned from received packets. Applies to the side that the message
   * describes.
   */
  readonly 'endpoint-learning'?: 'off' | 'immediate' | 'delayed' | 'heuristic';
  readonly 'media-address'?: string;
  readonly 'delete-delay'?: number;
  readonly file?: string;
  readonly blob?: string;
  readonly 'repeat-times'?: number;
  readonly 'start-pos'?: number;
  readonly code?: string | number;
  readonly duration?: number;
  readonly volume?: number;
  readonly 'record call'?: 'yes' | 'no' | 'on' | 'off';
  readonly 'recording-dir'?: string;
  readonly 'recording-file'?: string;
  readonly 'output-destination'?: string;
  readonly metadata?: string;
  /** `address:port` to which digits of this call are told, in place of the one that the relay was started with. */
  readonly 'DTMF-log-dest'?: string;
  readonly limit?: number;
}

export interface NgReply {
  readonly result: string;
  readonly sdp?: string;
  readonly 'error-reason'?: string;
  readonly warning?: string;
  readonly 'from-tag'?: string;
  readonly 'last-frame-pos'?: number;
  readonly duration?: number;
  /** Further keys belong to the single command: statistics, tags, call lists. */
  readonly [key: string]: unknown;
}

/** One rtpengine. Calls stay on the relay that took their offer, so there is one client for each relay. */
export interface NgClient {
  /**
   * Sends until an answer comes or the time is over. Fails with `media-relay-unavailable` when the relay is silent, and with `NgRefused`
   * when it answered with an error. `unread`: keys of the answer that nobody needs.
   */
  send(request: NgRequest, options?: { readonly timeoutMs?: number; readonly unread?: ReadonlySet<string> }): Promise<NgReply>;
  /** Closes for good: a later command fails, and opens nothing. */
  close(): void;
}

/** The relay received this command and ended before it answered. It is not sent again, because it may be what ended the relay. */
export class NgLost extends CallCentreError {
  constructor(readonly command: NgRequest['command']) {
    super('media-relay-unavailable', `the media relay ended over "${command}"`);
  }
}

/** The relay understood and refused: `reason` is its own wording (no such call, unknown tag...). */
export class NgRefused extends CallCentreError {
  constructor(
    readonly command: NgRequest['command'],
    readonly reason: string,
  ) {
    super('media-relay-unavailable', `the media relay refused "${command}"`);
  }
}

/** Whether the relay did it. False when it refused: for orders that may find nothing to do. Any other failure is thrown. */
export const isDone = (asked: Promise<unknown>): Promise<boolean> =>
  asked.then(
    () => true,
    (error: unknown) => {
      if (error instanceof NgRefused) return false;
      throw error;
    },
  );

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 800;
const TIMEOUT_MS = 4_000;

/**
 * The answers to these contain the whole state of a leg. The relay writes them in the form of the question, and bencode costs it half of
 * what JSON does (docs/performance.md).
 */
const ASKED_IN_BENCODE: ReadonlySet<NgRequest['command']> = new Set(['query', 'delete']);
/** The relay reads a sound within a command only from bencode: its JSON ends a text at the first zero. */
const isAskedInBencode = ({ command, blob }: NgRequest): boolean => ASKED_IN_BENCODE.has(command) || blob !== undefined;

interface Waiting {
  readonly command: NgRequest['command'];
  readonly unread: ReadonlySet<string> | undefined;
  /** Whether the last datagram found no listener. */
  refused: boolean;
  /** Whether a datagram found a listener, as far as anybody knows. */
  arrived: boolean;
  readonly resolve: (reply: NgReply) => void;
  readonly reject: (error: Error) => void;
  /** Ends the timers that are left. */
  readonly timers: Set<() => void>;
}

/** Carries datagrams to one address and back. */
export interface NgSocket {
  transmit(datagram: Buffer): Promise<void>;
  close(): void;
}

export interface NgSocketTerms {
  readonly host: string;
  readonly port: number;
  readonly receive: (datagram: Buffer) => void;
  /** Called when nobody listened for a datagram. */
  readonly refuse: () => void;
}

/** What a client reaches a relay by: the network and the clock of this machine, unless a simulation has its own. */
export interface NgWire {
  readonly open: (terms: NgSocketTerms) => NgSocket;
  readonly clock: Pick<Clock, 'after'>;
}

/** A socket that is opened for the first datagram. */
function createNgSocket({ host, port, receive, refuse }: NgSocketTerms): NgSocket {
  let socket: { readonly opened: Socket; readonly connected: Promise<void> } | undefined;

  function open(): { readonly opened: Socket; readonly connected: Promise<void> } {
    if (socket !== undefined) return socket;
    const opened = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 });
    opened.on('message', receive);
    // Only a connected socket learns that nobody listens (ICMP port unreachable).
    opened.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') refuse();
    });
    const connected = new Promise<void>((resolve) => opened.connect(port, host, () => resolve()));
    socket = { opened, connected };
    return socket;
  }

  return {
    async transmit(datagram: Buffer): Promise<void> {
      const { opened, connected } = open();
      await connected;
      // If the socket was closed in the meantime, its commands have already failed.
      if (socket?.opened === opened)
        opened.send(datagram, (error: NodeJS.ErrnoException | null) => {
          if (error?.code === 'ECONNREFUSED') refuse();
        });
    },
    close(): void {
      socket?.opened.close();
      socket = undefined;
    },
  };
}

/**
 * `url` is `udp://host:port`. A lost datagram is sent again under the same cookie: the daemon answers a cookie that it has seen from its
 * cache, so a command is never carried out twice. A relay that had a command and is gone when it is sent again fails it with `NgLost`: the
 * relay that starts in its place must not get it. Opens its socket at the first command.
 * `mayAct`: asked before each datagram; does not return when this process may act no more.
 */
export function createNgClient(
  url: string,
  mayAct: () => void = () => undefined,
  { open, clock }: NgWire = { open: createNgSocket, clock: systemClock },
): NgClient {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'udp:' || port === '') throw new TypeError('an ng address looks like udp://host:port');
  const host = hostname.replace(/^\[|\]$/g, '');
  const prefix = randomBytes(6).toString('hex');
  const waiting = new Map<string, Waiting>();
  let counter = 0;
  let closed = false;
  const socket = open({ host, port: Number(port), receive, refuse });

  function refuse(): void {
    for (const [cookie, asked] of [...waiting]) {
      asked.refused = true;
      if (asked.arrived) settle(cookie, () => asked.reject(new NgLost(asked.command)));
    }
  }

  function receive(datagram: Buffer): void {
    const space = datagram.indexOf(' ');
    const cookie = datagram.toString('latin1', 0, Math.max(0, space));
    const asked = waiting.get(cookie);
    if (asked === undefined) return;
    try {
      const body = datagram.subarray(space + 1);
      const reply = (looksLikeBencode(body) ? readBencode(body, asked.unread) : JSON.parse(body.toString('utf8'))) as NgReply;
      settle(cookie, () => asked.resolve(reply));
    } catch {
      settle(cookie, () =>
        asked.reject(new CallCentreError('media-relay-unavailable', 'the media relay sent something that is neither JSON nor bencode')),
      );
    }
  }

  function settle(cookie: string, end: () => void): void {
    const asked = waiting.get(cookie);
    waiting.delete(cookie);
    for (const endTimer of asked?.timers ?? []) endTimer();
    end();
  }

  return {
    async send(request, { timeoutMs = TIMEOUT_MS, unread } = {}) {
      if (closed) throw new CallCentreError('media-relay-unavailable', 'the ng client was closed');
      counter += 1;
      const cookie = `${prefix}_${counter}`;
      const written = isAskedInBencode(request) ? writeBencode(request) : JSON.stringify(request);
      const datagram = Buffer.from(`${cookie} ${written}`);
      const reply = await new Promise<NgReply>((resolve, reject) => {
        const timers = new Set<() => void>();
        const asked: Waiting = { command: request.command, unread, refused: false, arrived: false, resolve, reject, timers };
        waiting.set(cookie, asked);
        timers.add(
          clock.after(timeoutMs, () =>
            settle(cookie, () =>
              reject(new CallCentreError('media-relay-unavailable', `the media relay did not answer "${request.command}"`)),
            ),
          ),
        );
        const attempt = (retryMs: number): void => {
          mayAct();
          void socket.transmit(datagram);
          const endTimer = clock.after(retryMs, () => {
            timers.delete(endTimer);
            if (!waiting.has(cookie)) return;
            asked.arrived ||= !asked.refused;
            asked.refused = false;
            attempt(Math.min(retryMs * 2, LONGEST_RETRY_MS));
          });
          timers.add(endTimer);
        };
        attempt(FIRST_RETRY_MS);
      });
      if (reply.result === 'error') throw new NgRefused(request.command, reply['error-reason'] ?? 'unknown');
      return reply;
    },
    close() {
      closed = true;
      for (const [cookie, asked] of [...waiting])
        settle(cookie, () => asked.reject(new CallCentreError('media-relay-unavailable', 'the ng client was closed')));
      socket.close();
    },
  };
}
