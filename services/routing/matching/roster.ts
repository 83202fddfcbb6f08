import type { AgentState } from '../../shared/domain/people/agent-state.js';
import type { Agent } from '../agents/agent-machine.js';
import { Ordered } from './ordered.js';
import type { Queue } from '../queue.js';
import { hasSkills, score, type Skills } from './ranking.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** So many different asks are kept in order at a time; a queue whose callers ask for more puts the least recently asked in order anew. */
const KEPT_ASKS = 32;

interface Line {
  readonly asked: Skills;
  readonly agents: Ordered<Agent>;
}

/** Can be offered a call. */
export const isFree = ({ state, mediaUp, occupied, coolUntilMs }: Agent): boolean =>
  state === 'ready' && mediaUp && occupied === undefined && coolUntilMs === undefined;

/**
 * Who serves a queue, in its order. Kept at every change of an agent: how many are in each state, and, for each set of levels that calls ask
 * for, who is free and has them, in the order of the strategy. So a decision looks at the first of those, and neither at ten thousand who
 * are busy nor at ten thousand who are free.
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
  /** How many are ready and have no sound. */
  get silent(): number {
    return this.#silent;
  }
  /** How many can be offered a call. */
  get free(): number {
    return this.#free;
  }
  /** How many are in each state; a state of nobody may be absent. */
  get counts(): ReadonlyMap<AgentState, number> {
    return this.#counts;
  }
  /** What the queue's strategy compares. */
  score(agent: Agent): number {
    return score(this.queue.strategy, agent, this.#places.get(agent.agentId) ?? 0);
  }

  /** Who is free and has the levels asked for, best first; equal scores are decided by the agent's id. */
  able(asked: Skills): Ordered<Agent> {
    const names = Object.keys(asked).sort();
    const key = names.length === 0 ? '' : JSON.stringify(names.map((name) => [name, asked[name]]));
    const line = this.#lines.get(key) ?? { asked, agents: this.#lineOf(asked) };
    // The most recently asked stands last.
    this.#lines.delete(key);
    this.#lines.set(key, line);
    if (this.#lines.size > KEPT_ASKS) for (const oldest of [...this.#lines.keys()].slice(0, -KEPT_ASKS)) this.#lines.delete(oldest);
    return line.agents;
  }

  /** Takes over a changed agent; one who is no member changes nothing. */
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
