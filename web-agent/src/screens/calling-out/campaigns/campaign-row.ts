import type { AnswerOf } from '../../../session/api.js';

export type Row = AnswerOf<'GET /campaigns/:id/rows'>['rows'][number];

/** For an outbound call, the unavailable service is the trunk; an internal error of a row means that its seal could not be opened. */
export const whyWords = (why: NonNullable<Row['why']>) =>
  why === 'service-unavailable'
    ? ('campaigns.noChannel' as const)
    : why === 'internal'
      ? ('campaigns.unread' as const)
      : (`failures.${why}` as const);

/** A waiting row may be dialled at once, or not before a time. */
export const isForLater = ({ state, notBefore }: Row): boolean => state === 'waiting' && Date.parse(notBefore) > Date.now();
