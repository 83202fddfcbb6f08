import { heldRows } from '../../../services/evidence/pack/attachments.js';
import { attachedBody, ledgerEntry, sheetsOver } from './planted-packs.js';
import type { Planted } from './planted.js';

type Mutable<Row> = { -readonly [K in keyof Row]: Row[K] };
const edit = <Row>(row: Row | undefined, values: Partial<Row>): void => void Object.assign(row as Mutable<Row>, values);
const body = (text: string): Uint8Array => Buffer.from(text);
const EVIDENCE_1 = 'attachments/complaint/evidence-1.pdf';
const EVIDENCE_2 = 'attachments/complaint/evidence-2.pdf';

/** What can be done to consents, legs outside, clocks of complaints, attachments and the ledger, by whoever holds the key or the database. */
export const heldPlants: Record<string, Planted> = {
  'a pack of before, that holds no such rows': {
    inSheets: (_sheets, rows) =>
      sheetsOver({
        ...rows,
        consents: [],
        legs: [],
        clocks: [],
        attachments: [],
        ledger: [],
        turns: [],
        answers: [],
        cases: [],
        seats: [],
      }),
    inFiles: (files) => {
      for (const name of heldRows) files.delete(`rows/${name}.csv`);
      for (const name of [...files.keys()]) if (name.startsWith('attachments/')) files.delete(name);
    },
    inManifest: (manifest) => void (manifest.holds = []),
    expected: 'amber',
    codes: ['not-held'],
  },
  'the consents are left out of a pack that says it holds them': {
    inFiles: (files) => void files.delete('rows/consents.csv'),
    expected: 'red',
    codes: ['held-missing', 'facts-changed'],
  },
  'a consent of before the period is left out': {
    inStore: ({ consents }) => void consents.shift(),
    expected: 'red',
    codes: ['consent-missing'],
  },
  'a consent of the period is left out': {
    inStore: ({ consents }) => void consents.pop(),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a consent stands twice': {
    inStore: ({ consents }) => void consents.push({ ...consents[1]! }),
    expected: 'red',
    codes: ['facts-changed', 'row-doubled'],
  },
  'a consent is written down after the calls that rest on it': {
    inStore: ({ consents, attempts }) => {
      const last = Math.max(...attempts.map(({ atMs }) => atMs));
      edit(consents[0], { atMs: last + 3_600_000 });
    },
    expected: 'red',
    codes: ['consent-late', 'facts-changed'],
  },
  'the purposes of a consent are widened after the day was sealed': {
    inStore: ({ consents }) => edit(consents[1], { purposes: 'complaint-return;order' }),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'the consents of two persons are exchanged': {
    inStore: ({ consents }) => {
      const [a, b] = [consents[0]!.consentId, consents[1]!.consentId];
      edit(consents[0], { consentId: b });
      edit(consents[1], { consentId: a });
    },
    expected: 'red',
    codes: ['attachment-differs', 'consent-late', 'facts-changed'],
  },
  'a transfer to a number outside is left out': {
    inStore: ({ legs }) => void legs.pop(),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a transfer shows another number': {
    inStore: ({ legs }) => edit(legs[0], { shown: '4009999' }),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'the time of a complaint is lengthened after the day was sealed': {
    inStore: ({ clocks }) => edit(clocks[0], { dueAtMs: clocks[0]!.dueAtMs! + 86_400_000 }),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'the answer to a complaint is back-dated': {
    inStore: ({ clocks }) => edit(clocks[1], { atMs: clocks[1]!.atMs - 1_800_000 }),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a month is called a year, and leaves out what a year may': {
    inRows: ({ attachments }) => attachments.forEach((row) => edit(row, { kept: 'listed', path: '' })),
    inFiles: (files) => {
      files.delete('rows/ledger.csv');
      for (const name of [...files.keys()]) if (name.startsWith('attachments/')) files.delete(name);
    },
    inManifest: (manifest) => {
      manifest.kind = 'annual';
      manifest.holds = heldRows.filter((each) => each !== 'ledger');
    },
    expected: 'red',
    codes: ['attachment-missing', 'not-held'],
  },
  'an attachment is another file': {
    inFiles: (files) => void files.set(EVIDENCE_1, body('another file')),
    expected: 'red',
    codes: ['attachment-differs'],
  },
  'two attachments are exchanged': {
    inFiles: (files) => {
      files.set(EVIDENCE_1, attachedBody('evidence-2'));
      files.set(EVIDENCE_2, attachedBody('evidence-1'));
    },
    expected: 'red',
    codes: ['attachment-differs'],
  },
  'two attachments are exchanged with their rows': {
    inRows: ({ attachments }) => {
      const [a, b] = [attachments[2]!, attachments[3]!].map(({ sha256, path }) => ({ sha256, path }));
      edit(attachments[2], b!);
      edit(attachments[3], a!);
    },
    // The support puts a row's bytes at its path: here each path has the other's.
    inFiles: (files) => {
      files.set(EVIDENCE_1, attachedBody('evidence-1'));
      files.set(EVIDENCE_2, attachedBody('evidence-2'));
    },
    expected: 'red',
    codes: ['facts-changed'],
  },
  'an attachment is left out': {
    inFiles: (files) => void files.delete(EVIDENCE_1),
    expected: 'red',
    codes: ['attachment-missing'],
  },
  'an attachment is left out, and its row says so': {
    inRows: ({ attachments }) => edit(attachments[2], { kept: 'listed', path: '' }),
    expected: 'red',
    codes: ['attachment-missing'],
  },
  'an attachment is left out, and its row says that it is a letter with a whole number': {
    inRows: ({ attachments }) => edit(attachments[2], { of: 'letter', kept: 'listed', path: '' }),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'an attachment is left out with its row': {
    inStore: ({ attachments }) => void attachments.splice(2, 1),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'the original of a consent is another file': {
    inRows: ({ attachments }) => edit(attachments[1], { sha256: 'f'.repeat(64) }),
    expected: 'red',
    codes: ['attachment-differs', 'facts-changed'],
  },
  'a file that nobody attached stands among the attachments': {
    inFiles: (files) => void files.set('attachments/complaint/praise.pdf', body('%PDF-1.7')),
    expected: 'red',
    codes: ['attachment-extra'],
  },
  'an attachment stands twice': {
    inRows: ({ attachments }) => void attachments.push({ ...attachments[2]! }),
    expected: 'red',
    codes: ['facts-changed', 'row-doubled'],
  },
  'an attachment is gone from the store': {
    inStore: ({ attachments }) => edit(attachments[2], { kept: 'missing', path: '' }),
    expected: 'amber',
    codes: ['attachment-lost'],
  },
  'a row of the ledger is altered': {
    inStore: ({ ledger }) => edit(ledger[4], { row: ledger[4]!.row.replace('"answeredMs":1000', '"answeredMs":9000') }),
    expected: 'red',
    codes: ['ledger-changed'],
  },
  'a row of the ledger is left out': {
    inStore: ({ ledger }) => void ledger.splice(4, 1),
    expected: 'red',
    codes: ['ledger-changed', 'ledger-gap'],
  },
  'a row of the ledger stands twice': {
    inStore: ({ ledger }) => void ledger.splice(5, 0, ledger[4]!),
    expected: 'red',
    codes: ['ledger-changed', 'row-doubled'],
  },
  'a row of the ledger names another recording': {
    inStore: ({ ledger }) => {
      const { number, callId, atMs } = ledger[4]!;
      ledger[4] = ledgerEntry(number, callId, atMs, 'e'.repeat(64));
    },
    expected: 'red',
    codes: ['ledger-changed', 'ledger-recording-differs'],
  },
};
