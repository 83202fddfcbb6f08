import { columnsOf } from './row-field.js';
import type { AgentId, CallId, QueueId, TrunkId } from '../../shared/domain/ids.js';

/** A call as the figures need it, and as `rows/calls.csv` of a pack holds it: without numbers of persons. Times are milliseconds UTC. */
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
  /** The same person under another name: a keyed hash of the number, shortened. */
  readonly callerKey: string;
  readonly cause: string;
  readonly releasedBy: string;
  /** In the conversations with agents, their holds included. */
  readonly talkMs: number;
  readonly holdMs: number;
  /** How many unbroken times agents had with the caller. */
  readonly handlings: number;
  /** `test`: a practice call, in no figure. */
  readonly class: 'service' | 'test';
  /** JSON: the visits of a caller to queues, each as queue, wait in milliseconds and how it ended; none of a call out. */
  readonly visits: string;
  readonly lossPercent?: number;
  readonly jitterMs?: number;
  readonly roundTripMs?: number;
  readonly ledgerNumber?: number;
  /** Of a call out that reached the far side: from dialling to its ringing. */
  readonly postDialDelayMs?: number;
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
  /** JSON: how it stood before it was changed, oldest first, for figures as of an earlier moment. */
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
  readonly queueId: QueueId;
  readonly agentId: AgentId;
  /** Empty when the caller was invited and gave none. 5 is best. */
  readonly score?: number;
  readonly solved?: boolean;
  /** JSON: every answer with its time and the one it corrects, for figures as of an earlier moment. */
  readonly answers: string;
}

export const surveyColumns = columnsOf<SurveyRow>()(['surveyId', 'callId', 'atMs', 'queueId', 'agentId', 'score', 'solved', 'answers']);

export interface ProofRow {
  readonly proofId: string;
  readonly atMs: number;
  readonly ok: boolean;
  readonly totalMs: number;
  readonly origin: string;
  /** Enabled trunks that were dead then, by their ids, with `;` between them; empty also where it was not known. */
  readonly linesDown: string;
}

export const proofColumns = columnsOf<ProofRow>()(['proofId', 'atMs', 'ok', 'totalMs', 'origin', 'linesDown']);

/** An agent's state and how long it lasted. */
export interface StateRow {
  readonly agentId: AgentId;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly state: string;
  /** Of a wrap-up: that of a call that came in and that this agent handled. */
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
  /** Whether an agent was in it and the call came in: what the agents handled, without the calls out. */
  readonly handled: boolean;
  /** `stored`: the store lists the object with its length; `deleted`: its record says when and by which rule; `missing`: neither. */
  readonly kept: 'stored' | 'deleted' | 'missing';
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
]);

/** A review of a call by a person (quality assurance). */
export interface ReviewRow {
  readonly reviewId: string;
  readonly callId: CallId;
  readonly atMs: number;
  readonly queueId: QueueId;
  readonly agentId: AgentId;
  readonly scorePercent: number;
  /** How many questions of that severity got nothing. */
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

/** What the fraud watch found, and what a person said to it. */
export interface AlarmRow {
  readonly alarmId: string;
  readonly atMs: number;
  readonly pattern: string;
  /** `number` of ours, `agent`, or `caller`, whose number has its middle hidden. */
  readonly subjectKind: string;
  readonly subject: string;
  readonly count: number;
  readonly of: number;
  readonly limit: number;
  /** Whether calling out was stopped by the watch itself. */
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

/** A wish to call out and what the rules said to it. */
export interface AttemptRow {
  readonly callId: CallId;
  readonly atMs: number;
  readonly allowed: boolean;
  /** The rule that refused it. */
  readonly reason: string;
  readonly purpose: string;
  /** The same person under another name, as `callerKey` of a call. */
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
