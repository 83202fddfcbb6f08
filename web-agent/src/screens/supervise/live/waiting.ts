import type { AnswerOf } from '../../../session/api.js';

export type LiveCall = AnswerOf<'GET /calls/live'>['calls'][number];
type Explanation = AnswerOf<'GET /routing/decisions/:callId'>['explanation'];

const waits: ReadonlySet<string> = new Set(['admitting', 'queued', 'offered']);

/** Callers of a queue who have not been answered, the longest wait first. */
export const waitingIn = <C extends Pick<LiveCall, 'state' | 'queueId' | 'since'>>(calls: readonly C[], queueId: string): C[] =>
  calls.filter((call) => call.queueId === queueId && waits.has(call.state)).sort((a, b) => a.since.localeCompare(b.since));

/** Why nobody takes a caller at this moment: the last stretch of the wait; undefined before routing has looked. */
export const lastReason = ({ spans }: Pick<Explanation, 'spans'>): Explanation['spans'][number] | undefined => spans.at(-1);
