import { z } from 'zod';
import { defineExtract, maybe, type ReadsOf } from './record.js';

/** What figures and packs read of a proof call (验证呼叫). The rest is declared by services/evidence. */
export const proofCallExtract = defineExtract('proof-call', 2, {
  at: z.date(),
  callId: maybe(z.string()),
  ok: z.boolean(),
  totalMs: z.number(),
  origin: z.string(),
  linesDown: maybe(z.array(z.string())),
});

export type ProofCallReads = ReadsOf<typeof proofCallExtract>;
