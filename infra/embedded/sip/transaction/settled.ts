import { responseTo, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { Flow } from '../transport/flow.js';

/** A final response that follows from its request alone. It can be made again from the repeated request. */
export interface PlainAnswer {
  readonly status: number;
  readonly reason: string;
}

/** What remains of a received request: its response, for states in which a repeated request gets it again. */
export interface SettledServer {
  readonly side: 'server';
  /** The final response, plain or as latin1 text, with its way back; undefined when a repeated request is absorbed. */
  readonly answer: PlainAnswer | string | undefined;
  readonly flow: Flow | undefined;
  /** Whether an ACK on this branch belongs to a 2xx and is passed up. */
  readonly passesAck: boolean;
  /** The key of a merged request. */
  readonly mergeKey: string | undefined;
}

/** Receives responses to a request of ours. */
export interface ResponseUser {
  onResponse(response: SipResponse, flow: Flow, bytes: number): void;
}

/** What remains of a sent request. */
export interface SettledClient {
  readonly side: 'client';
  /** The ACK as latin1 text with its way, for the state in which each repeated final response gets one. */
  readonly answer: string | undefined;
  readonly flow: Flow | undefined;
  /** Receives further 2xx; undefined when they are absorbed. */
  readonly user: ResponseUser | undefined;
}

export type Settled = SettledServer | SettledClient;

// A record may stay longer by this much, which does no harm.
const TURNS = 64;
const SLOTS = TURNS + 2;

/**
 * The transactions with a settled outcome, on one timer wheel. They live for up to 32 s only to recognise repeated messages, and there are
 * tens of thousands at a time. So a record holds text and references to shared objects, never a request, a session or a closure of its
 * call.
 */
export class SettledTransactions {
  private readonly records = new Map<string, Settled>();
  private readonly wheel: string[][] = Array.from({ length: SLOTS }, () => []);
  private readonly count = { server: 0, client: 0 };
  private position = 0;
  private readonly turnMs: number;
  private readonly timer: NodeJS.Timeout;

  constructor(
    /** The longest time a record is kept for. */
    longestMs: number,
    /** Called for each record that has expired. */
    private readonly expired: (record: Settled) => void,
  ) {
    this.turnMs = Math.max(1, longestMs / TURNS);
    this.timer = setInterval(() => {
      this.turn();
    }, this.turnMs);
    this.timer.unref();
  }

  get counts(): { readonly server: number; readonly client: number } {
    return this.count;
  }

  /** Keeps a record for at least `forMs`. */
  add(key: string, record: Settled, forMs: number): void {
    const turns = Math.min(Math.ceil(forMs / this.turnMs), TURNS) + 1;
    this.records.set(key, record);
    this.count[record.side] += 1;
    this.wheel[(this.position + turns) % SLOTS]?.push(key);
  }

  server(key: string): SettledServer | undefined {
    const record = this.records.get(key);
    return record?.side === 'server' ? record : undefined;
  }

  client(key: string): SettledClient | undefined {
    const record = this.records.get(key);
    return record?.side === 'client' ? record : undefined;
  }

  close(): void {
    clearInterval(this.timer);
    this.records.clear();
  }

  private turn(): void {
    this.position = (this.position + 1) % SLOTS;
    const due = this.wheel[this.position] ?? [];
    this.wheel[this.position] = [];
    for (const key of due) {
      const record = this.records.get(key);
      if (!record) continue;
      this.records.delete(key);
      this.count[record.side] -= 1;
      this.expired(record);
    }
  }
}

/** Sends the message of a record again. `request` is the repeated request. */
export function repeatAnswer({ answer, flow }: Settled, request?: SipRequest): boolean {
  if (answer === undefined || flow?.open !== true) return false;
  if (typeof answer === 'string') flow.send(Buffer.from(answer, 'latin1'));
  else if (request) flow.send(serialise(responseTo(request, answer.status, { reason: answer.reason })));
  return true;
}

const PLAIN = new Map<string, PlainAnswer>();
const PLAIN_LIMIT = 200;

/** The shared value for such a response, or undefined when it says more than its request does (or there are too many reasons to share). */
export function plainAnswer(request: SipRequest, response: SipResponse): PlainAnswer | undefined {
  const { status, reason } = response;
  if (response.body.length > 0) return undefined;
  const made = [...responseTo(request, status, { reason }).headers];
  const same = made.length === response.headers.size && [...response.headers].every(({ value }, index) => value === made[index]?.value);
  if (!same) return undefined;
  const key = `${String(status)} ${reason}`;
  const known = PLAIN.get(key);
  if (known || PLAIN.size >= PLAIN_LIMIT) return known;
  const plain = { status, reason: flat(reason) };
  PLAIN.set(flat(key), plain);
  return plain;
}

/** A copy that shares nothing: a key joined from parts of a message would retain the whole message. */
export function flat(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
