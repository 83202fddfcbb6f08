import type { TransferTarget } from '../../shared/contracts/calls/hand-over.js';
import type { Overflow } from '../../shared/contracts/queues/overflow.js';
import type { ReleaseCause } from '../../shared/domain/calls/release.js';
import type { FailureCode } from '../../shared/domain/failure.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { AnchorPlace, DialledLeg, EndedBy, Offer, ReleasedBy } from './call.js';
import type { TimerName } from './effects.js';
import type { AgentId, TrunkId } from '../../shared/domain/ids.js';

export type MonitorMode = 'listen' | 'whisper' | 'barge' | 'take-over' | 'stop';

/** What can happen to a call. Events with an `agentId` are requests of a person and may be refused. */
export type CallEvent =
  | { readonly type: 'answered'; readonly ledgerNumber: number | undefined; readonly media: AnchorPlace }
  | { readonly type: 'answer-failed'; readonly failure: FailureCode }
  /** An outbound call has reached the far end, which rings or answers at once. */
  | { readonly type: 'far-alerted'; readonly afterMs: number; readonly rings: boolean }
  /** The far end sends media before it answers: ringing or announcements of its network. */
  | { readonly type: 'early-media' }
  | { readonly type: 'caller-hung-up' }
  /** `unheard` when a part of the prompt could not be played. */
  | { readonly type: 'prompt-ended'; readonly token: string; readonly unheard?: true }
  /** The caller's place in the queue: 0 when routing does not know it. */
  | { readonly type: 'place'; readonly token: string; readonly position: number; readonly expectedWaitMs: number | undefined }
  | { readonly type: 'key'; readonly key: string }
  | { readonly type: 'timer'; readonly timer: TimerName; readonly token: string }
  | { readonly type: 'admitted' }
  | {
      readonly type: 'not-admitted';
      readonly reason: 'queue-full' | 'no-agent' | 'unknown-queue';
      readonly overflow?: Overflow | undefined;
    }
  /** Routing reports that the caller has waited for the longest time that the queue allows. */
  | { readonly type: 'overflow'; readonly overflow: Overflow }
  | { readonly type: 'offer'; readonly offer: Offer }
  | { readonly type: 'agent-answered'; readonly agentId: AgentId; readonly offerId: string | undefined }
  | { readonly type: 'declined'; readonly agentId: AgentId; readonly reason: string | undefined }
  | { readonly type: 'hang-up'; readonly agentId: AgentId }
  /** A supervisor ends the call, whatever its stage. */
  | { readonly type: 'end'; readonly supervisor: EndedBy }
  | { readonly type: 'hold'; readonly agentId: AgentId }
  | { readonly type: 'resume'; readonly agentId: AgentId }
  /** `permit` is set when the target is a number outside. */
  | {
      readonly type: 'transfer';
      readonly agentId: AgentId;
      readonly target: TransferTarget;
      readonly permit?: DialPermit | undefined;
      readonly note?: string | undefined;
    }
  | {
      readonly type: 'consult';
      readonly agentId: AgentId;
      readonly target: TransferTarget;
      readonly permit?: DialPermit | undefined;
      readonly note?: string | undefined;
    }
  | { readonly type: 'consult-end'; readonly agentId: AgentId; readonly how: 'complete' | 'join' | 'cancel' }
  | { readonly type: 'park'; readonly agentId: AgentId }
  | { readonly type: 'fetch'; readonly agentId: AgentId }
  | { readonly type: 'drop-party'; readonly agentId: AgentId; readonly partyId: string }
  | { readonly type: 'send-keys'; readonly agentId: AgentId; readonly keys: string }
  | { readonly type: 'pause-recording'; readonly agentId: AgentId; readonly reason: string; readonly by: 'agent' | 'field' }
  | { readonly type: 'resume-recording'; readonly agentId: AgentId; readonly by: 'agent' | 'field' }
  /** The recorder did not pause. */
  | { readonly type: 'pause-failed'; readonly token: string }
  | {
      readonly type: 'monitor';
      readonly agentId: AgentId;
      readonly mode: MonitorMode;
      readonly secret?: boolean | undefined;
      /** Only for a supervisor who is in the call already: nobody begins without a check of the listening rule. */
      readonly changes?: boolean | undefined;
    }
  /** The page of an agent was given this text to say. */
  | { readonly type: 'script-shown'; readonly agentId: AgentId; readonly scriptId: string }
  | { readonly type: 'seat-down'; readonly agentId: AgentId }
  | { readonly type: 'seat-up'; readonly agentId: AgentId }
  /** The INVITE of a leg outside is sent now. */
  | { readonly type: 'dialled'; readonly leg: DialledLeg }
  /** The leg's trunk did not take it, and it is sent over another one. */
  | { readonly type: 'leg-moved'; readonly legId: string; readonly trunkId: TrunkId; readonly from: string }
  /** The leg's carrier has not said a word, not even a 100, and the leg waits for it; or it has said one after all. */
  | { readonly type: 'leg-silent'; readonly legId: string; readonly isSilent: boolean }
  /** The far end rings. */
  | { readonly type: 'leg-alerted'; readonly legId: string }
  | { readonly type: 'leg-answered'; readonly legId: string }
  /** A digit that a third party outside pressed. */
  | { readonly type: 'leg-key'; readonly legId: string; readonly key: string }
  | { readonly type: 'leg-failed'; readonly legId: string; readonly failure: FailureCode }
  | { readonly type: 'leg-ended'; readonly legId: string; readonly cause?: 'longest-call' | 'refused-by-key' }
  /** The relay or this process lost the call. It ends on both sides. */
  | { readonly type: 'lost'; readonly cause: ReleaseCause; readonly by: ReleasedBy };
