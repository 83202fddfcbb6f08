import { z } from 'zod';
import { languages } from '../../../domain/language.js';
import { file, type Endpoints } from '../endpoint.js';

export const PackKind = z.enum(['licence', 'renewal', 'change', 'inspection', 'annual']);
export type PackKind = z.infer<typeof PackKind>;

/** A figure with its numerator and denominator. `value` is undefined when nothing could be counted; it is then shown as "—", never as 0. */
export const CountedFigure = z.object({
  formula: z.string(),
  version: z.number(),
  /** `2026-10`, in the zone of the site. */
  month: z.string(),
  /** `all`, `queue:service`, `number:4001000`, `trunk:carrier-1`. */
  group: z.string(),
  numerator: z.number(),
  denominator: z.number(),
  value: z.number().optional(),
});
export type CountedFigure = z.infer<typeof CountedFigure>;

/** The numbers of an annual report. They are stored with the pack, so that the next year can be compared with what was filed. */
export const AnnualSummary = z.object({
  year: z.number(),
  counts: z.object({
    inbound: z.number(),
    outbound: z.number(),
    sites: z.number(),
    calls: z.number(),
    handled: z.number(),
    numbers: z.number(),
    trunks: z.number(),
    complaints: z.number(),
    seats: z.number(),
    clients: z.number(),
    staff: z.number(),
    technicalStaff: z.number(),
  }),
  /** Figures of the whole centre, by month. */
  figures: z.array(CountedFigure),
});
export type AnnualSummary = z.infer<typeof AnnualSummary>;

/** The most recordings that a pack contains: with calls of five minutes about 350 MB. */
export const MOST_DRAWN = 200;

/** Words that people can say and type: no control characters. */
const DrawSeed = z
  .string()
  .trim()
  .max(128)
  .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u);

/** Recordings that a seed draws from those of the period. */
export const DrawOrder = z.object({
  count: z.int().min(1).max(MOST_DRAWN),
  /** Named by somebody outside. Without one it is the hash of the newest day sheet that left the house. */
  seed: DrawSeed.min(1).optional(),
  /** Why they leave the archive, for the audit log. */
  reason: z.string().trim().min(1).max(300),
});
export type DrawOrder = z.infer<typeof DrawOrder>;

const SeedFrom = z.enum(['inspector', 'outside', 'day-sheet', 'system']);

export const PackFiling = z.object({
  filedOn: z.string(),
  /** The receipt of the platform, or another proof of filing. */
  note: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
});
export type PackFiling = z.infer<typeof PackFiling>;

/** A sealed pack, as the list shows it. */
export const PackRecord = z.object({
  packId: z.string(),
  number: z.number(),
  kind: PackKind,
  /** The licence case that it was made for. */
  caseId: z.string().optional(),
  from: z.string(),
  to: z.string(),
  madeAt: z.iso.datetime(),
  requestedBy: z.string(),
  /** Packs from before the choice existed are in Chinese. */
  language: z.enum(languages).optional(),
  sizeBytes: z.number(),
  sha256: z.string(),
  manifestSha256: z.string(),
  previous: z.string().nullable(),
  fileName: z.string(),
  /** The statement of the time-stamp authority, or why there is no stamp; missing when the site has no authority. */
  stamp: z
    .union([
      z.object({
        at: z.iso.datetime(),
        authority: z.string(),
      }),
      z.object({
        missing: z.string(),
      }),
    ])
    .optional(),
  /** Only for a pack with drawn recordings. */
  drawn: z
    .object({
      asked: z.int(),
      /** Fewer than asked for where the period has fewer. */
      count: z.int(),
      seed: z.string(),
      seedFrom: SeedFrom,
      reason: z.string(),
    })
    .optional(),
  /** Only for an annual pack: its numbers, and when it was filed. A filed pack never changes. */
  annual: AnnualSummary.optional(),
  filed: PackFiling.optional(),
});
export type PackRecord = z.infer<typeof PackRecord>;

export const Job = z.object({
  jobId: z.string(),
  kind: PackKind,
  startedAt: z.iso.datetime(),
  step: z.string(),
  done: z.number(),
  total: z.number(),
  state: z.enum(['failed', 'sealed', 'running']),
  packId: z.string().optional(),
  reason: z.string().optional(),
});
export type Job = z.infer<typeof Job>;

/** A file of a pack. `rows` counts the lines of a CSV file after its header, so that a shortened file is noticed. */
export const PackedFile = z.object({
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  rows: z.number().optional(),
});
export type PackedFile = z.infer<typeof PackedFile>;

/** The query with which the rows of the file were read, as text that can be run again. */
export const PackedQuery = z.object({
  file: z.string(),
  text: z.string(),
  sha256: z.string(),
});
export type PackedQuery = z.infer<typeof PackedQuery>;

/** The deliveries of a sealed day sheet to places outside. */
export const WitnessedDay = z.object({
  day: z.iso.date(),
  sheetHash: z.string(),
  stamps: z.array(z.object({ name: z.string(), at: z.iso.datetime() })),
  /** The number of people outside who got it by mail. */
  mails: z.int(),
  /** When the https witness confirmed it. */
  receivedAt: z.iso.datetime().optional(),
});
export type WitnessedDay = z.infer<typeof WitnessedDay>;

/** Why a pack cannot be made. */
export const packFailures = [
  'changed-meanwhile',
  'disk-full',
  'file-damaged',
  'invalid-request',
  'media-relay-unavailable',
  'no-such-call',
  'not-allowed',
  'not-found',
  'not-supported',
  'service-unavailable',
  'timed-out',
  'too-large',
  'too-many-requests',
  'wrong-state',
] as const;

export const packsApi = {
  'GET /evidence/witnesses': {
    right: 'evidence.read',
    summary: 'The outside witnesses of the newest sealed day sheets: stamps of authorities and mails to outside persons.',
    answer: z.object({
      /** The number that the site has configured. */
      authorities: z.int(),
      outsiders: z.int(),
      /** Whether the site names an https witness. */
      line: z.boolean(),
      days: z.array(WitnessedDay),
    }),
    failures: [],
  },
  'GET /evidence/packs': {
    right: 'evidence.read',
    summary: 'Sealed packs, newest first, and the running jobs.',
    answer: z.object({
      packs: z.array(PackRecord),
      jobs: z.array(Job),
    }),
    failures: [],
  },
  'POST /evidence/packs': {
    right: 'evidence.make',
    summary:
      'Orders a pack; the answer names the job, whose progress comes as the event `evidence.progress`. Drawn recordings in it need the right to download recordings.',
    body: z
      .object({ from: z.iso.date(), to: z.iso.date() })
      .extend({ kind: PackKind, language: z.enum(languages).default('zh-CN'), drawn: DrawOrder.optional() }),
    answer: z.object({
      jobId: z.string(),
    }),
    failures: packFailures,
  },
  'GET /evidence/packs/drawable': {
    right: 'evidence.make',
    summary: 'The number of recordings to draw from in a period, and the total size of those that would be drawn.',
    query: z.object({
      from: z.iso.date(),
      to: z.iso.date(),
      count: z.coerce.number().int().min(1).max(MOST_DRAWN),
      seed: DrawSeed.optional(),
    }),
    answer: z.object({
      pool: z.int(),
      count: z.int(),
      /** Of these, how many were deleted by their rule: they are only listed. */
      deleted: z.int(),
      sizeBytes: z.number(),
      durationMs: z.number(),
      seedFrom: SeedFrom,
    }),
    failures: ['invalid-request', 'not-allowed'],
  },
  'POST /evidence/packs/:packId/file': {
    right: 'evidence.make',
    summary: 'Marks an annual pack of a whole year as filed; from then on it never changes, and the next year is compared with it.',
    params: z.object({ packId: z.string().max(64) }),
    body: z.object({ filedOn: z.iso.date(), note: z.string().trim().min(1).max(500) }),
    answer: z.object({
      packId: z.string(),
      year: z.number(),
    }),
    failures: ['invalid-request', 'media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out', 'wrong-state'],
  },
  'GET /evidence/jobs/:jobId': {
    right: 'evidence.read',
    summary: 'The progress of a job.',
    params: z.object({ jobId: z.string().max(64) }),
    answer: Job,
    failures: ['not-found'],
  },
  'GET /evidence/packs/:packId/download': {
    right: 'evidence.read',
    summary: 'The archive. One with drawn recordings needs the right to download recordings.',
    params: z.object({ packId: z.string().max(64) }),
    answer: file('application/zip'),
    failures: ['not-allowed', 'not-found'],
  },
  'GET /evidence/packs/:packId/submission': {
    right: 'evidence.read',
    summary: 'The documents to file from the pack of a licence case: a ZIP of the numbered documents with a contents page.',
    params: z.object({ packId: z.string().max(64) }),
    answer: file('application/zip'),
    failures: ['invalid-request', 'not-found', 'too-large', 'wrong-state'],
  },
  'GET /evidence/packs/:packId/verdict': {
    right: 'evidence.read',
    summary: 'The verifier’s verdict on the stored archive, byte for byte, and the files in it.',
    params: z.object({ packId: z.string().max(64) }),
    answer: z.object({
      /** Amber: nothing is wrong, but something could not be compared. */
      colour: z.enum(['green', 'amber', 'red']),
      findings: z.array(
        z.object({ code: z.string(), level: z.enum(['red', 'amber']), subject: z.string(), zh: z.string(), en: z.string() }),
      ),
      packFiles: z.array(PackedFile),
      queries: z.array(PackedQuery),
      previous: z.string().nullable(),
      ok: z.boolean(),
      signature: z.enum(['missing', 'valid', 'invalid']),
      /**
       * When and by whom the manifest was stamped. `invalid`: the stamp does not belong to this manifest, which never happens in an intact
       * pack.
       */
      stamp: z.union([
        z.literal('none'),
        z.literal('invalid'),
        z.object({
          at: z.iso.datetime(),
          authority: z.string(),
        }),
      ]),
      problems: z.array(
        z.object({
          file: z.string(),
          problem: z.enum(['missing', 'changed', 'not-listed', 'rows-cut']),
          detail: z.string(),
        }),
      ),
      keyFingerprint: z.string(),
      manifestSha256: z.string(),
    }),
    failures: ['invalid-request', 'not-found', 'wrong-state'],
  },
  'GET /evidence/packs/:packId/content': {
    right: 'evidence.read',
    summary: 'One file of the archive, as the manifest names it, for viewing before the pack is handed over.',
    params: z.object({ packId: z.string().max(64) }),
    query: z.object({ name: z.string().max(200) }),
    answer: file('application/octet-stream'),
    failures: ['invalid-request', 'not-allowed', 'not-found', 'too-large', 'wrong-state'],
  },
} satisfies Endpoints;
export type PacksApi = typeof packsApi;
