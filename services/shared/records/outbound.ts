import { z } from 'zod';
import { leaveWays } from '../domain/calls/dial-permit.js';
import { fraudPatterns } from '../domain/calls/fraud.js';
import { defineExtract, defineRecord, maybe, since, type ReadsOf } from './record.js';
import { AgentId } from '../contracts/ids.js';

/** A leg that was to leave and what the rules said to it, also a refused one. Its id is the permit's; of a call out the call's. */
export const attemptRecord = defineRecord('attempt', 3, {
  callId: maybe(z.string()),
  /** Rows of the first version are calls out. */
  way: since(z.enum(leaveWays), 'call-out'),
  at: z.date(),
  /** The agent; empty when a step of a flow or the overflow of a queue dialled. */
  agentId: AgentId,
  numberHash: z.string(),
  numberMasked: z.string(),
  purpose: z.string(),
  allowed: z.boolean(),
  /** Which rule refused it. */
  reason: maybe(z.string()),
  /** The number of ours that was to be shown. */
  from: maybe(z.string()),
  trunkId: maybe(z.string()),
  consentId: maybe(z.string()),
  /** A number on no register, dialled by whoever has the right to it: why, as it was written at that moment. */
  freeReason: maybe(z.string()),
  /** A foreign or expensive number, by the rules of the fraud watch at that time. */
  watched: maybe(z.literal(true)),
  /** By which version of the rules it was decided; 0 is what the product ships. */
  rulesVersion: maybe(z.number()),
  /** To police, fire or ambulance from a seat: no rule was asked. */
  emergency: maybe(z.literal(true)),
  /** When the person pressed the key that refuses further calls. */
  refusedAt: maybe(z.date()),
  /** When the consent on which the call rests was taken back while the call was dialled or went on. */
  consentTakenBackAt: maybe(z.date()),
  /** Allowed and then not dialled: it counts nowhere. */
  unused: maybe(z.boolean()),
  answeredAt: maybe(z.date()),
  endedAt: maybe(z.date()),
  failure: maybe(z.string()),
});

/** What the fraud watch found, until a person has looked and written down what it was. */
export const fraudAlarmRecord = defineRecord('fraud-alarm', 1, {
  pattern: z.enum(fraudPatterns),
  /** `shown` is what people read: a caller's number has its middle hidden. */
  subject: z.strictObject({ kind: z.enum(['number', 'agent', 'caller']), value: z.string(), shown: z.string() }),
  at: z.date(),
  /** When it was last seen, and how many of how many then. */
  lastAt: z.date(),
  count: z.number(),
  of: z.number(),
  limit: z.number(),
  /** The stop that it set. */
  stopId: maybe(z.string()),
  settled: maybe(z.strictObject({ at: z.date(), by: z.string(), byName: z.string(), finding: z.string(), lifted: z.boolean() })),
});

/** What packs say of the do-not-call list. Its id is the hash of the number. */
export const refusalExtract = defineExtract('refusal', 2, {
  at: z.date(),
  numberMasked: z.string(),
  reason: z.string(),
  keptAt: maybe(z.date()),
  withdrawn: maybe(z.object({ at: z.date() })),
});

/** What packs show and count of consents, and what a mock inspection draws of them. */
export const consentExtract = defineExtract('consent', 3, {
  at: z.date(),
  givenAt: maybe(z.date()),
  numberHash: since(z.string(), ''),
  numberMasked: z.string(),
  purposes: since(z.array(z.string()), []),
  channel: since(z.string(), ''),
  clientUnit: maybe(z.string()),
  /** The file, or the recorded call, in which it can be looked up. */
  original: maybe(
    z.object({
      kind: z.string(),
      callId: maybe(z.string()),
      fileName: maybe(z.string()),
      sizeBytes: maybe(z.number()),
      sha256: maybe(z.string()),
      at: maybe(z.date()),
    }),
  ),
  validUntil: maybe(z.date()),
  withdrawn: maybe(z.object({ at: z.date() })),
});

export type AttemptReads = ReadsOf<typeof attemptRecord>;
export type FraudAlarmReads = ReadsOf<typeof fraudAlarmRecord>;
export type RefusalReads = ReadsOf<typeof refusalExtract>;
export type ConsentReads = ReadsOf<typeof consentExtract>;
