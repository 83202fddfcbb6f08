import type { Answers, ReviewForm, Score } from '../../shared/domain/review-form.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

export interface Review {
  readonly reviewId: string;
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly queueId?: QueueId;
  /** The service number that was called. */
  readonly called?: string;
  readonly formId: string;
  readonly formVersion: number;
  readonly answers: Answers;
  readonly score: Score;
  readonly comment: string;
  readonly by: string;
  readonly at: string;
  /** The time of the call; missing in reviews from before it was stored. */
  readonly callAt?: string | undefined;
  readonly appeal?: { readonly text: string; readonly at: string };
  readonly appealAnswer?: { readonly text: string; readonly by: string; readonly at: string; readonly upheld: boolean };
}

export interface DrawnSample {
  readonly sampleId: string;
  readonly seed: string;
  readonly quota: number;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly at: string;
  readonly calls: readonly { readonly callId: CallId; readonly agentId: AgentId }[];
}

export interface ReviewStore {
  forms(): Promise<ReviewForm[]>;
  form(formId: string, version?: number): Promise<ReviewForm | undefined>;
  /** An existing version is never overwritten. */
  addForm(form: ReviewForm): Promise<boolean>;
  addReview(review: Review): Promise<void>;
  review(reviewId: string): Promise<Review | undefined>;
  ofCall(callId: CallId): Promise<Review[]>;
  search(query: {
    readonly agentId?: AgentId | undefined;
    readonly queueId?: QueueId | undefined;
    readonly from?: Date | undefined;
    readonly to?: Date | undefined;
    readonly openAppeals?: boolean | undefined;
    readonly limit: number;
  }): Promise<Review[]>;
  /** False when one exists already. */
  appeal(reviewId: string, appeal: NonNullable<Review['appeal']>): Promise<boolean>;
  answerAppeal(reviewId: string, answer: NonNullable<Review['appealAnswer']>): Promise<boolean>;
  addSample(sample: DrawnSample): Promise<void>;
  /** Returns those calls among them that have a review. */
  reviewedAmong(callIds: readonly CallId[]): Promise<string[]>;
  samples(limit: number): Promise<DrawnSample[]>;
}
