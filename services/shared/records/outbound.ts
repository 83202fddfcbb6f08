import { z } from 'zod';
import { leaveWays } from '../domain/calls/dial-permit.js';
import { fraudPatterns } from '../domain/calls/fraud.js';
import { defineExtract, defineRecord, maybe, since, type ReadsOf } from './record.js';
import { AgentId } from '../contracts/ids.js';

/**
 * An attempt to dial an outbound leg and what the rules decided, even if it was refused. Its id is that of the permit; for a call out, that
 * of the call.
 */
export const attemptRecord = defineRecord('attempt', 3, {
  callId: maybe(z.string()),
  /** Rows of the first version are all calls out. */
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
  /** Our number that was to be shown. */
  from: maybe(z.string()),
  trunkId: maybe(z.string()),
  consentId: maybe(z.string()),
  /** Why a number on no register was dialled, as the person with that right wrote it at the time. */
  freeReason: maybe(z.string()),
  /** A foreign or expensive number, by the rules of the fraud watch at that time. */
  watched: maybe(z.literal(true)),
  /** The version of the rules that decided; version 0 ships with the product. */
  rulesVersion: maybe(z.number()),
  /** A call from a seat to police, fire or ambulance: no rule was checked. */
  emergency: maybe(z.literal(true)),
  /** When the person pressed the key that refuses further calls. */
  refusedAt: maybe(z.date()),
  /** When the consent for the call was withdrawn while the call was being dialled or in progress. */
  consentTakenBackAt: maybe(z.date()),
  /** Allowed but not dialled: it counts nowhere. */
  unused: maybe(z.boolean()),
  answeredAt: maybe(z.date()),
  endedAt: maybe(z.date()),
  failure: maybe(z.string()),
});

/** What the fraud watch found; open until a person has looked and written down what it was. */
export const fraudAlarmRecord = defineRecord('fraud-alarm', 1, {
  pattern: z.enum(fraudPatterns),
  /** `shown` is what people read: a caller's number has its middle hidden. */
  subject: z.strictObject({ kind: z.enum(['number', 'agent', 'caller']), value: z.string(), shown: z.string() }),
  at: z.date(),
  /** When the pattern was last seen, with its count and the total at that time. */
  lastAt: z.date(),
  count: z.number(),
  of: z.number(),
  limit: z.number(),
  /** The stop that the alarm set. */
  stopId: maybe(z.string()),
  settled: maybe(z.strictObject({ at: z.date(), by: z.string(), byName: z.string(), finding: z.string(), lifted: z.boolean() })),
});

/** What packs report about the do-not-call list. Its id is the hash of the number. */
export const refusalExtract = defineExtract('refusal', 2, {
  at: z.date(),
  numberMasked: z.string(),
  reason: z.string(),
  keptAt: maybe(z.date()),
  withdrawn: maybe(z.object({ at: z.date() })),
});

/** What packs show and count of consents, and what a mock inspection draws from them. */
export const consentExtract = defineExtract('consent', 3, {
  at: z.date(),
  givenAt: maybe(z.date()),
  numberHash: since(z.string(), ''),
  numberMasked: z.string(),
  purposes: since(z.array(z.string()), []),
  channel: since(z.string(), ''),
  clientUnit: maybe(z.string()),
  /** The file, or the recorded call, that proves the consent. */
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
