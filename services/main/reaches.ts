import type { Connection } from 'mongoose';
import { createCallReach, type NumberStore } from '../calls/index.js';
import { createComplaintReach } from '../complaints/index.js';
import type { Identity } from '../identity/index.js';
import { createAgentList } from '../routing/index.js';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { withinScope } from '../shared/domain/people/rights.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import type { Reads } from '../shared/records/reads.js';
import { teamsOf, withinReach, type ReachesObject, type ReachOf } from '../shared/platform/reach/reach.js';

/** Asks the slice that owns a kind of object whether a person with a scope reaches it. */
export function createReaches({
  mongo,
  commands,
  numbers,
  places,
  reachOf,
  identity,
  customer,
  reads,
}: {
  readonly mongo: Connection;
  readonly commands: CommandBus;
  readonly numbers: Pick<NumberStore, 'number'>;
  readonly places: PlaceReach;
  readonly reachOf: ReachOf;
  readonly customer: ReachesObject['customer'];
  readonly reads: Pick<Reads, 'accounts'>;
  readonly identity: Pick<Identity, 'reachesPerson' | 'reachesExport'>;
}): ReachesObject {
  /** Also who has an account and has never opened their seat. */
  const listedAgents = createAgentList({ mongo, reads });
  return {
    call: createCallReach({ mongo, commands, reachOf }),
    async 'live-call'(principal, callId) {
      const reach = await reachOf(principal);
      return (await commands.send('calls.live', {})).some((call) => call.callId === callId && withinReach(reach, call));
    },
    complaint: createComplaintReach({ mongo }),
    customer,
    async agent(principal, agentId) {
      if (agentId === principal.userId) return true;
      const [[agent], sees] = await Promise.all([commands.send('agents.list', { agentId }), places.agents(principal)]);
      const known = agent ?? (await listedAgents.one(agentId));
      return known !== undefined && sees(known);
    },
    queue: async (principal, queueId, use) => (await places.queues(principal, use))(queueId),
    async number(principal, digits, use) {
      const [number, own] = await Promise.all([numbers.number(digits), places.numbers(principal, use)]);
      // A missing number may be added. Its client, site and queues are checked with the saved data.
      return number === undefined || own(number);
    },
    'client-unit': async ({ scope }, unit) => scope.clientUnits.length > 0 && withinScope(scope.clientUnits, unit),
    // People without teams in their scope reach queues or client units, and no team as a whole.
    team: async (principal, teamId) => teamsOf(principal).includes(teamId),
    person: identity.reachesPerson,
    export: identity.reachesExport,
  };
}
