import type { Reach } from '../shared/platform/reach/reach.js';
import type { UnaskedCall } from './links/link-survey.js';
import type { Invitation, NotInvited, SurveyAnswer } from './survey.js';
import type { AgentId, CallId, QueueId, ComplaintId } from '../shared/domain/ids.js';

/** Selects surveys of a period, of one queue or agent if wanted, among those that the reader may see. */
export interface SurveyFilter {
  readonly from: Date;
  readonly to: Date;
  readonly queueId?: QueueId | undefined;
  readonly agentId?: AgentId | undefined;
  readonly reach: Reach;
}

/** A call whose caller was not asked, with the reason. */
export interface NotInvitedRow {
  readonly callId: CallId;
  readonly at: Date;
  readonly reason: NotInvited;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  readonly called?: string;
}

/** A call that ended without a question. The decision is made when its record is stored. */
export interface PendingSurvey {
  readonly callId: CallId;
  readonly at: Date;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
}

export interface PendingSurveys {
  put(survey: PendingSurvey): Promise<void>;
  all(limit: number): Promise<PendingSurvey[]>;
  done(callId: CallId): Promise<void>;
}

/** What surveys need from the call records. */
export interface UnaskedCalls {
  byId(callId: CallId): Promise<UnaskedCall | undefined>;
}

export interface SurveyStore {
  /** Written once: a second invitation of the same call is ignored. */
  invite(invitation: Invitation): Promise<void>;
  /** False when this row is there already. */
  answer(answer: SurveyAnswer): Promise<boolean>;
  /** Written once; not counted for a call that was invited after all. */
  notInvited(row: NotInvitedRow): Promise<void>;
  /** Whether the number was asked by link since `since`, for another call than `butCallId`. */
  askedByLink(numberHash: string, since: Date, butCallId: string): Promise<boolean>;
  byId(surveyId: string): Promise<Invitation | undefined>;
  ofCall(callId: CallId): Promise<{ readonly invitation: Invitation; readonly answers: SurveyAnswer[] } | undefined>;
  between(filter: SurveyFilter): Promise<{
    readonly invitations: Invitation[];
    readonly answers: SurveyAnswer[];
    readonly notInvited: Readonly<Partial<Record<NotInvited, number>>>;
  }>;
  /** The calls with the lowest scores, to listen to. */
  worst(filter: SurveyFilter, limit: number): Promise<{ readonly invitation: Invitation; readonly answer: SurveyAnswer }[]>;
}

/** A call-back after a low score; its outcome may be a complaint. */
export interface CallBackTask {
  readonly taskId: string;
  readonly callId: CallId;
  readonly openedAt: Date;
  readonly reason: 'low-score';
  readonly score: number;
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  readonly called?: string;
  readonly state: 'open' | 'taken' | 'done';
  readonly takenAt?: Date;
  readonly takenBy?: string;
  readonly doneAt?: Date;
  readonly doneBy?: string;
  readonly outcome?: string;
  readonly complaintId?: ComplaintId;
}

export interface TaskStore {
  /** One task for each survey, however often this is called. */
  open(task: CallBackTask): Promise<void>;
  list(
    state: CallBackTask['state'] | undefined,
    query: { readonly skip: number; readonly limit: number; readonly reach: Reach },
  ): Promise<{ readonly tasks: CallBackTask[]; readonly total: number }>;
  byId(taskId: string): Promise<CallBackTask | undefined>;
  /** False when it is no longer open: somebody was faster. */
  take(taskId: string, taken: { readonly takenAt: Date; readonly takenBy: string }): Promise<boolean>;
  /** False when it is already done. */
  finish(taskId: string, done: Pick<CallBackTask, 'doneAt' | 'doneBy' | 'outcome' | 'complaintId'>): Promise<boolean>;
}
