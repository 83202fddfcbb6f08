import type { Connection } from 'mongoose';
import { AgentLimits } from '../../shared/contracts/queues/agent-limits.js';
import { writeOver } from '../../shared/platform/stores/edits.js';
import type { AgentLimitStore } from '../ports.js';

const LIMITS = 'agent_limits';

export function createMongoAgentLimits(mongo: Connection): AgentLimitStore {
  const limits = mongo.collection<{ _id: string }>(LIMITS);
  return {
    async all() {
      const rows = await limits.find().sort({ _id: 1 }).toArray();
      return rows.flatMap(({ _id, ...row }) => {
        const parsed = AgentLimits.safeParse(row);
        return parsed.success ? [parsed.data] : [];
      });
    },
    put: async (id, draft, read, by) => writeOver(mongo.collection(LIMITS), id, draft, read, by),
  };
}
