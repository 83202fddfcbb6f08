import type { AnswerOf } from '../../../session/api.js';
import type { Mark } from '../../../../../services/shared/contracts/api/calls/calls.js';
/** A call as `/api/calls` returns it: the fields that pages show. Times ISO, numbers masked. */
export type CallRecord = AnswerOf<'GET /calls/:callId'>;

/** One moment of a call's history. */
export type CallMark = Mark;

/** The time between two moments, when both are known. */
export const between = (from: string | null | undefined, to: string | null | undefined): number | null =>
  from === null || from === undefined || to === null || to === undefined ? null : Math.max(0, Date.parse(to) - Date.parse(from));

/** Time with agents, from the first to the last: without the wait before and the survey after. Null when no agent talked. */
export const talkedMs = ({ talks = [] }: Pick<CallRecord, 'talks'>): number | null => between(talks[0]?.from, talks.at(-1)?.to);
