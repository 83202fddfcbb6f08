import { z } from 'zod';
import { ErasureRest } from '../../customer.js';
import { nothing, type Endpoints } from '../endpoint.js';
import { CallId, asCallId } from '../../ids.js';

/** What was deleted, when, by whom and by which rule. The entry outlives the recording. */
export const DeletionRecord = z.object({
  callId: CallId,
  ledgerNumber: z.number(),
  sha256: z.string(),
  durationMs: z.number(),
  startedAt: z.string(),
  retentionClass: z.string(),
  at: z.string(),
  by: z.string(),
  rule: z.string(),
});
export type DeletionRecord = z.infer<typeof DeletionRecord>;

/** An attempt to break the lock. */
export const LockProbe = z.object({
  at: z.string(),
  lock: z.boolean(),
  remove: z.enum(['refused', 'allowed']),
  shorten: z.enum(['refused', 'allowed']),
  intact: z.boolean(),
});
export type LockProbe = z.infer<typeof LockProbe>;

export const RightsRequest = z.object({
  id: z.string(),
  kind: z.enum(['explain', 'copy', 'delete']),
  /** The call whose recording the request concerns; empty when it concerns a customer. */
  callId: CallId,
  /** The customer whose record the request concerns. */
  customerId: z.string().optional(),
  /** Who asks, and how that person was identified; contains no number. */
  identifiedBy: z.string(),
  receivedAt: z.string(),
  dueAt: z.string(),
  takenBy: z.string(),
  state: z.enum(['refused', 'open', 'granted']),
  answer: z
    .object({
      at: z.string(),
      by: z.string(),
      text: z.string(),
      /** Only for the erasure of a customer: what stays on record. */
      rest: ErasureRest.optional(),
    })
    .optional(),
});
export type RightsRequest = z.infer<typeof RightsRequest>;

export const SheetGap = z.object({
  number: z.number(),
  kind: z.enum(['paused', 'lost']),
  fromMs: z.number(),
  toMs: z.number(),
  reason: z.string(),
});
export type SheetGap = z.infer<typeof SheetGap>;

/** A row that was settled after its day was sealed. The sealed day does not change; the next sheet carries the amendment. */
export const Amendment = z.object({
  number: z.number(),
  callId: CallId,
  at: z.string(),
  /** The settled row, in canonical form. */
  row: z.string(),
});
export type Amendment = z.infer<typeof Amendment>;

/** The clock under which a day was sealed. */
export const SheetClock = z.object({
  /** `chrony`, `systemd-timesyncd`, `ntp:HOST`, or `none` when no source of true time was synchronised. */
  source: z.string(),
  /** How far that source was ahead of the clock. */
  offsetMs: z.number().optional(),
  /** The jumps since the sheet before: what the clock showed then, and how far it was set. The first hundred are listed; `moreJumps` counts the rest. */
  jumps: z.array(z.object({ at: z.string(), byMs: z.number() })),
  moreJumps: z.number(),
});

/** One closed day: what had to be recorded, how each second is accounted for, and the hash that links it to the day before. */
export const DaySheet = z.object({
  version: z.literal(1),
  /** `2026-11-25` in `timeZone`. */
  day: z.string(),
  timeZone: z.string(),
  legs: z.number(),
  answered: z.number(),
  notAnswered: z.number(),
  ms: z.object({
    paused: z.number(),
    lost: z.number(),
    recorded: z.number(),
    'no-media': z.number(),
  }),
  answeredMs: z.number(),
  /** Declared pauses and losses, each with its reason. The first thousand are listed; `moreGaps` counts the rest. */
  gaps: z.array(SheetGap),
  moreGaps: z.number(),
  /** The ledger numbers of the day, as ranges. */
  numbers: z.array(z.tuple([z.number(), z.number()])),
  amendments: z.array(Amendment),
  rowsHash: z.string(),
  /** The newest row of the audit log when the day was sealed, a second anchor of that chain. Early sheets have none. */
  auditHead: z
    .object({
      number: z.number(),
      hash: z.string(),
    })
    .optional(),
  /** The rows behind the figures, by kind: their number, and one hash over these columns. Early sheets have none. */
  facts: z.record(z.string(), z.object({ columns: z.array(z.string()), rows: z.number(), sha256: z.string() })).optional(),
  /** Early sheets have none. */
  clock: SheetClock.optional(),
  previousHash: z.string(),
  sealedAt: z.string(),
  hash: z.string(),
});
export type DaySheet = z.infer<typeof DaySheet>;

export const Stretch = z.object({
  kind: z.enum(['paused', 'lost', 'recorded', 'no-media']),
  /** Milliseconds after the answer. */
  fromMs: z.number(),
  toMs: z.number(),
  reason: z.string().optional(),
});
export type Stretch = z.infer<typeof Stretch>;

export const Account = z.object({
  /** Covers 0 to `answeredMs` without a gap. */
  stretches: z.array(Stretch),
  ms: z.object({
    paused: z.number(),
    lost: z.number(),
    recorded: z.number(),
    'no-media': z.number(),
  }),
  answeredMs: z.number(),
});
export type Account = z.infer<typeof Account>;

export const Finding = z.object({
  what: z.enum([
    'recording-missing',
    'number-missing',
    'sheet-changed',
    'sheet-not-chained',
    'sheet-missing',
    'rows-changed',
    'account-incomplete',
    'recording-differs',
    'recording-without-row',
    'object-missing',
    'object-differs',
    'deletion-unlawful',
    'facts-changed',
    'facts-disagree',
  ]),
  detail: z.string(),
  /** The detail in Chinese. */
  zh: z.string(),
});
export type Finding = z.infer<typeof Finding>;

export const LedgerVerdict = z.object({
  ok: z.boolean(),
  rows: z.number(),
  open: z.number(),
  sheets: z.number(),
  seconds: z.record(z.string(), z.number()),
  /** Objects that exist with their full length, recordings that were read and match their hashes, and recordings that were deleted. */
  archive: z.object({ present: z.number(), opened: z.number(), deleted: z.number() }),
  findings: z.array(Finding),
});
export type LedgerVerdict = z.infer<typeof LedgerVerdict>;

export const retentionApi = {
  'GET /retention': {
    right: 'evidence.read',
    summary: 'How long each class of recordings is kept, with the legal minimum and its basis.',
    answer: z.object({
      classes: z.array(
        z.discriminatedUnion('basis', [
          z.object({
            days: z.number(),
            minimumDays: z.literal(30),
            defaultDays: z.literal(180),
            basis: z.literal('81号: 30 days at least'),
            name: z.string(),
          }),
          z.object({
            days: z.number(),
            minimumDays: z.literal(0),
            defaultDays: z.literal(180),
            basis: z.literal('PIPL art. 19'),
            name: z.string(),
          }),
          z.object({
            days: z.number(),
            minimumDays: z.literal(730),
            defaultDays: z.literal(730),
            basis: z.literal('申诉办法 art. 11: two years'),
            name: z.string(),
          }),
        ]),
      ),
    }),
    failures: [],
  },
  'PUT /retention': {
    right: 'recordings.delete',
    summary: 'Sets the days of each class for recordings made from now on; below the legal minimum is refused.',
    body: z.object({ outbound: z.int().min(1).max(3_660), inbound: z.int().min(1).max(3_660), complaint: z.int().min(1).max(3_660) }),
    answer: z.object({
      outbound: z.number(),
      inbound: z.number(),
      complaint: z.number(),
    }),
    failures: ['below-legal-minimum'],
  },
  'POST /recordings/:callId/holds': {
    right: 'recordings.hold',
    summary: 'A legal hold: the recording is not deleted while it lasts.',
    params: z.object({ callId: asCallId(z.string().min(1).max(64)) }),
    body: z.object({ reason: z.string().trim().min(3).max(300) }),
    answer: z.object({
      id: z.string(),
      reason: z.string(),
      by: z.string(),
      at: z.string(),
    }),
    failures: ['not-found', 'recording-missing'],
  },
  'DELETE /recordings/:callId/holds/:holdId': {
    right: 'recordings.hold',
    summary: 'Ends a legal hold.',
    params: z.object({ callId: asCallId(z.string().min(1).max(64)) }).extend({ holdId: z.string().max(64) }),
    answer: nothing,
    failures: ['not-found', 'recording-missing'],
  },
  'GET /recording-deletions': {
    right: 'evidence.read',
    summary: 'What was deleted, when, by whom and by which rule, newest first.',
    query: z.object({
      from: z.coerce.date().optional(),
      to: z.coerce.date().optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
    answer: z.object({
      deletions: z.array(DeletionRecord),
    }),
    failures: [],
  },
  'GET /lock-probes': {
    right: 'evidence.read',
    summary: 'The hourly attempts to remove and to change a locked object, and what the store answered.',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(48) }),
    answer: z.object({
      probes: z.array(LockProbe),
    }),
    failures: [],
  },
  'GET /rights-requests': {
    right: 'recordings.hold',
    summary: 'Requests of persons for a copy, deletion or explanation, by the day they are due.',
    query: z.object({
      state: z.enum(['open', 'granted', 'refused']).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    answer: z.object({
      requests: z.array(RightsRequest),
    }),
    failures: [],
  },
  'POST /rights-requests': {
    right: 'recordings.hold',
    summary: 'Registers a person’s request about a recording or about their own customer record; it is due in fifteen days.',
    body: z
      .object({
        kind: z.enum(['copy', 'delete', 'explain'] as const),
        callId: asCallId(z.string().min(1).max(64)).optional(),
        customerId: z.string().min(1).max(64).optional(),
        identifiedBy: z.string().trim().min(3).max(300),
      })
      .refine(({ callId, customerId }) => (callId === undefined) !== (customerId === undefined), 'either a call or a customer'),
    answer: RightsRequest,
    failures: ['not-found'],
  },
  'POST /rights-requests/:id/answer': {
    right: 'recordings.delete',
    summary:
      'Grants or refuses a request; a refusal has its reason. A granted deletion takes effect at once, for the recording or the customer record.',
    params: z.object({ id: z.string().max(64) }),
    body: z.object({ granted: z.boolean(), text: z.string().trim().min(3).max(300) }),
    answer: RightsRequest.optional(),
    failures: ['below-legal-minimum', 'not-found', 'wrong-state'],
  },
  'GET /ledger/days': {
    right: 'evidence.read',
    summary: 'The sealed sheets of the recording ledger, newest first.',
    query: z.object({ limit: z.coerce.number().int().min(1).max(400).default(31) }),
    answer: z.object({
      days: z.array(DaySheet),
    }),
    failures: [],
  },
  'GET /ledger/calls/:callId': {
    right: 'recordings.play',
    summary: 'The ledger row of a call: its number, its witnesses and the account of each second.',
    params: z.object({ callId: asCallId(z.string().min(1).max(64)) }),
    answer: z.object({
      number: z.number(),
      callId: CallId,
      legId: z.string().optional(),
      state: z.enum(['void', 'answered', 'accounted', 'intended', 'not-answered']),
      intendedAt: z.string(),
      answeredAt: z.string().optional(),
      endedAt: z.string().optional(),
      account: Account.optional(),
      witnesses: z.unknown().optional(),
      recording: z
        .object({
          objectKey: z.string(),
          sha256: z.string(),
          durationMs: z.number(),
        })
        .optional(),
      /** The reason when a row ends without an account. */
      reason: z.string().optional(),
    }),
    failures: ['not-found'],
  },
  'POST /ledger/check': {
    right: 'evidence.read',
    summary: 'Recomputes the ledger, compares it with its sealed sheets and their copies, and opens the archive.',
    // The seed decides which recordings are read. The person who checks chooses it, so that nobody knows the selection beforehand.
    query: z.object({ seed: z.string().min(1).max(200).optional() }),
    answer: LedgerVerdict,
    failures: ['service-unavailable'],
  },
} satisfies Endpoints;
export type RetentionApi = typeof retentionApi;
