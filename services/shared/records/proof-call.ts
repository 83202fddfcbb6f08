import { z } from 'zod';
import { defineExtract, maybe, type ReadsOf } from './record.js';

/** The fields of a test call (拨测) that figures and packs read. services/proof-call declares the whole record. */
export const proofCallExtract = defineExtract('proof-call', 3, {
  at: z.date(),
  callId: maybe(z.string()),
  ok: z.boolean(),
  totalMs: z.number(),
  origin: z.string(),
  linesDown: maybe(z.array(z.string())),
  over: maybe(z.object({ trunkId: z.string(), inBy: z.string() })),
  echo: maybe(z.object({ trunkId: z.string(), number: z.string() })),
});

export type ProofCallReads = ReadsOf<typeof proofCallExtract>;
