import { z } from 'zod';
import { caseItems, caseKinds, type CaseItemId } from '../../../domain/licence/licence-case.js';
import { languages } from '../../../domain/language.js';
import { templateIds } from '../../../domain/licence/licence-template.js';
import { file, type Endpoints } from '../endpoint.js';
import { packFailures } from './packs.js';

/** A file that was uploaded for a material. */
export const CaseFile = z.object({
  attachmentId: z.string(),
  fileName: z.string(),
  contentType: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
  item: z.string().optional(),
});

/** A material of a case with its state. `gaps` names in words what is missing. */
export const CaseItem = z.object({
  id: z.enum(Object.keys(caseItems) as [CaseItemId, ...CaseItemId[]]),
  title: z.string(),
  source: z.enum(['uploaded', 'made', 'signed', 'edited']),
  state: z.enum(['ready', 'incomplete', 'to-sign', 'to-edit', 'missing', 'not-needed']),
  who: z.string(),
  dueOn: z.string(),
  basis: z.string(),
  gaps: z.array(z.string()),
  files: z.array(CaseFile),
  /** The row that its files are uploaded to. A row of the register of materials may have to be added first. */
  uploadTo: z.object({ register: z.string(), key: z.string(), item: z.string().optional(), rowExists: z.boolean() }).nullable(),
  optional: z.boolean(),
});
export type CaseItem = z.infer<typeof CaseItem>;

/** Who does what by when. */
export const CaseStep = z.object({
  id: z.string(),
  title: z.string(),
  who: z.string(),
  dueOn: z.string(),
  doneOn: z.string(),
  state: z.enum(['done', 'next', 'open', 'overdue']),
  basis: z.string(),
  /** The field of the register `cases` that holds its date; null when the date is computed. */
  field: z.string().nullable(),
});
export type CaseStep = z.infer<typeof CaseStep>;

/** A licence case as it stands now. A day that is not set is empty. */
export const LicenceCase = z.object({
  caseId: z.string(),
  kind: z.enum(caseKinds),
  scope: z.enum(['provincial', 'nationwide']),
  province: z.string(),
  year: z.number(),
  title: z.string(),
  authority: z.string(),
  owner: z.string(),
  openedOn: z.string(),
  closedOn: z.string(),
  dueOn: z.string(),
  dueWords: z.string(),
  basis: z.string(),
  urgency: z.enum(['overdue', 'urgent', 'soon', 'later', 'closed']),
  ready: z.number(),
  steps: z.array(CaseStep),
  items: z.array(CaseItem),
  /** The newest pack of this case. */
  pack: z.object({ packId: z.string(), madeAt: z.iso.datetime(), fileName: z.string() }).nullable(),
});
export type LicenceCase = z.infer<typeof LicenceCase>;

/** One of the six items of an inspection (notice of 2020), as it stands now. */
export const SixItem = z.object({
  id: z.enum(['six-filing', 'six-use', 'six-resources', 'six-conduct', 'six-control', 'six-consent']),
  title: z.string(),
  /** The text of the notice. */
  asks: z.string(),
  figures: z.array(z.object({ label: z.string(), value: z.string() })),
  /** What is missing, in sentences. */
  gaps: z.array(z.string()),
  proof: z.object({ title: z.string(), heads: z.array(z.string()), rows: z.array(z.array(z.string())) }),
});
export type SixItem = z.infer<typeof SixItem>;

export const licenceCasesApi = {
  'GET /evidence/six-items': {
    right: 'evidence.read',
    summary:
      'The six items of an on-site inspection: what each asks, its figures of the period (up to 62 days, otherwise the last 30), what is missing, the newest rows that prove it, and the lines to sign. The draw uses an outside seed: the one given, the one that an inspector named, or the newest day sheet sent to a witness.',
    query: z
      .object({ from: z.iso.date(), to: z.iso.date() })
      .partial()
      .extend({ seed: z.string().trim().min(1).max(64).optional(), language: z.enum(languages).default('zh-CN') }),
    answer: z.object({ from: z.string(), to: z.string(), draw: z.string(), items: z.array(SixItem), signatures: z.array(z.string()) }),
    failures: ['invalid-request', 'media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/cases': {
    right: 'evidence.read',
    summary: 'The licence cases with checklist, steps and days, newest first, and the cases that ought to be opened.',
    query: z.object({ language: z.enum(languages).default('zh-CN') }),
    answer: z.object({
      today: z.string(),
      cases: z.array(LicenceCase),
      due: z.array(z.object({ kind: z.enum(caseKinds), dueOn: z.string(), words: z.string(), year: z.number() })),
    }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/templates': {
    right: 'evidence.read',
    summary: 'The documents of a licence case that can be downloaded as DOCX before a case exists, with their titles.',
    query: z.object({ language: z.enum(languages).default('zh-CN') }),
    answer: z.object({ templates: z.array(z.object({ id: z.enum(templateIds), title: z.string() })) }),
    failures: ['service-unavailable'],
  },
  'GET /evidence/templates/:templateId/document.docx': {
    right: 'evidence.read',
    summary: 'One of these documents, filled in from the registers, with blank lines where data is missing.',
    params: z.object({ templateId: z.enum(templateIds) }),
    query: z.object({ language: z.enum(languages).default('zh-CN') }),
    answer: file('application/vnd.openxmlformats-officedocument.wordprocessingml.document'),
    failures: ['service-unavailable'],
  },
  'POST /evidence/cases/:caseId/pack': {
    right: 'evidence.make',
    summary:
      'Orders the sealed pack of a case with the documents to file; the answer names the job. Without a period: the year of an annual report, otherwise the last 365 days.',
    params: z.object({ caseId: z.string().max(40) }),
    body: z.object({ from: z.iso.date().optional(), to: z.iso.date().optional(), language: z.enum(languages).default('zh-CN') }),
    answer: z.object({ jobId: z.string() }),
    failures: packFailures,
  },
} satisfies Endpoints;
export type LicenceCasesApi = typeof licenceCasesApi;
