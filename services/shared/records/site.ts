import { z } from 'zod';
import { defineExtract, maybe, type ReadsOf } from './record.js';

/** What others read of a queue. */
export const queueExtract = defineExtract('queue', 1, {
  name: z.object({ 'zh-CN': z.string(), en: z.string() }),
  serviceLevel: z.object({ thresholdMs: z.number() }),
});

/** What others read of an account: never its credentials. */
export const accountExtract = defineExtract('account', 3, {
  name: z.string(),
  displayName: z.string(),
  roles: z.array(z.string()),
  /** Empty lists do not restrict. */
  scope: z.object({
    queues: z.array(z.string()),
    sites: z.array(z.string()),
    clientUnits: z.array(z.string()),
    teams: maybe(z.array(z.string())),
  }),
  disabled: z.boolean(),
});

/** What the seat reads of a service number; its id is the number. */
export const serviceNumberExtract = defineExtract('service-number', 1, {
  name: maybe(z.string()),
  clientUnit: maybe(z.string()),
  greeting: maybe(z.string()),
});

/** A row of a register of the licence file; its id is `<register>/<key>`. */
export const registerEntryExtract = defineExtract('register-entry', 1, {
  register: z.string(),
  key: z.string(),
  values: z.record(z.string(), z.unknown()),
});

/** A file of a row of a register, without its body. */
export const registerFileExtract = defineExtract('register-file', 1, {
  register: z.string(),
  key: z.string(),
  fileName: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
  uploadedAt: z.date(),
  withdrawnAt: maybe(z.date()),
});

export type RegisterFileReads = ReadsOf<typeof registerFileExtract>;
export type QueueReads = ReadsOf<typeof queueExtract>;
export type AccountReads = ReadsOf<typeof accountExtract>;
export type ServiceNumberReads = ReadsOf<typeof serviceNumberExtract>;
export type RegisterEntryReads = ReadsOf<typeof registerEntryExtract>;
