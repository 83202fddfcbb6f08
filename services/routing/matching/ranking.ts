import type { Agent } from '../agents/agent-machine.js';
import type { Queue, Strategy } from '../queue.js';

/** Skills by name, each with its level. */
export type Skills = Readonly<Record<string, number>>;

/** What each strategy compares, smaller is better; docs/routing.md has the formulas. `place` is the agent's place in the queue's list. */
export function score(strategy: Strategy, agent: Agent, place: number): number {
  switch (strategy) {
    case 'longest-idle':
    case 'ring-all':
      return agent.idleSinceMs;
    case 'round-robin':
      return agent.lastOfferMs;
    case 'fewest-calls':
      return agent.calls;
    case 'least-talk-time':
      return agent.talkMs;
    case 'top-down':
      return place;
  }
}

/** By how much the levels are lowered in the ring that the wait has reached. */
export function loweredBy(queue: Pick<Queue, 'rings'>, waitedMs: number): number {
  let lowered = 0;
  for (const ring of queue.rings) if (waitedMs >= ring.afterMs) lowered = ring.lowerBy;
  return lowered;
}

/** The levels that queue and call require together. A level that is lowered to nothing is no longer required. */
export function askedLevels(queue: Skills, call: Skills, lowered: number): Skills {
  const asked: Record<string, number> = {};
  for (const skills of [queue, call])
    for (const skill in skills) {
      const level = (skills[skill] ?? 0) - lowered;
      if (level > (asked[skill] ?? 0)) asked[skill] = level;
    }
  return asked;
}

export function hasSkills(agent: Pick<Agent, 'skills'>, asked: Skills): boolean {
  for (const skill in asked) if ((agent.skills[skill] ?? 0) < (asked[skill] ?? 0)) return false;
  return true;
}
