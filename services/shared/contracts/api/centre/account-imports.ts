import { z } from 'zod';
import { accountRowFaults } from '../../../domain/people/account-list.js';
import { type Endpoints, nothing } from '../endpoint.js';

/** An account that an import has made. */
export const MadeAccount = z.object({
  /** The line number in the sheet; the headings are line 1. */
  line: z.number(),
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  /** Valid for the first sign-in. It is returned here and stored nowhere. */
  password: z.string(),
  /** Queues and skills, to be assigned through their own routes. */
  serves: z.array(z.string()),
  skills: z.record(z.string(), z.number()),
  /** Changes of this account that wait for a second administrator. */
  waiting: z.number(),
});
export type MadeAccount = z.infer<typeof MadeAccount>;

const RefusedRow = z.object({ line: z.number(), fault: z.enum(accountRowFaults) });
const importId = z.object({ id: z.string().max(64) });

/** An import that is not finished. */
export const UnfinishedImport = z.object({
  id: z.string(),
  fileName: z.string(),
  askedAt: z.iso.datetime(),
  /** Rows of the list that were good when it was checked. */
  rows: z.number(),
  made: z.number(),
  refused: z.number(),
  /** Rows that have not become accounts. */
  left: z.number(),
  /** Accounts whose first password nobody has saved. */
  unread: z.number(),
});
export type UnfinishedImport = z.infer<typeof UnfinishedImport>;

export const accountImportApi = {
  'POST /users/import': {
    right: 'users.edit',
    summary:
      'Checks a CSV or XLSX list of people, at most 5,000 rows, and names each row that is refused with its fault. `commit=yes` stores the other rows as an import, whose id is `order`; `POST /users/imports/:id/continue` makes its accounts.',
    query: z.object({
      fileName: z.string().trim().min(1).max(200),
      commit: z.enum(['yes', 'no']).default('no'),
    }),
    uploadBytes: 4 * 1024 * 1024,
    answer: z.object({
      rows: z.number(),
      good: z.number(),
      /** `line`: the line number in the sheet; the headings are line 1. */
      refused: z.array(RefusedRow),
      /** Hash of the file. */
      sha256: z.string(),
      committed: z.boolean(),
      /** The import that was stored; null when none was. */
      order: z.string().nullable(),
    }),
    failures: ['invalid-request', 'not-a-sheet', 'outside-scope', 'too-large', 'too-many-requests', 'wrong-state'],
  },
  'GET /users/imports': {
    right: 'users.edit',
    summary: 'The caller’s imports of the last 30 days that still have accounts to create or first passwords that nobody has saved.',
    answer: z.object({
      imports: z.array(UnfinishedImport),
    }),
    failures: [],
  },
  'POST /users/imports/:id/continue': {
    right: 'users.edit',
    summary:
      'Creates the next accounts of an import, at most 20, each as `POST /users` would. `made` has their first passwords, which are given here and stored nowhere; `left` is the number of remaining rows.',
    params: importId,
    answer: z.object({ made: z.array(MadeAccount), refused: z.array(RefusedRow), left: z.number() }),
    failures: ['already-exists', 'invalid-request', 'not-found', 'outside-scope', 'too-many-requests', 'wrong-state'],
  },
  'POST /users/imports/:id/passwords': {
    right: 'users.edit',
    summary:
      'Gives new first passwords to at most 20 accounts of an import after the line `after` whose first password nobody has saved and whose owner has not signed in. `next` is the line to continue after.',
    params: importId,
    body: z.object({ after: z.number().int().min(0).max(1_000_000).default(0) }),
    answer: z.object({ made: z.array(MadeAccount), next: z.number().nullable() }),
    failures: ['not-found', 'wrong-state'],
  },
  'POST /users/imports/:id/handed': {
    right: 'users.edit',
    summary: 'Says that the first passwords of these lines are saved. They are not generated again.',
    params: importId,
    body: z.object({ lines: z.array(z.number().int().min(1).max(1_000_000)).max(5_000) }),
    answer: nothing,
    failures: ['not-found'],
  },
  'POST /users/imports/:id/end': {
    right: 'users.edit',
    summary: 'Ends an import: the remaining rows get no accounts.',
    params: importId,
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
} satisfies Endpoints;
export type AccountImportApi = typeof accountImportApi;
