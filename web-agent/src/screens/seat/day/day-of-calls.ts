import type { EndedCall } from '../../../../../services/shared/contracts/api/calls/calls.js';
import { WITHHELD } from '../../../../../services/shared/domain/calls/caller.js';

/** The most that one request returns. */
export const MOST_OF_DAY = 200;
/** Calls shown at first: a page that is open all day does not grow with its calls. */
export const FIRST_OF_DAY = 10;

type Row = Pick<EndedCall, 'callId' | 'invitedAt' | 'direction' | 'callerMasked' | 'queueId' | 'cause' | 'talks'>;

export interface DayCall {
  readonly callId: string;
  readonly invitedAt: string;
  readonly direction: EndedCall['direction'];
  readonly callerMasked: string;
  /** Whether there is a number that could be called. */
  readonly isKnown: boolean;
  readonly queueId: string | undefined;
  readonly cause: EndedCall['cause'];
  /** How long this agent talked; 0 for a call that only rang. */
  readonly talkMs: number;
}

/**
 * Picks from an agent's newest calls those since a moment.
 *
 * @param since Midnight at the site, ISO 8601.
 * @param most How many were asked for.
 * @returns `isCut` when there may be more of that day than were asked for.
 */
export function callsOfDay(
  calls: readonly Row[],
  { since, agentId, most }: { readonly since: string; readonly agentId: string; readonly most: number },
): { readonly shown: readonly DayCall[]; readonly isCut: boolean } {
  const from = Date.parse(since);
  const shown = calls
    .filter(({ invitedAt }) => Date.parse(invitedAt) >= from)
    .map(({ callId, invitedAt, direction, callerMasked, queueId, cause, talks = [] }) => ({
      callId,
      invitedAt,
      direction,
      callerMasked,
      isKnown: callerMasked !== WITHHELD,
      queueId: queueId ?? undefined,
      cause,
      talkMs: talks.filter((talk) => talk.agentId === agentId).reduce((sum, { from: a, to: b }) => sum + Date.parse(b) - Date.parse(a), 0),
    }));
  return { shown, isCut: shown.length >= most };
}
