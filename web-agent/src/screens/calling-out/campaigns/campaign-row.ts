import type { AnswerOf } from '../../../session/api.js';

export type Row = AnswerOf<'GET /campaigns/:id/rows'>['rows'][number];

/**
 * For an outbound call, the unavailable service is the trunk; an internal error of a row means that its seal could not be opened, and a row
 * times out on the screen of its agent.
 */
const ofRows = { 'service-unavailable': 'campaigns.noChannel', internal: 'campaigns.unread', 'timed-out': 'campaigns.notInTime' } as const;
type Why = NonNullable<Row['why']>;
const isOfRows = (why: Why): why is keyof typeof ofRows => why in ofRows;
export const whyWords = (why: Why) => (isOfRows(why) ? ofRows[why] : (`failures.${why}` as const));

/** A waiting row may be dialled at once, or not before a time. */
export const isForLater = ({ state, notBefore }: Row): boolean => state === 'waiting' && Date.parse(notBefore) > Date.now();
