import { columnsOf } from './row-field.js';
import type { AgentId, CallId, QueueId, TrunkId } from '../../shared/domain/ids.js';

/** A call as the figures need it and as `rows/calls.csv` of a pack holds it: without people's numbers. Times are milliseconds UTC. */
export interface CallRow {
  readonly callId: CallId;
  readonly direction: 'inbound' | 'outbound';
  readonly invitedAtMs: number;
  readonly answeredAtMs?: number;
  readonly queuedAtMs?: number;
  readonly agentAnsweredAtMs?: number;
  readonly endedAtMs: number;
  readonly called: string;
  readonly queueId: QueueId;
  readonly agentId: AgentId;
  readonly trunkId: TrunkId;
  /** A pseudonym of the caller: a keyed hash of the number, shortened. */
  readonly callerKey: string;
  readonly cause: string;
  readonly releasedBy: string;
  /** Time in conversations with agents, including their holds. */
  readonly talkMs: number;
  readonly holdMs: number;
  /** The number of handlings: unbroken times that agents had with the caller. */
  readonly handlings: number;
  /** `test`: a practice call, which counts in no figure. */
  readonly class: 'service' | 'test';
  /** JSON: the caller's visits to queues, each as queue, wait in milliseconds and outcome; none for an outbound call. */
  readonly visits: string;
  readonly lossPercent?: number;
  readonly jitterMs?: number;
  readonly roundTripMs?: number;
  readonly ledgerNumber?: number;
  /** For an outbound call that reached the far side: from dialling to ringing. */
  readonly postDialDelayMs?: number;
  /** For an outbound call: the hashes of the texts that its agents had on their screens, with a space between them. */
  readonly scripts?: string;
  /** JSON: the keys with which the caller answered a survey, each as question, key and moment. */
  readonly surveyKeys?: string;
}

export const callColumns = columnsOf<CallRow>()([
  'callId',
  'direction',
  'invitedAtMs',
  'answeredAtMs',
  'queuedAtMs',
  'agentAnsweredAtMs',
  'endedAtMs',
  'called',
  'queueId',
  'agentId',
  'trunkId',
  'callerKey',
  'cause',
  'releasedBy',
  'talkMs',
  'holdMs',
  'handlings',
  'class',
  'visits',
  'lossPercent',
  'jitterMs',
  'roundTripMs',
  'ledgerNumber',
  'postDialDelayMs',
  'scripts',
  'surveyKeys',
]);

export interface ComplaintRow {
  readonly number: string;
  readonly receivedAtMs: number;
  readonly dueAtMs?: number;
  readonly answeredAtMs?: number;
  readonly closedAtMs?: number;
  readonly kind: string;
  readonly source: string;
  readonly upheld: string;
  readonly reopened: boolean;
  readonly appeal: boolean;
  readonly satisfaction?: number;
  readonly satisfactionAtMs?: number;
  readonly state: string;
  /** JSON: the earlier versions of the row, oldest first, for figures as of an earlier moment. */
  readonly earlier: string;
}

export const complaintColumns = columnsOf<ComplaintRow>()([
  'number',
  'receivedAtMs',
  'dueAtMs',
  'answeredAtMs',
  'closedAtMs',
  'kind',
  'source',
  'upheld',
  'reopened',
  'appeal',
  'satisfaction',
  'satisfactionAtMs',
  'state',
  'earlier',
]);

export interface SurveyRow {
  readonly surveyId: string;
  readonly callId: CallId;
  readonly atMs: number;
  /** How the caller was asked: by keys at the end of the call, or by a link. */
  readonly method: 'keys' | 'sms' | 'web';
  readonly queueId: QueueId;
  readonly agentId: AgentId;
  /** Empty when the caller was invited and gave no score. 5 is best. */
  readonly score?: number;
  readonly solved?: boolean;
  /** JSON: every answer, with its time and the answer that it corrects, for figures as of an earlier moment. */
  readonly answers: string;
}

export const surveyColumns = columnsOf<SurveyRow>()([
  'surveyId',
  'callId',
  'atMs',
  'method',
  'queueId',
  'agentId',
  'score',
  'solved',
  'answers',
]);

export interface ProofRow {
  readonly proofId: string;
  readonly atMs: number;
  readonly ok: boolean;
  readonly totalMs: number;
  readonly origin: string;
  /** Ids of the enabled trunks that were down then, separated by `;`; also empty when it was not known. */
  readonly linesDown: string;
  /** `OUT>IN`: the trunks by which it left and came in; `OUT>(echo)`: to the carrier's echo number; empty: over the loopback. */
  readonly over: string;
}

export const proofColumns = columnsOf<ProofRow>()(['proofId', 'atMs', 'ok', 'totalMs', 'origin', 'linesDown', 'over']);

/** An agent's state and how long it lasted. */
export interface StateRow {
  readonly agentId: AgentId;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly state: string;
  /** For a wrap-up: whether it followed an inbound call that this agent handled. */
  readonly ofService: boolean;
}

export const stateColumns = columnsOf<StateRow>()(['agentId', 'fromMs', 'untilMs', 'state', 'ofService']);

/** A recording as the figures read it: ledger state, hash and length. */
export interface RecordingRow {
  readonly callId: CallId;
  readonly atMs: number;
  readonly sha256: string;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly queueId: QueueId;
  readonly called: string;
  /** Whether the call came in and an agent was in it: what the agents handled, without outbound calls. */
  readonly handled: boolean;
  /**
   * `stored`: the store lists the object with its length, and nothing was wrong with it when somebody last looked; `deleted`: its record says when and by
   * which rule; `missing`: neither.
   */
  readonly kept: 'stored' | 'deleted' | 'missing';
  /** When a check last opened it and compared its hash. The store lists an object also when its disk has lost the bytes. */
  readonly openedAtMs?: number;
  /** When this pack read the last byte of its object. */
  readonly lookedAtMs?: number;
  /** What a check or this pack found wrong with it, and who found that first and when. */
  readonly damage?: string;
  readonly damageFoundAtMs?: number;
  readonly damageFoundBy?: string;
}

export const recordingColumns = columnsOf<RecordingRow>()([
  'callId',
  'atMs',
  'sha256',
  'durationMs',
  'sizeBytes',
  'queueId',
  'called',
  'handled',
  'kept',
  'openedAtMs',
  'lookedAtMs',
  'damage',
  'damageFoundAtMs',
  'damageFoundBy',
]);

/** A review of a call by a person (quality assurance). */
export interface ReviewRow {
  readonly reviewId: string;
  readonly callId: CallId;
  readonly atMs: number;
  readonly queueId: QueueId;
  readonly agentId: AgentId;
  readonly scorePercent: number;
  /** How many questions of that severity scored nothing. */
  readonly critical: number;
  readonly fatal: number;
}

export const reviewColumns = columnsOf<ReviewRow>()([
  'reviewId',
  'callId',
  'atMs',
  'queueId',
  'agentId',
  'scorePercent',
  'critical',
  'fatal',
]);

/** What the fraud watch found, and what a person said about it. */
export interface AlarmRow {
  readonly alarmId: string;
  readonly atMs: number;
  readonly pattern: string;
  /** `number`: one of ours; `agent`; or `caller`, the middle of whose number is hidden. */
  readonly subjectKind: string;
  readonly subject: string;
  readonly count: number;
  readonly of: number;
  readonly limit: number;
  /** Whether the watch itself stopped outbound calling. */
  readonly stopped: boolean;
  readonly settledAtMs?: number;
  readonly settledBy: string;
  readonly lifted: boolean;
  readonly finding: string;
}

export const alarmColumns = columnsOf<AlarmRow>()([
  'alarmId',
  'atMs',
  'pattern',
  'subjectKind',
  'subject',
  'count',
  'of',
  'limit',
  'stopped',
  'settledAtMs',
  'settledBy',
  'lifted',
  'finding',
]);

/** A request to call out, and what the rules said about it. */
export interface AttemptRow {
  readonly callId: CallId;
  readonly atMs: number;
  readonly allowed: boolean;
  /** The rule that refused it. */
  readonly reason: string;
  readonly purpose: string;
  /** The same pseudonym of the person as `callerKey` of a call. */
  readonly personKey: string;
  readonly numberMasked: string;
  /** The number that was shown. */
  readonly shown: string;
  readonly trunkId: TrunkId;
  readonly consentId: string;
}

export const attemptColumns = columnsOf<AttemptRow>()([
  'callId',
  'atMs',
  'allowed',
  'reason',
  'purpose',
  'personKey',
  'numberMasked',
  'shown',
  'trunkId',
  'consentId',
]);
