import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { sealedColumns } from '../../services/evidence/quality/sealed-facts.js';
import { checkRecording, type ArchivedRecording, type RecordingWitness } from '../../services/recording/ledger/archive-check.js';
import type { DaySheet } from '../../services/recording/ledger/day-sheet.js';
import { checkLedger } from '../../services/recording/ledger/ledger-check.js';
import { damages } from '../../services/recording/archive/damage.js';
import type { LedgerRow } from '../../services/recording/ledger/ports.js';
import { Finding } from '../../services/shared/contracts/api/calls/retention.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const NOW = new Date('2026-12-03T03:00:00.000Z');
const AT = '2026-12-02T01:00:00.000Z';
const [HASH, OTHER] = ['a'.repeat(64), 'b'.repeat(64)];

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

const archived: ArchivedRecording = {
  ...{ callId: 'c', ledgerNumber: 1, sha256: HASH, objectKey: 'k', objectVersion: 'v', storedBytes: 9 },
  ...{ endedAt: AT, retentionClass: 'outbound', keepUntil: '2027-12-02T01:00:00.000Z', held: false },
};
const deletion = { at: '2026-12-02T02:00:00.000Z', rule: 'x' };
const record = { ...deletion, sha256: HASH };
const late = { ...record, at: '2027-06-01T00:00:00.000Z' };

/** Everything that can be wrong with one recording. */
const wrongs: readonly Partial<RecordingWitness>[] = [
  { of: async () => undefined },
  { of: async () => ({ ...archived, sha256: OTHER }) },
  { sizeOf: async () => undefined },
  { sizeOf: async () => 8 },
  ...damages.map((damage) => ({ open: async () => damage })),
  { of: async () => ({ ...archived, deletion }) },
  { of: async () => ({ ...archived, deletion }), deletionOf: async () => ({ ...record, sha256: OTHER }) },
  { of: async () => ({ ...archived, deletion, held: true }), deletionOf: async () => record },
  { of: async () => ({ ...archived, deletion }), deletionOf: async () => record },
  { of: async () => ({ ...archived, deletion }), deletionOf: async () => late },
  { of: async () => ({ ...archived, deletion }), deletionOf: async () => ({ ...late, rule: 'request r1' }) },
];

async function findingsOfRecordings(): Promise<Finding[]> {
  const findings: Finding[] = [];
  const sound = { of: async () => archived, sizeOf: async () => 9, open: async () => undefined, deletionOf: async () => undefined };
  for (const wrong of wrongs)
    await checkRecording(1, 'c', HASH, {
      recordings: { ...sound, all: () => each([]), ...wrong },
      draw: { now: NOW, seed: '', whole: true },
      ...{ sha256, tally: { present: 0, opened: 0, deleted: 0 } },
      found: (what, { zh, en }) => void findings.push({ what, detail: en, zh }),
    });
  return findings;
}

const account = { answeredMs: 90_000, ms: { recorded: 0, paused: 0, 'no-media': 0, lost: 0 } };
const accounted: LedgerRow = {
  ...{ number: 1, callId: 'c', state: 'accounted', intendedAt: AT, answeredAt: AT, endedAt: '2026-12-02T01:00:50.000Z' },
  account: { ...account, stretches: [{ kind: 'recorded', fromMs: 5_000, toMs: 10_000 }] },
};
const rows: readonly LedgerRow[] = [accounted, { number: 4, callId: 'd', state: 'void', intendedAt: AT, reason: 'test' }];
const fact = { columns: [], rows: 2, sha256: HASH };
const kinds = Object.keys(sealedColumns);
const sheet = {
  ...{ version: 1, day: '2026-12-02', timeZone: 'Asia/Shanghai', legs: 7, numbers: [[1, 7]], amendments: [], sealedAt: AT },
  ...{ previousHash: OTHER, hash: OTHER, rowsHash: OTHER, facts: Object.fromEntries(kinds.map((kind) => [kind, fact])) },
} as unknown as DaySheet;

/** A ledger of which everything is wrong that one of its sheets can have; `numbers`: what the sheet was sealed with. */
async function findingsOfLedger(numbers: DaySheet['numbers'], present: number, copies: readonly DaySheet[]): Promise<Finding[]> {
  const { findings } = await checkLedger({
    ledger: {
      ...{ head: async () => ({ next: 9, leases: [] }), inOrder: () => each(rows), between: () => each(rows) },
      first: async () => rows[0],
    } as never,
    sheets: { newest: async () => sheet, inOrder: () => each([{ ...sheet, numbers }]) } as never,
    anchors: { all: async () => [...copies] },
    recordings: { all: () => each([{ callId: 'z', ledgerNumber: 8 }]), of: async () => undefined } as never,
    draw: { now: NOW, seed: '', whole: true },
    facts: {
      of: async () => Object.fromEntries(kinds.map((kind) => [kind, { columns: [], rows: present, sha256: OTHER }])),
      contradictions: async () => [{ zh: '通话 c：矛盾', en: 'call c: contradicts' }],
    },
    sha256,
  });
  return [...findings];
}

test('everything that the ledger check can find is said in Chinese too, and nothing else', async () => {
  const findings = [
    ...(await findingsOfRecordings()),
    ...(await findingsOfLedger([[1, 7]], 2, [])),
    ...(await findingsOfLedger([[1, 1], [4, 4]], 3, [sheet, { ...sheet, day: '2026-12-01' }])), // prettier-ignore
  ];
  expect([...new Set(findings.map(({ what }) => what))].sort()).toEqual([...Finding.shape.what.options].sort());
  // The last of the wrong recordings is right: a person's request comes before the end of its time.
  expect(findings.filter(({ detail }) => detail.startsWith('number 1: ')).length).toBeGreaterThanOrEqual(wrongs.length - 1);
  for (const { detail, zh } of findings) {
    expect(detail).not.toMatch(/\p{Script=Han}/u);
    expect(zh).toMatch(/\p{Script=Han}/u);
    // Days, moments, and the name of a call may stand in it; no word of English.
    expect(zh.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '')).not.toMatch(/[a-z]{2}/i);
  }
});
