import { randomInt } from 'node:crypto';
import type { RAck } from '../dialog/reliable.js';
import { parseCSeq } from '../message/grammar.js';
import type { SipResponse } from '../message/message.js';
import type { Timing } from '../transaction/machine.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import type { Session } from './session.js';

interface Unacknowledged {
  readonly rseq: number;
  readonly cseq: number;
  timer: NodeJS.Timeout;
}

interface State {
  nextRseq: number;
  waiting: Unacknowledged | undefined;
  readonly queue: (() => void)[];
}

/** Repeats reliable provisional responses until their PRACK, one at a time (RFC 3262 section 3). */
export class ReliableResponses {
  private readonly states = new Map<Session, State>();

  constructor(private readonly timing: Timing) {}

  /** Numbers the response, and sends it now or when the one before it is acknowledged. `giveUp` is called when no PRACK comes in 64*T1. */
  send(session: Session, transaction: ServerTransaction, response: SipResponse, giveUp: () => void): void {
    let state = this.states.get(session);
    if (!state) {
      // Section 3: the first number is between 1 and 2^31 - 1. A low one leaves room to count.
      state = { nextRseq: randomInt(1, 1_000_000), waiting: undefined, queue: [] };
      this.states.set(session, state);
    }
    const rseq = state.nextRseq++;
    const cseq = parseCSeq(transaction.request.headers.get('cseq'))?.number ?? 0;
    response.headers.set('RSeq', String(rseq));
    const current = state;
    const transmit = (): void => {
      if (!transaction.unanswered) return;
      transaction.respond(response);
      current.waiting = this.repeat(transaction, response, rseq, cseq, giveUp);
    };
    if (state.waiting) state.queue.push(transmit);
    else transmit();
  }

  /** Whether a PRACK acknowledges what was sent; if so the next in line goes out. */
  acknowledged(session: Session, rack: RAck | undefined): boolean {
    const state = this.states.get(session);
    if (rack === undefined || state?.waiting?.rseq !== rack.rseq || state.waiting.cseq !== rack.cseq) return false;
    clearTimeout(state.waiting.timer);
    state.waiting = undefined;
    state.queue.shift()?.();
    return true;
  }

  /** A final response was sent, or the session ended: nothing is repeated any more. */
  stop(session: Session): void {
    const state = this.states.get(session);
    clearTimeout(state?.waiting?.timer);
    this.states.delete(session);
  }

  close(): void {
    for (const session of [...this.states.keys()]) this.stop(session);
  }

  private repeat(transaction: ServerTransaction, response: SipResponse, rseq: number, cseq: number, giveUp: () => void): Unacknowledged {
    let intervalMs = this.timing.t1Ms;
    let elapsedMs = 0;
    const again = (): void => {
      elapsedMs += intervalMs;
      if (elapsedMs >= 64 * this.timing.t1Ms) {
        giveUp();
        return;
      }
      if (transaction.unanswered) transaction.respond(response);
      intervalMs *= 2;
      waiting.timer = setTimeout(again, Math.min(intervalMs, 64 * this.timing.t1Ms - elapsedMs));
    };
    const waiting: Unacknowledged = { rseq, cseq, timer: setTimeout(again, intervalMs) };
    return waiting;
  }
}
