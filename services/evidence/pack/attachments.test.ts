import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import type { AttachedFile, AttachmentRow } from '../quality/proof-row.js';
import { addAttachments, heldBy } from './attachments.js';
import type { Archive, Workshop } from './pack-needs.js';

const month = { fromMs: 1_000, untilMs: 2_000 };
const year = { fromMs: 1_000, untilMs: 1_000 + 365 * 86_400_000 };
const file = (fileId: string, of: AttachedFile['of'], atMs: number, more: Partial<AttachedFile> = {}): AttachedFile => ({
  ...{ fileId, of, subject: 's', atMs, fileName: `${fileId}.PDF`, sizeBytes: 1, sha256: 'a' },
  ...more,
});

async function packed(kind: 'inspection' | 'annual', files: readonly AttachedFile[], stretch = month) {
  const names: string[] = [];
  let rows: readonly AttachmentRow[] = [];
  const archive: Archive = {
    add: async (name) => {
      names.push(name);
      return { name, bytes: 1, sha256: 'a' };
    },
    close: async () => ({ bytes: 0, sha256: '' }),
    abandon: async () => undefined,
  };
  const workshop: Workshop = {
    keep: async (_name, _columns, batches) => {
      for await (const batch of batches) rows = [...rows, ...(batch as readonly object[] as readonly AttachmentRow[])];
      return rows.length;
    },
    pathOf: (name) => name,
    tablePathOf: (name) => name,
    archivePath: '',
    clear: async () => undefined,
  };
  const needs = {
    rows: {
      async *attachments() {
        yield files;
      },
    },
    attached: async ({ fileId }: AttachedFile) => (fileId === 'gone' ? undefined : new Uint8Array(1)),
  };
  await addAttachments(kind, stretch, needs, { archive, workshop, say: speak('zh-CN') });
  return { names, rows: rows.map(({ fileId, kept, path }) => [fileId, kept, path]) };
}

const files = [
  file('licence', 'register', 1),
  file('old-licence', 'register', 1, { withdrawnAtMs: 5 }),
  file('form-before', 'consent', 1),
  file('form', 'consent', 1_500),
  file('before', 'complaint', 1),
  file('evidence', 'complaint', 1_500, { fileName: '名单.csv' }),
  file('gone', 'complaint', 1_600),
  file('letter', 'letter', 1_700),
  file('letter-before', 'letter', 1),
];

test('a pack has the bytes of its period and of what the registers hold, and names what the store has no more', async () => {
  expect(await packed('inspection', files)).toEqual({
    names: [
      'attachments/register/licence.pdf',
      'attachments/consent/form.pdf',
      'attachments/complaint/evidence.txt',
      'rows/attachments.csv',
      'tables/附件.csv',
    ],
    rows: [
      ['licence', 'packed', 'attachments/register/licence.pdf'],
      ['old-licence', 'listed', ''],
      ['form-before', 'listed', ''],
      ['form', 'packed', 'attachments/consent/form.pdf'],
      ['evidence', 'packed', 'attachments/complaint/evidence.txt'],
      ['gone', 'missing', ''],
      // The letter has the full number of the complainant in it.
      ['letter', 'listed', ''],
    ],
  });
});

test('an annual pack of a year has the list alone, and no ledger; one of a shorter time has all', async () => {
  const { names, rows } = await packed('annual', files, year);
  expect(names).toEqual(['rows/attachments.csv', 'tables/附件.csv']);
  expect(rows.every(([, kept]) => kept === 'listed')).toBe(true);
  expect(heldBy('annual', year)).not.toContain('ledger');
  expect(heldBy('inspection', year)).toContain('ledger');
  expect(heldBy('annual', month)).toContain('ledger');
  expect(await packed('annual', files)).toEqual(await packed('inspection', files));
});
