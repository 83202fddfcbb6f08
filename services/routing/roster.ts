import type { AgentState } from '../shared/domain/agent-state.js';
import type { Agent } from './agent-machine.js';

/**
 * Who serves a queue, in its order. Who is ready, and how many are in each state, is kept at every change of an agent, so that a decision
 * looks at those who are ready and not at ten thousand who are not.
 */
export class Roster {
  readonly #members: Agent[];
  readonly #places = new Map<string, number>();
  /** Places of those who are ready, rising. */
  readonly #ready: number[] = [];
  readonly #counts = new Map<AgentState, number>();

  constructor(members: readonly Agent[]) {
    this.#members = [...members];
    this.#members.forEach(({ agentId, state }, place) => {
      this.#places.set(agentId, place);
      this.#count(state, 1);
      if (state === 'ready') this.#ready.push(place);
    });
  }

  get members(): readonly Agent[] {
    return this.#members;
  }
  member(agentId: string): Agent | undefined {
    return this.#members[this.#places.get(agentId) ?? -1];
  }
  /** Places of those who are ready, in the queue's order. */
  get ready(): readonly number[] {
    return this.#ready;
  }
  /** Whether somebody could take a call at all. */
  get anybodyFree(): boolean {
    return this.#ready.some((place) => this.#members[place]?.mediaUp === true);
  }
  /** How many are in each state; a state of nobody may be absent. */
  get counts(): ReadonlyMap<AgentState, number> {
    return this.#counts;
  }

  /** Takes over a changed agent; one who is no member changes nothing. */
  put(agent: Agent): void {
    const place = this.#places.get(agent.agentId);
    const before = place === undefined ? undefined : this.#members[place];
    if (place === undefined || before === undefined) return;
    this.#members[place] = agent;
    if (before.state === agent.state) return;
    this.#count(before.state, -1);
    this.#count(agent.state, 1);
    if (before.state === 'ready') this.#ready.splice(this.#placeIn(place), 1);
    else if (agent.state === 'ready') this.#ready.splice(this.#placeIn(place), 0, place);
  }

  #count(state: AgentState, by: number): void {
    this.#counts.set(state, (this.#counts.get(state) ?? 0) + by);
  }

  /** Where a place stands among the ready ones, or would stand. */
  #placeIn(place: number): number {
    let low = 0;
    for (let high = this.#ready.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.#ready[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
