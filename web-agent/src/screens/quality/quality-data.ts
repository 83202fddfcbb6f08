import type { Agreement, Answers, ReviewForm, Score } from '../../../../services/shared/domain/review-form.js';

/** What `/api` tells of quality reviews. */
export interface Review {
  readonly reviewId: string;
  readonly callId: string;
  readonly agentId: string;
  readonly queueId?: string;
  readonly formId: string;
  readonly formVersion: number;
  readonly answers: Answers;
  readonly score: Score;
  readonly comment: string;
  readonly by: string;
  readonly at: string;
  readonly appeal?: { readonly text: string; readonly at: string };
  readonly appealAnswer?: { readonly text: string; readonly by: string; readonly at: string; readonly upheld: boolean };
}

export interface ReviewsWithForms {
  readonly reviews: readonly Review[];
  readonly forms: readonly ReviewForm[];
}

export interface Calibration extends Agreement {
  readonly callId: string;
  readonly formId: string;
  readonly by: readonly [string, string];
}

export interface FigureRow {
  readonly id: string;
  readonly reviews: number;
  readonly meanPercent: number;
  readonly fatal: number;
  readonly openAppeals: number;
}

export interface Draw {
  readonly sampleId: string;
  readonly seed: string;
  readonly quota: number;
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly at: string;
  readonly calls: readonly { readonly callId: string; readonly agentId: string; readonly reviewed: boolean }[];
}

export const formOf = (forms: readonly ReviewForm[], review: Pick<Review, 'formId' | 'formVersion'>): ReviewForm | undefined =>
  forms.find(({ formId, version }) => formId === review.formId && version === review.formVersion);

/** Of each form the newest version. */
export const newestOf = (forms: readonly ReviewForm[]): ReviewForm[] => [
  ...[...forms]
    .sort((a, b) => a.version - b.version)
    .reduce((newest, form) => newest.set(form.formId, form), new Map<string, ReviewForm>())
    .values(),
];

export const percentText = (percent: number): string => `${percent.toFixed(1)}%`;
