import type { FraudSettings } from '../domain/calls/fraud.js';
import type { AgentStateReads } from './agent-state.js';
import type { CallReads } from './call.js';
import type { CallbackReads } from './callback.js';
import type { SeatCallbackReads } from './seat-callback.js';
import type { ComplaintReads } from './complaint.js';
import type { ContactReads } from './contact.js';
import type { AttemptReads, ConsentReads, FraudAlarmReads, RefusalReads } from './outbound.js';
import type { ProofCallReads } from './proof-call.js';
import type { RecordingReads } from './recording.js';
import type { ReviewReads } from './review.js';
import type { AccountReads, QueueReads, RegisterEntryReads, RegisterFileReads, ServiceNumberReads } from './site.js';
import type { SurveyAnswerReads, SurveyReads } from './survey.js';
import type { VisitReads } from './visit.js';
import type { CallId } from '../domain/ids.js';

/** The reads that slices offer to each other. A slice takes the ones that it needs, and `services/main` gets each from its owner. */
export interface Reads {
  readonly accounts: AccountReads;
  readonly agentStates: AgentStateReads;
  readonly attempts: AttemptReads;
  readonly callbacks: CallbackReads;
  readonly seatCallbacks: SeatCallbackReads;
  readonly calls: CallReads;
  readonly complaints: ComplaintReads;
  readonly consents: ConsentReads;
  readonly contacts: ContactReads;
  readonly fraudAlarms: FraudAlarmReads;
  readonly proofCalls: ProofCallReads;
  readonly queues: QueueReads;
  readonly recordings: RecordingReads;
  readonly refusals: RefusalReads;
  readonly registerEntries: RegisterEntryReads;
  readonly registerFiles: RegisterFileReads;
  readonly reviews: ReviewReads;
  readonly serviceNumbers: ServiceNumberReads;
  readonly surveyAnswers: SurveyAnswerReads;
  readonly surveys: SurveyReads;
  readonly visits: VisitReads;
  /** The rules by which the fraud watch raises alarms. */
  readonly fraudSettings: () => Promise<FraudSettings>;
  /** Why a call was offered to which agents, oldest first; at most 20 decisions. */
  readonly decisionsOf: (callId: CallId) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}
