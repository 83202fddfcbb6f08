import { z } from 'zod';
import { defineExtract, maybe, since, type ReadsOf } from './record.js';
import { AgentId } from '../contracts/ids.js';

/**
 * The fields of a recording (录音) that figures, packs and inspectors read, by the id of its call. services/recording declares the whole
 * record.
 */
export const recordingExtract = defineExtract('recording', 4, {
  /** ISO 8601 text, which sorts by time. */
  startedAt: z.string(),
  durationMs: z.number(),
  sizeBytes: z.number(),
  /** The hash of the audio file as it is played, in hex. */
  sha256: z.string(),
  /** The place of its object in the archive. */
  objectKey: maybe(z.string()),
  /** Empty when the bucket keeps no versions. */
  objectVersion: maybe(z.string()),
  facets: z.object({
    direction: z.enum(['inbound', 'outbound']),
    called: z.string(),
    queueId: maybe(z.string()),
    agentIds: z.array(AgentId),
  }),
  gaps: z.array(z.object({ fromMs: z.number(), toMs: z.number(), kind: z.string(), reason: z.string() })),
  holds: since(z.array(z.object({ id: z.string(), reason: z.string(), by: z.string(), at: z.string() })), []),
  keepUntil: z.string(),
  /**
   * When somebody last opened it, what was wrong with it then, and who found that first and when; never in rows of before 3 December 2026,
   * and without `found` in those of that day.
   */
  opened: maybe(
    z.object({
      at: z.string(),
      damage: z.string().optional(),
      found: z.object({ at: z.string(), by: z.string().optional() }).optional(),
    }),
  ),
  deletion: maybe(z.object({ at: z.string(), by: z.string(), rule: z.string() })),
});

export type RecordingReads = ReadsOf<typeof recordingExtract>;
