import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { SipCallId } from '../../domain/ids.js';

/** How long a page may take from its ticket to its connection. */
const TICKET_MS = 20_000;
const TICKET_BYTES = 32;

const ticketKey = (ticket: string): string => `proofline:seat-ticket:${createHash('sha256').update(ticket).digest('hex')}`;

/** Issues a ticket for one WebSocket of one session at `/sip`. Valkey holds only its hash, so nobody can sign in with the stored value. */
export async function issueSeatTicket(valkey: Redis, sessionId: string): Promise<string> {
  const ticket = randomBytes(TICKET_BYTES).toString('base64url');
  await valkey.set(ticketKey(ticket), sessionId, 'PX', TICKET_MS);
  return ticket;
}

/** The session of a ticket, which is used up by this call; undefined when the ticket is unknown, already used or too old. */
export async function takeSeatTicket(valkey: Redis, ticket: string): Promise<string | undefined> {
  return (await valkey.getdel(ticketKey(ticket))) ?? undefined;
}

/** The header in which the seat door names the session and the client of an INVITE. It is believed only with its signature. */
export const SEAT_HEADER = 'X-Proofline-Seat';

export interface SeatOrigin {
  readonly sessionId: string;
  /** The address of the browser, as the web origin sees it. */
  readonly address: string;
}

const signature = (seatKey: string, { sessionId, address }: SeatOrigin, callId: SipCallId): string =>
  createHmac('sha256', seatKey)
    .update(JSON.stringify(['seat-door', sessionId, address, callId]))
    .digest('base64url');

/** The value of `SEAT_HEADER` for one call of one seat. */
export const signSeatOrigin = (seatKey: string, origin: SeatOrigin, callId: SipCallId): string =>
  `${origin.sessionId} ${origin.address} ${signature(seatKey, origin, callId)}`;

/** What the seat door says about this call; undefined when the value does not come from the seat door. */
export function readSeatOrigin(seatKey: string, value: string | undefined, callId: SipCallId): SeatOrigin | undefined {
  const [sessionId, address, signed, ...rest] = (value ?? '').split(' ');
  if (sessionId === undefined || address === undefined || signed === undefined || rest.length > 0) return undefined;
  const origin = { sessionId, address };
  return isSame(signed, signature(seatKey, origin, callId)) ? origin : undefined;
}

/** The proof that the SIP server's WebSocket listener asks for (`Authorization: Bearer`), so that only the seat door can connect. */
export const seatDoorProof = (sipServerSecret: string): string =>
  createHmac('sha256', sipServerSecret).update('seat-door').digest('base64url');

/** The name under which test calls sign in at the test door. */
export const TEST_CALLER = 'test';

/** The digest password at the test door. It is derived, so it is stored nowhere, and only the processes of this installation have it. */
export const testDoorPassword = (seatKey: string): string => createHmac('sha256', seatKey).update('test-door').digest('base64url');

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
