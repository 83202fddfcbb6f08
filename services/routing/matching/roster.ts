import type { AgentState } from '../../shared/domain/people/agent-state.js';
import type { Agent } from '../agents/agent-machine.js';
import { Ordered } from './ordered.js';
import type { Queue } from '../queue.js';
import { hasSkills, score, type Skills } from './ranking.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** The number of skill sets for which an order is kept; a queue whose callers ask for more sorts the least recently used set again. */
const KEPT_ASKS = 32;

interface Line {
  readonly asked: Skills;
  readonly agents: Ordered<Agent>;
}

/** Whether the agent can be offered a call. */
export const isFree = ({ state, mediaUp, occupied, coolUntilMs }: Agent): boolean =>
  state === 'ready' && mediaUp && occupied === undefined && coolUntilMs === undefined;

/**
 * The agents who serve a queue, in its order. Updated with every change of an agent: how many are in each state, and, for each set of
 * levels that calls ask for, which free agents have them, in the order of the strategy. A decision therefore looks only at the first of
 * those, and not at ten thousand busy or free agents.
 */
export class Roster {
  readonly #members: Agent[];
  readonly #places = new Map<string, number>();
  readonly #counts = new Map<AgentState, number>();
  readonly #lines = new Map<string, Line>();
  #free = 0;
  #silent = 0;

  constructor(
    readonly queue: Queue,
    members: readonly Agent[],
  ) {
    this.#members = [...members];
    this.#members.forEach((agent, place) => {
      this.#places.set(agent.agentId, place);
      this.#count(agent, 1);
    });
  }

  get members(): readonly Agent[] {
    return this.#members;
  }
  member(agentId: AgentId): Agent | undefined {
    return this.#members[this.#places.get(agentId) ?? -1];
  }
  /** The number of agents who are ready without media. */
  get silent(): number {
    return this.#silent;
  }
  /** The number of agents who can be offered a call. */
  get free(): number {
    return this.#free;
  }
  /** The number of agents in each state; a state without agents may be missing. */
  get counts(): ReadonlyMap<AgentState, number> {
    return this.#counts;
  }
  /** The value that the queue's strategy compares. */
  score(agent: Agent): number {
    return score(this.queue.strategy, agent, this.#places.get(agent.agentId) ?? 0);
  }

  /** The free agents with the required levels, best first; equal scores are decided by the agent's id. */
  able(asked: Skills): Ordered<Agent> {
    const names = Object.keys(asked).sort();
    const key = names.length === 0 ? '' : JSON.stringify(names.map((name) => [name, asked[name]]));
    const line = this.#lines.get(key) ?? { asked, agents: this.#lineOf(asked) };
    // The most recently used set moves to the end.
    this.#lines.delete(key);
    this.#lines.set(key, line);
    if (this.#lines.size > KEPT_ASKS) for (const oldest of [...this.#lines.keys()].slice(0, -KEPT_ASKS)) this.#lines.delete(oldest);
    return line.agents;
  }

  /** Takes over a changed agent; somebody who is not a member changes nothing. */
  put(agent: Agent): void {
    const place = this.#places.get(agent.agentId);
    const before = place === undefined ? undefined : this.#members[place];
    if (place === undefined || before === undefined) return;
    this.#members[place] = agent;
    this.#count(before, -1);
    this.#count(agent, 1);
    const [was, is] = [isFree(before), isFree(agent)];
    if (!was && !is) return;
    for (const { asked, agents } of this.#lines.values()) {
      if (was && hasSkills(before, asked)) agents.delete(before);
      if (is && hasSkills(agent, asked)) agents.add(agent);
    }
  }

  #lineOf(asked: Skills): Ordered<Agent> {
    const able = this.#members.filter((agent) => isFree(agent) && hasSkills(agent, asked));
    const before = (a: Agent, b: Agent): number =>
      this.score(a) - this.score(b) || (a.agentId === b.agentId ? 0 : a.agentId < b.agentId ? -1 : 1);
    return new Ordered(before, able.sort(before));
  }

  #count(agent: Agent, by: number): void {
    this.#counts.set(agent.state, (this.#counts.get(agent.state) ?? 0) + by);
    if (isFree(agent)) this.#free += by;
    if (agent.state === 'ready' && !agent.mediaUp) this.#silent += by;
  }
}
