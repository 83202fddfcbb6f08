import type { Invitation, SurveyAnswer } from './survey.js';

export interface SurveyStore {
  /** Written once: a second invitation of the same call is ignored. */
  invite(invitation: Invitation): Promise<void>;
  answer(answer: SurveyAnswer): Promise<void>;
  byId(surveyId: string): Promise<Invitation | undefined>;
  ofCall(callId: string): Promise<{ readonly invitation: Invitation; readonly answers: SurveyAnswer[] } | undefined>;
  between(
    from: Date,
    to: Date,
    filter: { readonly queueId?: string; readonly agentId?: string },
  ): Promise<{ readonly invitations: Invitation[]; readonly answers: SurveyAnswer[] }>;
  /** The lowest scored, for listening to. */
  worst(from: Date, to: Date, limit: number): Promise<{ readonly invitation: Invitation; readonly answer: SurveyAnswer }[]>;
}

/** A call-back after a low score; its outcome may be a complaint. */
export interface CallBackTask {
  readonly taskId: string;
  readonly callId: string;
  readonly openedAt: Date;
  readonly reason: 'low-score';
  readonly score: number;
  readonly state: 'open' | 'done';
  readonly doneAt?: Date;
  readonly doneBy?: string;
  readonly outcome?: string;
  readonly complaintId?: string;
}

export interface TaskStore {
  /** One task a survey, however often it is asked for. */
  open(task: CallBackTask): Promise<void>;
  list(state: 'open' | 'done' | undefined, limit: number): Promise<CallBackTask[]>;
  finish(taskId: string, done: Pick<CallBackTask, 'doneAt' | 'doneBy' | 'outcome' | 'complaintId'>): Promise<boolean>;
}
