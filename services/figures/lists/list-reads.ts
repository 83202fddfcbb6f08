import { ofMembers, type Reach } from '../../shared/platform/reach/reach.js';

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
