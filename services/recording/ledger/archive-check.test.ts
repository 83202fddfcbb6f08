import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { DAY_MS } from '../archive/retention.js';
import { checkRecording, deletionProblem, isDrawn, SAMPLE_DAYS, type ArchivedRecording, type RecordingWitness } from './archive-check.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const now = new Date('2026-11-27T03:00:00Z');
const endedAt = '2026-10-01T10:00:00.000Z';
const recording: ArchivedRecording = {
  callId: 'c1',
  ledgerNumber: 1,
  sha256: 'a'.repeat(64),
  objectKey: 'calls/2026/10/01/c1.ogg.sealed',
  objectVersion: 'v1',
  storedBytes: 1_000,
  endedAt,
  retentionClass: 'outbound',
  keepUntil: '2027-03-30T10:00:00.000Z',
  held: false,
};
const after = (days: number): string => new Date(Date.parse(endedAt) + days * DAY_MS).toISOString();
const deleted = (at: string, rule: string, rest: Partial<ArchivedRecording> = {}) =>
  deletionProblem({ ...recording, ...rest, deletion: { at, rule } }, { at, rule, sha256: recording.sha256 });

test('over ninety days in a row each recording is drawn exactly once, and another seed draws others', () => {
  const drawnOn = (callId: string, seed: string): number[] =>
    Array.from({ length: SAMPLE_DAYS }, (_, day) => day).filter((day) =>
      isDrawn(callId, { now: new Date(now.getTime() + day * DAY_MS), seed, whole: false }, sha256),
    );
  const calls = Array.from({ length: 200 }, (_, i) => `call-${i}`);
  expect(calls.every((callId) => drawnOn(callId, 'a').length === 1)).toBe(true);
  expect(calls.some((callId) => drawnOn(callId, 'a')[0] !== drawnOn(callId, 'b')[0])).toBe(true);
});

test.each([
  ['at the end of its time', deleted('2027-03-30T11:00:00.000Z', 'end of time of class outbound'), undefined],
  ['by a person after the legal time', deleted(after(31), 'request r1 of the person'), undefined],
  ['before its time without a request', deleted(after(31), 'end of time of class outbound'), /to be kept until/],
  ['before the legal time, on request', deleted(after(29), 'request r1 of the person'), /before the 30 days/],
  ['of an unknown class', deleted(after(29), 'request r1 of the person', { retentionClass: 'none' }), /before the 30 days/],
  ['while it was held', deleted('2027-03-30T11:00:00.000Z', 'end of time of class outbound', { held: true }), /legal hold/],
])('a deletion %s is judged by its rule', (_when, problem, expected) => {
  if (expected === undefined) expect(problem).toBeUndefined();
  else expect(problem?.en).toMatch(expected);
});

/** What the check finds in one recording when the archive answers like this. */
async function findingsOf(witness: Partial<RecordingWitness>): Promise<string[]> {
  const findings: string[] = [];
  await checkRecording(1, 'c1', recording.sha256, {
    recordings: {
      of: async () => recording,
      all: async function* () {
        yield recording;
      },
      sizeOf: async () => 1_000,
      open: async () => undefined,
      deletionOf: async () => undefined,
      ...witness,
    },
    draw: { now, seed: '', whole: true },
    sha256,
    tally: { present: 0, opened: 0, deleted: 0 },
    found: (what) => void findings.push(what),
  });
  return findings;
}

test.each<[string, Partial<RecordingWitness>, string[]]>([
  ['whole', {}, []],
  ['gone from the index', { of: async () => undefined }, ['recording-missing']],
  ['another recording', { of: async () => ({ ...recording, sha256: 'b'.repeat(64) }) }, ['recording-differs']],
  ['gone from the store', { sizeOf: async () => undefined }, ['object-missing']],
  ['cut', { sizeOf: async () => 999 }, ['object-differs']],
  ['changed inside', { open: async () => 'recording-damaged' }, ['object-differs']],
  [
    'marked as deleted by hand',
    { of: async () => ({ ...recording, deletion: { at: now.toISOString(), rule: 'x' } }), sizeOf: async () => undefined },
    ['deletion-unlawful'],
  ],
  [
    'being deleted at this moment',
    {
      sizeOf: async () => undefined,
      deletionOf: async () => ({ at: new Date(now.getTime() - 60_000).toISOString(), rule: 'x', sha256: recording.sha256 }),
    },
    [],
  ],
])('a recording that is %s', async (_what, witness, expected) => {
  expect(await findingsOf(witness)).toEqual(expected);
});
