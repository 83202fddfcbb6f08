import { z } from 'zod';
import { defineExtract, maybe, since, type ReadsOf } from './record.js';
import { CallId, ComplaintId } from '../contracts/ids.js';

const moved = z.object({ at: z.date(), dueAt: z.date() });
const fileOfCase = z.object({ fileId: z.string(), fileName: z.string(), sizeBytes: z.number(), sha256: z.string() });
const satisfaction = z.object({ score: z.number().nullable(), at: z.date() });

/** The fields of a complaint (投诉) that figures, packs, the fraud watch and the seat read. services/complaints declares the whole case. */
export const complaintExtract = defineExtract('complaint', 4, {
  number: z.string(),
  state: z.enum(['open', 'in-hand', 'answered', 'closed']),
  source: z.string(),
  kind: z.string(),
  receivedAt: z.date(),
  callIds: z.array(CallId),
  complainant: z.object({ numberHash: maybe(z.string()) }),
  /** The first clock is the one for the answer. */
  clocks: z.array(
    z.object({
      ruleId: since(z.string(), ''),
      startedAt: maybe(z.date()),
      dueAt: z.date(),
      stoppedAt: maybe(z.date()),
      /** The extensions, each with the due time before it. */
      extended: maybe(moved),
      paused: maybe(moved.extend({ endedAt: maybe(z.date()) })),
      recounted: since(z.array(moved.extend({ ruleId: z.string() })), []),
    }),
  ),
  answers: z.array(z.object({ at: z.date(), by: z.string(), how: z.string(), text: z.string() })),
  closedAt: maybe(z.date()),
  upheld: maybe(z.boolean()),
  actions: z.array(z.object({ what: z.string(), at: maybe(z.date()) })),
  evidence: since(z.array(z.object({ at: z.date(), file: maybe(fileOfCase) })), []),
  letters: since(z.array(z.object({ at: z.date(), whole: maybe(z.boolean()), files: z.array(fileOfCase) })), []),
  satisfaction: maybe(satisfaction),
  joinedInto: maybe(ComplaintId),
  /** Earlier states of the case, before each change, oldest first. */
  earlier: since(
    z.array(
      z.object({
        until: z.date(),
        kind: z.string(),
        upheld: maybe(z.boolean()),
        closedAt: maybe(z.date()),
        satisfaction: maybe(satisfaction),
      }),
    ),
    [],
  ),
});

export type ComplaintReads = ReadsOf<typeof complaintExtract>;
