import { z } from 'zod';
import { defineExtract, maybe, type ReadsOf } from './record.js';

/** The fields of a queue that other slices read. */
export const queueExtract = defineExtract('queue', 1, {
  name: z.object({ 'zh-CN': z.string(), en: z.string() }),
  serviceLevel: z.object({ thresholdMs: z.number() }),
});

/** The fields of an account that other slices read; never its credentials. */
export const accountExtract = defineExtract('account', 5, {
  name: z.string(),
  displayName: z.string(),
  roles: z.array(z.string()),
  /** Empty lists restrict nothing. */
  scope: z.object({
    queues: z.array(z.string()),
    sites: z.array(z.string()),
    clientUnits: z.array(z.string()),
    teams: maybe(z.array(z.string())),
  }),
  disabled: z.boolean(),
  /** The end of an account for a time. */
  expiresAt: maybe(z.date()),
  /** Empty as long as the person has never signed in. */
  lastSignInAt: maybe(z.date()),
});

/** The fields of a service number that other slices read. Its id is the number. */
export const serviceNumberExtract = defineExtract('service-number', 2, {
  name: maybe(z.string()),
  clientUnit: maybe(z.string()),
  site: maybe(z.string()),
  greeting: maybe(z.string()),
});

/** A row of a register of the licence file. Its id is `<register>/<key>`. */
export const registerEntryExtract = defineExtract('register-entry', 1, {
  register: z.string(),
  key: z.string(),
  values: z.record(z.string(), z.unknown()),
});

/** A file of a row of a register, without its content. */
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
