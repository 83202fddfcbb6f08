import { z } from 'zod';
import { MOST_IN_BATCH } from '../../../domain/people/batch.js';
import { file, nothing, type Endpoints } from '../endpoint.js';

const row = z.object({ register: z.string().max(40) }).extend({ key: z.string().min(1).max(200) });

/** A text in the two languages of the pages. */
export const Words = z.object({
  zh: z.string(),
  en: z.string(),
});
export type Words = z.infer<typeof Words>;

export const FieldKind = z.enum([
  'number',
  'date',
  'text',
  'list',
  'phone',
  'choice',
  'long-text',
  'date-time',
  'integer',
  'yes-no',
  'identity',
]);
export type FieldKind = z.infer<typeof FieldKind>;

export const Attachment = z.object({
  attachmentId: z.string(),
  register: z.string(),
  key: z.string(),
  /** Only for a licence case: the item of the checklist that the file belongs to. */
  item: z.string().optional(),
  fileName: z.string(),
  contentType: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
  uploadedAt: z.iso.datetime(),
  uploadedBy: z.string(),
});
export type Attachment = z.infer<typeof Attachment>;

export const FieldValue = z.union([z.string(), z.number(), z.array(z.string()), z.boolean()]);
export type FieldValue = z.infer<typeof FieldValue>;

const rowFields = z.record(z.string().max(40), FieldValue.nullable());

export const Approval = z.object({
  by: z.string(),
  /** The displayed name; missing when the account is gone. */
  byName: z.string().optional(),
  at: z.iso.datetime(),
  revision: z.number(),
});
export type Approval = z.infer<typeof Approval>;

/** A stored row. `revision` grows by one with each change; the history keeps the old values. */
export const Entry = z.object({
  register: z.string(),
  key: z.string(),
  values: z.record(z.string(), FieldValue),
  revision: z.number(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
  /** The displayed name: in a register with approval, and for one row. Missing when the system wrote it or the account is gone. */
  updatedByName: z.string().optional(),
  /** Only in a register with approval. A later change of the row revokes the approval. */
  approval: Approval.optional(),
});
export type Entry = z.infer<typeof Entry>;

export const BadLine = z.object({
  /** The line number in the sheet. The headers are line 1. */
  line: z.number(),
  field: z.string(),
  message: Words,
});
export type BadLine = z.infer<typeof BadLine>;

export const ImportReport = z.object({
  imported: z.number(),
  bad: z.array(BadLine),
});
export type ImportReport = z.infer<typeof ImportReport>;

export const registryApi = {
  'GET /licence': {
    right: 'public',
    summary: 'The number of the licence, which every page shows; null while none is registered.',
    answer: z.object({
      number: z.string().nullable(),
    }),
    failures: [],
  },
  'GET /registry': {
    right: 'registry.read',
    summary: 'The registers with the columns from which forms and tables are built.',
    answer: z.object({
      registers: z.array(
        z.object({
          fields: z.array(
            z.object({
              key: z.string(),
              label: Words,
              kind: FieldKind,
              required: z.boolean(),
              choices: z.record(z.string(), Words).nullish(),
            }),
          ),
          approval: z.literal(true).optional(),
          name: z.string(),
          title: Words,
          keyField: z.string(),
        }),
      ),
    }),
    failures: [],
  },
  'GET /registry/attachments/list': {
    right: 'registry.read',
    summary: 'Attachments, of one register or row if asked.',
    query: z.object({ register: z.string().max(40).optional(), key: z.string().max(200).optional() }),
    answer: z.object({
      attachments: z.array(Attachment),
    }),
    failures: [],
  },
  'POST /registry/attachments': {
    right: 'registry.edit',
    summary: 'Adds an attachment (the raw body) to a row.',
    query: z.object({
      register: z.string().max(40),
      key: z.string().max(200),
      fileName: z.string().min(1).max(200),
      item: z.string().max(40).optional(),
    }),
    uploadBytes: 50 * 1024 * 1024,
    answer: Attachment,
    failures: ['invalid-request', 'not-found', 'too-large', 'too-many-requests'],
  },
  'GET /registry/attachments/:attachmentId': {
    right: 'registry.read',
    summary: 'The body of an attachment.',
    params: z.object({ attachmentId: z.string().max(64) }),
    answer: file('application/octet-stream'),
    failures: ['not-found'],
  },
  'POST /registry/attachments/:attachmentId/withdraw': {
    right: 'registry.edit',
    summary: 'Removes an attachment that was uploaded to a row by mistake. The file stays stored, and the audit log names it.',
    params: z.object({ attachmentId: z.string().max(64) }),
    answer: nothing,
    failures: ['not-found'],
  },
  'GET /registry/:register': {
    right: 'registry.read',
    summary: 'All rows of a register. Identity numbers are masked.',
    params: z.object({ register: z.string().max(40) }),
    answer: z.object({
      entries: z.array(Entry),
    }),
    failures: ['not-found'],
  },
  'POST /registry/:register': {
    right: 'registry.edit',
    summary: 'Adds a row.',
    params: z.object({ register: z.string().max(40) }),
    body: z.object({ values: z.record(z.string(), z.unknown()) }),
    answer: Entry,
    failures: ['invalid-request', 'not-found', 'wrong-state'],
  },
  'GET /registry/:register/entries/:key': {
    right: 'registry.read',
    summary: 'One row with its history and attachments.',
    params: row,
    answer: z.object({
      entry: Entry,
      history: z.array(
        z.object({
          revision: z.number(),
          updatedAt: z.iso.datetime(),
          updatedBy: z.string(),
          updatedByName: z.string().optional(),
          removed: z.boolean(),
        }),
      ),
      attachments: z.array(Attachment),
    }),
    failures: ['not-found'],
  },
  'PUT /registry/:register/entries/:key': {
    right: 'registry.edit',
    summary: 'Changes a row; `revision` is the one that was read, and a newer one in the store refuses the change.',
    params: row,
    body: z.object({ revision: z.int().positive(), values: z.record(z.string(), z.unknown()) }),
    answer: Entry,
    failures: ['invalid-request', 'not-found', 'wrong-state'],
  },
  'POST /registry/:register/batch': {
    right: 'registry.edit',
    summary:
      'Changes the same fields of several rows, at most 200: all of them or none. Without `commit` nothing is changed and each row says whether it would be refused. `before` is what the page read: a row that has changed since is refused. `null` empties a field.',
    params: z.object({ register: z.string().max(40) }),
    body: z.object({
      rows: z
        .array(z.object({ id: z.string().min(1).max(200), before: rowFields, after: rowFields }))
        .min(1)
        .max(MOST_IN_BATCH),
      commit: z.boolean().default(false),
    }),
    answer: z.object({
      done: z.boolean(),
      /** In the order of the request. */
      rows: z.array(z.object({ id: z.string(), refused: z.enum(['out-of-reach', 'changed', 'field']).optional(), why: Words.optional() })),
    }),
    failures: ['not-found', 'wrong-state'],
  },
  'POST /registry/:register/entries/:key/approve': {
    right: 'outbound.edit',
    summary: 'Approves a row that somebody else wrote; `revision` is the one that was read. A later change ends the approval.',
    params: row,
    body: z.object({ revision: z.int().positive() }),
    answer: nothing,
    failures: ['changed-meanwhile', 'not-allowed', 'not-found', 'wrong-state'],
  },
  'DELETE /registry/:register/entries/:key': {
    right: 'registry.edit',
    summary: 'Removes a row; its history stays.',
    params: row,
    answer: nothing,
    failures: ['not-found'],
  },
  'POST /registry/:register/entries/:key/reveal': {
    right: 'registry.edit',
    summary: 'One unmasked identity number, for a reason that is recorded.',
    params: row,
    body: z.object({ field: z.string().max(40), reason: z.string().trim().min(4).max(200) }),
    answer: z.object({
      value: z.string(),
    }),
    failures: ['not-found'],
  },
  'POST /registry/:register/import': {
    right: 'registry.edit',
    summary: 'Imports a CSV or XLSX sheet whole or not at all; the answer names every bad line. `dryRun=yes` only checks.',
    params: z.object({ register: z.string().max(40) }),
    query: z.object({ dryRun: z.enum(['yes', 'no']).default('no') }),
    uploadBytes: 20 * 1024 * 1024,
    answer: ImportReport,
    failures: ['invalid-request', 'not-a-sheet', 'not-found', 'too-large', 'too-many-requests', 'wrong-state'],
  },
  'GET /registry/:register/sample.xlsx': {
    right: 'registry.read',
    summary:
      'A workbook to fill in and import: Chinese heads, an example row that the import refuses, lists to choose from, and the values that each column accepts.',
    params: z.object({ register: z.string().max(40) }),
    answer: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
    failures: ['not-found'],
  },
  'GET /registry/:register/export.csv': {
    right: 'registry.read',
    summary: 'The register as CSV that can be imported again; identity numbers are left out.',
    params: z.object({ register: z.string().max(40) }),
    answer: file('text/csv'),
    failures: ['not-found'],
  },
} satisfies Endpoints;
export type RegistryApi = typeof registryApi;
