import { columnsOf } from './row-field.js';
import type { AgentId } from '../../shared/domain/ids.js';

// Rows that the day sheets fix so that nobody can alter states, answers and the list of complaints afterwards. No figure is counted from them.

/**
 * The beginning or the end of a state that lasted over a midnight of the site. The sheet of a day fixes the states that began and ended on
 * it; of the others it fixes what happened on it.
 */
export interface TurnRow {
  readonly turnId: string;
  readonly agentId: AgentId;
  readonly atMs: number;
  readonly what: 'began' | 'ended';
  readonly state: string;
  /** When the state began. */
  readonly fromMs: number;
}

export const turnColumns = columnsOf<TurnRow>()(['turnId', 'agentId', 'atMs', 'what', 'state', 'fromMs']);

/** An answer to a survey, or the correction of one, as it was written. */
export interface AnswerRow {
  readonly answerId: string;
  readonly surveyId: string;
  readonly atMs: number;
  readonly score?: number;
  readonly solved?: boolean;
  /** The answer that it replaces, or empty. */
  readonly corrects: string;
  /** `caller`, or `house` for an employee. */
  readonly by: 'caller' | 'house';
}

export const answerColumns = columnsOf<AnswerRow>()(['answerId', 'surveyId', 'atMs', 'score', 'solved', 'corrects', 'by']);

/** A complaint as it was recorded. What happens to it later has rows of its own. */
export interface CaseRow {
  readonly number: string;
  /** When it was recorded: a letter is older than its record. */
  readonly atMs: number;
  readonly receivedAtMs: number;
  readonly source: string;
  /** The id of the earlier case into which it was joined when it was recorded, or empty. */
  readonly joinedInto: string;
}

export const caseColumns = columnsOf<CaseRow>()(['number', 'atMs', 'receivedAtMs', 'source', 'joinedInto']);

/** A page of an agent that was connected as a seat. */
export interface SeatRow {
  /** Derived from the id of the session. */
  readonly seatId: string;
  readonly agentId: AgentId;
  readonly atMs: number;
  readonly offlineAtMs?: number;
}

export const seatColumns = columnsOf<SeatRow>()(['seatId', 'agentId', 'atMs', 'offlineAtMs']);
