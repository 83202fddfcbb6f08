import type { ReachUse } from '../../domain/people/named-object.js';
import { withinScope, type Principal } from '../../domain/people/rights.js';
import { isMember } from '../../domain/people/team.js';
import { isOfTeams, isScoped, nobody, ownsNumber, queuesNamedIn, teamsOf, type MembersOf, type PlacedNumber } from './reach.js';
import type { AgentId, QueueId } from '../../domain/ids.js';

/** A service number with the flow that its callers get. */
interface FlowingNumber extends PlacedNumber {
  readonly flow: unknown;
}
interface OverflowingQueue {
  readonly id: string;
  readonly overflow: unknown;
}

interface SeenAgent {
  readonly agentId: AgentId;
  readonly queues: readonly string[];
}

/**
 * Which queues, service numbers and agents a person reaches; the answers are valid for one request. Without a person, nothing is reached.
 */
export interface PlaceReach {
  queues(principal: Principal | undefined, use: ReachUse): Promise<(queueId: QueueId | undefined) => boolean>;
  numbers(principal: Principal | undefined, use: ReachUse): Promise<(number: FlowingNumber) => boolean>;
  /** The agents who serve a visible queue; for people with teams, the members of those teams, whatever they serve. */
  agents(principal: Principal | undefined): Promise<(agent: SeenAgent) => boolean>;
}

const everything = (): boolean => true;
const nothing = (): boolean => false;

/**
 * A queue belongs to the clients and sites whose callers come into it: those of the numbers whose flow names it, or names a queue that
 * overflows into it. A person with a scope of client units or sites sees a queue into which one of their own numbers leads, and changes one
 * into which no other number leads. A number belongs to its client unit and site, and to the queues that its flow names.
 */
export function createPlaceReach({
  numbersOf,
  queuesOf,
  membersOf = nobody,
}: {
  readonly numbersOf: () => Promise<readonly FlowingNumber[]>;
  readonly queuesOf: () => Promise<readonly OverflowingQueue[]>;
  readonly membersOf?: MembersOf;
}): PlaceReach {
  /** The numbers that lead into each queue. */
  async function numbersByQueue(): Promise<ReadonlyMap<string, readonly FlowingNumber[]>> {
    const [numbers, queues] = await Promise.all([numbersOf(), queuesOf()]);
    const overflows = new Map(queues.map(({ id, overflow }) => [id, queuesNamedIn(overflow).map((named) => named.id)]));
    const leading = new Map<string, FlowingNumber[]>();
    for (const number of numbers) {
      const reached = new Set(queuesNamedIn(number.flow).map(({ id }) => id));
      for (const queueId of reached) for (const next of overflows.get(queueId) ?? []) reached.add(next);
      for (const queueId of reached) leading.set(queueId, [...(leading.get(queueId) ?? []), number]);
    }
    return leading;
  }

  const places: PlaceReach = {
    async queues(principal, use) {
      // The callers in a queue belong to no team until somebody answers them.
      if (principal === undefined || isOfTeams(principal)) return nothing;
      const { queues, clientUnits, sites } = principal.scope;
      if (clientUnits.length === 0 && sites.length === 0) return (queueId) => withinScope(queues, queueId);
      const byQueue = await numbersByQueue();
      return (queueId) => {
        const leading = (queueId === undefined ? undefined : byQueue.get(queueId)) ?? [];
        const own = leading.filter((number) => ownsNumber(principal, number));
        return withinScope(queues, queueId) && own.length > 0 && (use === 'read' || own.length === leading.length);
      };
    },
    async numbers(principal, use) {
      if (principal === undefined || isOfTeams(principal)) return nothing;
      if (!isScoped(principal)) return everything;
      const { queues } = principal.scope;
      return (number) => {
        if (!ownsNumber(principal, number)) return false;
        if (queues.length === 0) return true;
        const named = queuesNamedIn(number.flow);
        const own = named.filter(({ id }) => queues.includes(id));
        return own.length > 0 && (use === 'read' || own.length === named.length);
      };
    },
    async agents(principal) {
      if (principal === undefined) return nothing;
      if (!isScoped(principal)) return everything;
      if (isOfTeams(principal)) {
        const members = await membersOf(teamsOf(principal));
        return ({ agentId }) => isMember(members, agentId);
      }
      const isOwn = await places.queues(principal, 'read');
      return ({ queues }) => queues.some(isOwn);
    },
  };
  return places;
}
