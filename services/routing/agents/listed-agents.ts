import { rights, type Role } from '../../shared/domain/people/rights.js';
import type { AgentId } from '../../shared/domain/ids.js';
import type { Reads } from '../../shared/records/reads.js';
import type { Queue } from '../queue.js';

/** Somebody whose account has a seat, whether or not they have ever opened it. */
export interface ListedAgent {
  readonly agentId: AgentId;
  readonly name: string;
  readonly roles: readonly string[];
  /** Undefined when the person has never signed in. */
  readonly lastSignInAt?: Date | undefined;
  /** The queues that the settings give them. */
  readonly queues: readonly string[];
}

export interface ListedAgents {
  all(): Promise<readonly ListedAgent[]>;
  one(agentId: string): Promise<ListedAgent | undefined>;
}

const hasSeat = (role: string): boolean => (rights['seat.use'] as readonly Role[]).some((each) => each === role);

/**
 * The people of the open accounts that have a seat. Routing itself knows only whoever has opened a seat, so a person who was added today
 * would be missing from every list of agents.
 */
export function createListedAgents({
  accounts,
  queues,
}: {
  readonly accounts: Reads['accounts'];
  readonly queues: { all(): Promise<readonly Pick<Queue, 'id' | 'members'>[]> };
}): ListedAgents {
  async function of(filter: { readonly _id?: string }): Promise<ListedAgent[]> {
    const [people, all] = await Promise.all([
      accounts.find({ ...filter, disabled: false }, { fields: ['displayName', 'roles', 'lastSignInAt'] }),
      queues.all(),
    ]);
    return people
      .filter(({ roles }) => roles.some(hasSeat))
      .map(({ _id, displayName, roles, lastSignInAt }) => ({
        ...{ agentId: _id, name: displayName, roles, lastSignInAt },
        queues: all.filter(({ members }) => members === 'everyone' || members.includes(_id)).map(({ id }) => id),
      }));
  }
  return { all: () => of({}), one: async (agentId) => (await of({ _id: agentId }))[0] };
}
