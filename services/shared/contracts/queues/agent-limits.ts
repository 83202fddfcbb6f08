import { z } from 'zod';
import { agentLimitScopes, limitFault, type AgentLimit } from '../../domain/people/agent-limits.js';
import { edited } from '../edited.js';

const DAY_SECONDS = 86_400;
const limit = z
  .object({ warn: z.int().min(1).max(DAY_SECONDS).optional(), alarm: z.int().min(1).max(DAY_SECONDS).optional() })
  .superRefine((value: AgentLimit, context) => {
    const fault = limitFault(value);
    if (fault !== undefined) context.addIssue({ code: 'custom', path: [fault.at], message: fault.message });
  });

const shape = {
  /** The limits of the whole site, or of the members of one team, whose warnings and alarms come before those of the site, each by itself. */
  scope: z
    .object({ of: z.enum(agentLimitScopes), id: z.string().max(64).default('') })
    .refine(({ of, id }) => (of === 'site') === (id === ''), { message: 'a team has an id, the site has none' }),
  limits: z.object({ talk: limit.optional(), hold: limit.optional(), 'wrap-up': limit.optional(), missed: limit.optional() }),
} as const satisfies Record<'scope' | 'limits', z.ZodType>;

/** When a state of an agent lasts too long, in seconds, and how many missed rings are too many. */
export const AgentLimits = z.object({ ...shape, ...edited });
export type AgentLimits = z.infer<typeof AgentLimits>;

/** Limits as a page sends them; those that are left out do not apply any more. */
export const AgentLimitsDraft = z.object({ ...shape, revision: edited.revision });
export type AgentLimitsDraft = z.infer<typeof AgentLimitsDraft>;
