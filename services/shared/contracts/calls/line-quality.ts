import { z } from 'zod';

/**
 * How a loss is known. `reports`: the far side reported it by RTCP, so it is of the whole way. `sequence`: gaps in the sequence numbers that
 * the media relay received.
 */
export const lossSources = ['reports', 'sequence'] as const;
export type LossSource = (typeof lossSources)[number];

/** What the media relay received from one side of a conversation within five seconds. */
export const LineQuality = z.object({
  callId: z.string().min(1),
  agentId: z.string().min(1),
  side: z.enum(['caller', 'agent']),
  lossPercent: z.number(),
  /** Missing from a telephony process of an older version. */
  lostBy: z.enum(lossSources).optional(),
  jitterMs: z.number(),
  roundTripMs: z.number().optional(),
  mos: z.number(),
});
