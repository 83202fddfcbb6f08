import { z } from 'zod';

/** What the media relay received from one side of a conversation within five seconds. */
export const LineQuality = z.object({
  callId: z.string().min(1),
  agentId: z.string().min(1),
  side: z.enum(['caller', 'agent']),
  lossPercent: z.number(),
  jitterMs: z.number(),
  roundTripMs: z.number().optional(),
  mos: z.number(),
});
