import type { ReviewForm } from '../../../../services/shared/domain/review-form.js';
import type { AnswerOf } from '../../session/api.js';
import type { Calibration, Figure, Review } from '../../../../services/shared/contracts/api/centre/reviews.js';
export type { Calibration, Review };

export type ReviewsWithForms = AnswerOf<'GET /my-reviews'>;

export type FigureRow = Figure;

export type Draw = AnswerOf<'GET /review-samples'>['samples'][number];

export const formOf = (forms: readonly ReviewForm[], review: Pick<Review, 'formId' | 'formVersion'>): ReviewForm | undefined =>
  forms.find(({ formId, version }) => formId === review.formId && version === review.formVersion);

/** Returns the newest version of each form. */
export const newestOf = (forms: readonly ReviewForm[]): ReviewForm[] => [
  ...[...forms]
    .sort((a, b) => a.version - b.version)
    .reduce((newest, form) => newest.set(form.formId, form), new Map<string, ReviewForm>())
    .values(),
];

export const percentText = (percent: number): string => `${percent.toFixed(1)}%`;
