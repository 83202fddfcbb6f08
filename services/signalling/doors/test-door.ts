import { isSystemSeat } from '../../shared/domain/proof.js';
import type { createFloodLimit } from '../../shared/platform/http/flood-limit.js';
import { TEST_CALLER, testDoorPassword } from '../../shared/platform/network/sip-doors.js';
import { callerNumber } from '../caller-number.js';
import type { SipInvite } from '../ports.js';
import { handOver, type SeatCall, type TrunkCall } from './call-in.js';
import type { Credentials } from './credentials.js';
import { SEAT_USER, takeSeat } from './seat-door.js';

/** The trunk of a test call in records. */
const TEST_TRUNK = 'test';

/** Test and practice calls, and the seat of test calls. They are recognised by a secret of this installation. */
export function createTestDoor({
  seatKey,
  credentials,
  flood,
  onTrunkCall,
  onSeatCall,
  nowMs,
}: {
  readonly seatKey: string;
  readonly credentials: Credentials;
  readonly flood: ReturnType<typeof createFloodLimit>;
  readonly onTrunkCall: (call: TrunkCall) => Promise<void>;
  readonly onSeatCall: (call: SeatCall) => Promise<void>;
  readonly nowMs: () => number;
}): (invite: SipInvite) => Promise<void> {
  return async function invited(invite) {
    const receivedAtMs = nowMs();
    if (!flood.allows(TEST_TRUNK)) return invite.refuse('too-many-requests', { 'Retry-After': '2' });
    const peer = { door: 'test', address: invite.sourceAddress, port: invite.sourcePort } as const;
    if (invite.user === SEAT_USER) {
      const seat = await credentials.seatAgent(invite);
      if (seat === undefined) return undefined;
      return isSystemSeat(seat.agentId) ? takeSeat(invite, seat, peer, onSeatCall) : invite.refuse('not-allowed');
    }
    if (!(await credentials.mayPass(invite, { username: TEST_CALLER, password: testDoorPassword(seatKey) }))) return undefined;
    const number = callerNumber({ assertedIdentity: undefined, from: invite.header('From'), trusted: false });
    return handOver(
      invite,
      { trunkId: TEST_TRUNK, class: 'test', callerNumber: number, calledUser: invite.user, receivedAtMs, peer },
      onTrunkCall,
    );
  };
}
