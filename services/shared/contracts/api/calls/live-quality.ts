import { z } from 'zod';
import type { Endpoints } from '../endpoint.js';
import { lossSources } from '../../calls/line-quality.js';
import { AgentId, asCallId } from '../../ids.js';

export const liveQualityApi = {
  'GET /calls/:callId/quality/now': {
    right: 'calls.read',
    summary:
      'The audio quality of a live call within the last 15 seconds: each direction, where it was measured, loss, jitter, round trip, MOS-CQE.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: z.object({
      measured: z.array(
        z.object({
          /** Who is heard. */
          side: z.enum(['caller', 'agent']),
          /** `browser`: as it arrived at the agent's seat. `relay`: as it arrived at the media relay. */
          source: z.enum(['browser', 'relay']),
          agentId: AgentId,
          at: z.iso.datetime(),
          lossPercent: z.number(),
          /** Only from the relay: whether the far side reported the loss by RTCP, or the relay found gaps in what it received. */
          lostBy: z.enum(lossSources).optional(),
          jitterMs: z.number(),
          roundTripMs: z.number().optional(),
          mos: z.number(),
        }),
      ),
    }),
    failures: [],
  },
} satisfies Endpoints;
export type LiveQualityApi = typeof liveQualityApi;
