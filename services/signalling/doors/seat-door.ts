import { createFloodLimit } from '../../shared/platform/http/flood-limit.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { readSeatOrigin, SEAT_HEADER } from '../../shared/platform/network/sip-doors.js';
import type { Peer } from '../peer.js';
import type { SipInvite } from '../ports.js';
import type { SeatCall } from './call-in.js';
import type { Credentials } from './credentials.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** The address that seats invite. */
export const SEAT_USER = 'seat';
/** A page rebuilds its line at most every 100 ms, with one more INVITE for the digest. */
const SEAT_INVITES_PER_SECOND = 10;
const SEAT_INVITE_BURST = 20;

/**
 * For calls through the web origin: the ticket that opened the connection names the session, and the digest must belong to the same
 * session.
 */
export function createSeatDoor({
  seatKey,
  credentials,
  onSeatCall,
  nowMs,
  log,
}: {
  readonly seatKey: string;
  readonly credentials: Credentials;
  readonly onSeatCall: (call: SeatCall) => Promise<void>;
  readonly nowMs: () => number;
  readonly log: Logger;
}): (invite: SipInvite) => Promise<void> {
  const flood = createFloodLimit({ perSecond: SEAT_INVITES_PER_SECOND, burst: SEAT_INVITE_BURST, nowMs });
  return async function invited(invite) {
    const origin = readSeatOrigin(seatKey, invite.header(SEAT_HEADER), invite.sipCallId);
    if (invite.user !== SEAT_USER || origin === undefined) {
      log.warn({}, 'an INVITE at the seat door came from something other than a seat');
      return invite.refuse('not-allowed');
    }
    if (!flood.allows(origin.sessionId)) return invite.refuse('too-many-requests', { 'Retry-After': '2' });
    const seat = await credentials.seatAgent(invite);
    if (seat === undefined) return undefined;
    if (seat.sessionId !== origin.sessionId) return invite.refuse('not-allowed');
    return takeSeat(invite, seat, { door: 'seat', address: invite.sourceAddress, port: invite.sourcePort }, onSeatCall);
  };
}

/** Passes a seat's call to the part that joins seats to calls. */
export const takeSeat = (
  invite: SipInvite,
  seat: { readonly agentId: AgentId; readonly sessionId: string },
  peer: Extract<Peer, { door: 'seat' | 'test' }>,
  onSeatCall: (call: SeatCall) => Promise<void>,
): Promise<void> =>
  onSeatCall({
    ...seat,
    door: peer.door,
    sipCallId: invite.sipCallId,
    sdp: invite.sdp,
    isWebRtc: /^m=audio \d+ [A-Z/]*SAVPF /m.test(invite.sdp),
    refuse: (failure) => invite.refuse(failure),
    answer: (sdp) => invite.answer(sdp, peer),
    onEnded: (handle) => invite.onEnded(handle),
  });
