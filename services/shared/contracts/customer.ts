import { z } from 'zod';
import { customerFieldKinds } from '../domain/customer.js';
import { AgentId, CallId, QueueId } from './ids.js';

const id = z.string().regex(/^[a-z0-9-]{1,40}$/);
const words = z.object({ 'zh-CN': z.string().trim().min(1).max(60), en: z.string().trim().min(1).max(60) });

/** A field of a customer that the site defines. Only a choice has `choices`. */
export const CustomerField = z.object({
  id,
  label: words,
  kind: z.enum(customerFieldKinds),
  choices: z.array(z.string().trim().min(1).max(60)).max(40).default([]),
});
export type CustomerField = z.infer<typeof CustomerField>;

export const CustomerFields = z.object({
  fields: z
    .array(CustomerField)
    .max(30)
    .refine((fields) => new Set(fields.map((field) => field.id)).size === fields.length, 'an id is used twice')
    .refine((fields) => fields.every(({ kind, choices }) => kind !== 'choice' || choices.length > 0), 'a choice field needs options'),
});

/** What people write about a customer. An empty value removes a field; fields that are not named stay. */
export const CustomerEntry = z.object({
  name: z.string().trim().min(1).max(80),
  fields: z.record(id, z.string().trim().max(500)).default({}),
  tags: z.array(z.string().trim().min(1).max(30)).max(20).default([]),
  note: z.string().trim().max(2_000).default(''),
});
export type CustomerEntry = z.infer<typeof CustomerEntry>;

export const CustomerNumber = z.object({ id: z.string(), masked: z.string() });

/** A customer as people see it: with masked numbers and without hashes. */
export const Customer = CustomerEntry.extend({
  id: z.string(),
  clientUnit: z.string().optional(),
  numbers: z.array(CustomerNumber),
  /** Raised with every change. A change names the version that was read. */
  version: z.number(),
  madeAt: z.string(),
  madeBy: z.string(),
  changedAt: z.string(),
  changedBy: z.string(),
  /** Customers that were merged into this one and can be separated again, oldest first. */
  merged: z.array(z.object({ id: z.string(), name: z.string(), at: z.string(), by: z.string(), reason: z.string() })),
});
export type Customer = z.infer<typeof Customer>;

/** Records of other parts about the customer's numbers. They are referenced here, never copied. */
export const CustomerReferences = z.object({
  /** Ended calls of all numbers within the reader's reach, newest first. */
  calls: z.array(
    z.object({
      callId: CallId,
      at: z.string(),
      direction: z.enum(['inbound', 'outbound']),
      callerMasked: z.string(),
      queueId: QueueId.optional(),
      agentId: AgentId.optional(),
      cause: z.string(),
    }),
  ),
  /** Consents that are in force. */
  consents: z.array(
    z.object({
      id: z.string(),
      numberMasked: z.string(),
      purposes: z.array(z.string()),
      channel: z.string(),
      givenAt: z.string().optional(),
      validUntil: z.string().optional(),
    }),
  ),
  complaints: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      kind: z.string(),
      state: z.string(),
      receivedAt: z.string(),
    }),
  ),
});
export type CustomerReferences = z.infer<typeof CustomerReferences>;

/** A customer in a list. */
export const CustomerRow = Customer.pick({ id: true, name: true, clientUnit: true, numbers: true, tags: true, changedAt: true });
export type CustomerRow = z.infer<typeof CustomerRow>;

/** What stays on record after an erasure, because the law requires it or because it protects the person. Counts. */
export const ErasureRest = z.object({
  calls: z.number(),
  /** Recordings that are not yet deleted, and the last day until which one of them is kept; `YYYY-MM-DD`. */
  recordings: z.number(),
  recordingsUntil: z.string().optional(),
  complaints: z.number(),
  consents: z.number(),
});
export type ErasureRest = z.infer<typeof ErasureRest>;
