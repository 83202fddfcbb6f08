import { responseTo, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { Flow } from '../transport/flow.js';

/** A final response that says no more than its request makes it say: it can be made again from the request that is repeated. */
export interface PlainAnswer {
  readonly status: number;
  readonly reason: string;
}

/** What is left of a request received: its answer, for the states in which a repeated request gets it again. */
export interface SettledServer {
  readonly side: 'server';
  /** The final response, plain or as latin1 text, with its way back; undefined where a repeated request is absorbed. */
  readonly answer: PlainAnswer | string | undefined;
  readonly flow: Flow | undefined;
  /** Whether an ACK on this branch belongs to a 2xx and goes up. */
  readonly passesAck: boolean;
  /** Under which a merged request finds it. */
  readonly mergeKey: string | undefined;
}

/** Receives responses to a request of ours. */
export interface ResponseUser {
  onResponse(response: SipResponse, flow: Flow, bytes: number): void;
}

/** What is left of a request sent. */
export interface SettledClient {
  readonly side: 'client';
  /** The ACK as latin1 text with its way, for the state in which each repeated final response gets one. */
  readonly answer: string | undefined;
  readonly flow: Flow | undefined;
  /** Who hears of further 2xx; undefined where they are absorbed. */
  readonly user: ResponseUser | undefined;
}

export type Settled = SettledServer | SettledClient;

// A record may outlive its time by one of these, which does no harm.
const TURNS = 64;
const SLOTS = TURNS + 2;

/**
 * The transactions whose outcome is settled, on one timer wheel. They live on for up to 32 s only to recognise what is repeated, and
 * there are tens of thousands of them at a time: a record holds text and references to shared objects, never a request, a session or a
 * closure of its own call.
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
    /** Told of each record whose time is over. */
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

/** Sends what a record repeats; `request` is the one repeated. */
export function repeatAnswer({ answer, flow }: Settled, request?: SipRequest): boolean {
  if (answer === undefined || flow?.open !== true) return false;
  if (typeof answer === 'string') flow.send(Buffer.from(answer, 'latin1'));
  else if (request) flow.send(serialise(responseTo(request, answer.status, { reason: answer.reason })));
  return true;
}

const PLAIN = new Map<string, PlainAnswer>();
const PLAIN_LIMIT = 200;

/** The shared value for such a response, or undefined when it says more than its request does (or reasons are too many to share). */
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

/** A copy that shares nothing: a key joined from parts of a message would hold the whole message. */
export function flat(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
