import type { FailureCode } from '../../shared/domain/failure.js';
import { normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import type { Peer } from '../peer.js';
import type { SipDialog, SipInvite } from '../ports.js';
import type { AgentId, SipCallId, TrunkId } from '../../shared/domain/ids.js';

export interface TrunkCall {
  readonly trunkId: TrunkId;
  /** A call of the installation itself (test or practice call). No figure counts it. */
  readonly class: 'service' | 'test';
  readonly sipCallId: SipCallId;
  readonly callerNumber: string;
  readonly called: string;
  /** Undefined when the caller leaves the offer to us (RFC 3261 section 13.2.1). */
  readonly sdp: string | undefined;
  readonly receivedAtMs: number;
  refuse(failure: FailureCode): Promise<void>;
  answer(sdp: string): Promise<SipDialog>;
  offer(sdp: string): Promise<{ readonly leg: SipDialog; readonly answer: string }>;
  onEnded(handle: () => void): void;
}

export interface SeatCall {
  readonly agentId: AgentId;
  readonly sessionId: string;
  readonly door: 'seat' | 'test';
  readonly sipCallId: SipCallId;
  readonly sdp: string;
  readonly isWebRtc: boolean;
  refuse(failure: FailureCode): Promise<void>;
  answer(sdp: string): Promise<SipDialog>;
  onEnded(handle: () => void): void;
}

/** Passes a call to the handler of inbound calls, or refuses it when the called number is invalid. */
export async function handOver(
  invite: SipInvite,
  call: Pick<TrunkCall, 'trunkId' | 'class' | 'callerNumber' | 'receivedAtMs'> & { readonly calledUser: string; readonly peer: Peer },
  onTrunkCall: (call: TrunkCall) => Promise<void>,
): Promise<void> {
  const { calledUser: user, peer, ...rest } = call;
  const called = normaliseNumber(user);
  if (called === undefined) return invite.refuse('invalid-request');
  return onTrunkCall({
    ...rest,
    sipCallId: invite.sipCallId,
    called,
    sdp: invite.sdp.trim() === '' ? undefined : invite.sdp,
    refuse: (failure) => invite.refuse(failure),
    answer: (sdp) => invite.answer(sdp, peer),
    offer: (sdp) => invite.offer(sdp, peer),
    onEnded: (handle) => invite.onEnded(handle),
  });
}
