import { z } from 'zod';
import { AgentLimits, AgentLimitsDraft } from '../../queues/agent-limits.js';
import type { Endpoints } from '../endpoint.js';

export const agentLimitsApi = {
  'GET /agents/limits': {
    right: 'agents.watch',
    summary: 'When a conversation, a hold or a wrap-up lasts too long and how many missed rings are too many: for the site and for teams.',
    answer: z.object({ limits: z.array(AgentLimits) }),
    failures: [],
  },
  'PUT /agents/limits': {
    right: 'queues.edit',
    summary: 'Sets the limits of the site or of a team; `revision` is the one that was read.',
    body: AgentLimitsDraft,
    answer: AgentLimits,
    failures: ['changed-meanwhile'],
  },
} satisfies Endpoints;
export type AgentLimitsApi = typeof agentLimitsApi;
