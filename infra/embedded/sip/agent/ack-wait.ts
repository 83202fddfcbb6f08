import { parseCSeq } from '../message/grammar.js';
import type { SipResponse } from '../message/message.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import { endSession } from './self-bye.js';
import type { Session } from './session.js';
import type { Stack } from './stack.js';

const ACK_TIMEOUT = 'SIP ;cause=200 ;text="ACK timeout"';

/**
 * Repeats a 2xx to INVITE until its ACK, on every transport, since a hop further on may be UDP; ends the call when none comes in 64*T1
 * (RFC 3261 section 13.3.1.4).
 * @param transactionId under which the application will see the ACK.
 */
export function repeatUntilAck(
  stack: Stack,
  session: Session,
  transaction: ServerTransaction,
  response: SipResponse,
  transactionId: string,
): void {
  const number = parseCSeq(transaction.request.headers.get('cseq'))?.number ?? 0;
  const { t1Ms, t2Ms } = stack.transactions.timing;
  let intervalMs = t1Ms;
  let elapsedMs = 0;
  const again = (): void => {
    elapsedMs += intervalMs;
    if (elapsedMs >= 64 * t1Ms) {
      session.awaitingAck.delete(number);
      endSession(stack, session, ACK_TIMEOUT);
      return;
    }
    transaction.respond(response);
    intervalMs = Math.min(intervalMs * 2, t2Ms, 64 * t1Ms - elapsedMs);
    timer = setTimeout(again, intervalMs);
  };
  let timer = setTimeout(again, intervalMs);
  session.awaitingAck.set(number, {
    transactionId,
    stop: () => {
      clearTimeout(timer);
    },
  });
}
