import { z } from 'zod';
import { defineExtract, maybe, since, type ReadsOf } from './record.js';

const satisfaction = z.object({ score: z.number().nullable(), at: z.date() });

/** What figures, packs, the fraud watch and the seat read of a case (投诉). The case itself is declared by services/complaints. */
export const complaintExtract = defineExtract('complaint', 1, {
  number: z.string(),
  state: z.enum(['open', 'in-hand', 'answered', 'closed']),
  source: z.string(),
  kind: z.string(),
  receivedAt: z.date(),
  callIds: z.array(z.string()),
  complainant: z.object({ numberHash: maybe(z.string()) }),
  /** The first is the one that the case was to be answered by. */
  clocks: z.array(z.object({ dueAt: z.date(), stoppedAt: maybe(z.date()) })),
  answers: z.array(z.object({ at: z.date(), by: z.string(), how: z.string(), text: z.string() })),
  closedAt: maybe(z.date()),
  upheld: maybe(z.boolean()),
  actions: z.array(z.object({ what: z.string() })),
  satisfaction: maybe(satisfaction),
  joinedInto: maybe(z.string()),
  /** How it stood before it was changed, oldest first. */
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
