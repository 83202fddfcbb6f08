import { CallCentreError } from '../../shared/domain/failure.js';
import { ofMembers, type Reach } from '../../shared/platform/reach/reach.js';
import type { SiteDays } from '../ports.js';

/** Longer lists are read call by call: a month of a large centre is the longest that a person waits for. */
const LONGEST_LIST_DAYS = 31;

/** The days of a list. Fails with `invalid-request` when there are none or too many. */
export function listDaysOf(days: Pick<SiteDays, 'daysOf'>, from: string, to: string): ReturnType<SiteDays['daysOf']> {
  const found = days.daysOf(from, to);
  if (found.dates.length > LONGEST_LIST_DAYS)
    throw new CallCentreError('invalid-request', `A list is of ${String(LONGEST_LIST_DAYS)} days at most.`, {
      details: { limit: 'list-days', most: LONGEST_LIST_DAYS },
    });
  return found;
}

/** The number of ids in one query. */
const AT_ONCE = 500;

export const chunksOf = <T>(all: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, place) => all.slice(place * AT_ONCE, (place + 1) * AT_ONCE));

/** The visits within a part of the centre, as a filter. */
export const reachFilter = ({ queues, numbers, members }: Reach): object =>
  members !== undefined
    ? ofMembers(members, { agent: 'agentId', at: 'enteredAt' })
    : {
        ...(queues.length === 0 ? {} : { queueId: { $in: [...queues] } }),
        ...(numbers === undefined ? {} : { called: { $in: [...numbers] } }),
      };
