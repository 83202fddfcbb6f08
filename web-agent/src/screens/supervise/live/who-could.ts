import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import type { Queue } from '../../../../../services/shared/contracts/queues/queue.js';

export type Skills = Readonly<Record<string, number>>;

/**
 * The agents who are ready, serve the queue and hold each skill that it requires at first. What a single call requires beyond that is not
 * known.
 */
export const whoCould = (
  { id, skills }: Pick<Queue, 'id' | 'skills'>,
  agents: readonly AgentRow[],
  skillsOf: (agentId: string) => Skills,
): AgentRow[] =>
  agents.filter(
    ({ agentId, state, queues }) =>
      state === 'ready' &&
      queues.includes(id) &&
      Object.entries(skills).every(([skill, level]) => (skillsOf(agentId)[skill] ?? 0) >= level),
  );
