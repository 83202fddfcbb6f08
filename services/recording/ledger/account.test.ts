import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountFor, lostEntirely, type AccountInput } from './account.js';
import { problemsOf } from './ledger-check.js';

const base: AccountInput = {
  answered: { from: 0, to: 10_000 },
  paused: [],
  recorderWitness: [{ from: 0, to: 10_000 }],
  captureWitness: [],
  sound: [{ from: 0, to: 10_000 }],
  soundMissing: [],
  absenceReason: 'absent',
};

const table: [string, Partial<AccountInput>, Record<string, number>][] = [
  ['all recorded', {}, { recorded: 10_000, paused: 0, 'no-media': 0, lost: 0 }],
  [
    'a declared pause',
    { paused: [{ from: 2_000, to: 5_000, reason: 'card' }] },
    { recorded: 7_000, paused: 3_000, 'no-media': 0, lost: 0 },
  ],
  ['nobody sent anything, the recorder saw it', { sound: [] }, { recorded: 0, paused: 0, 'no-media': 10_000, lost: 0 }],
  [
    'the recorder was away, nobody else saw anything',
    {
      recorderWitness: [
        { from: 0, to: 4_000 },
        { from: 6_000, to: 10_000 },
      ],
      sound: [
        { from: 0, to: 4_000 },
        { from: 6_000, to: 10_000 },
      ],
    },
    { recorded: 8_000, paused: 0, 'no-media': 0, lost: 2_000 },
  ],
  [
    'the recorder was away, the capture ran and had nothing',
    {
      recorderWitness: [
        { from: 0, to: 4_000 },
        { from: 6_000, to: 10_000 },
      ],
      captureWitness: [{ from: 0, to: 10_000 }],
      sound: [
        { from: 0, to: 4_000 },
        { from: 6_000, to: 10_000 },
      ],
    },
    { recorded: 8_000, paused: 0, 'no-media': 2_000, lost: 0 },
  ],
  [
    'the relay had sound that the file has not',
    { soundMissing: [{ from: 1_000, to: 2_000 }] },
    { recorded: 9_000, paused: 0, 'no-media': 0, lost: 1_000 },
  ],
  [
    'a breath between two words is recorded',
    {
      sound: [
        { from: 0, to: 4_000 },
        { from: 4_900, to: 10_000 },
      ],
    },
    { recorded: 10_000, paused: 0, 'no-media': 0, lost: 0 },
  ],
  [
    'a pause hides what the relay saw meanwhile',
    { paused: [{ from: 1_000, to: 3_000, reason: 'card' }], soundMissing: [{ from: 1_500, to: 2_500 }] },
    { recorded: 8_000, paused: 2_000, 'no-media': 0, lost: 0 },
  ],
];

test.each(table)('%s', (_name, change, ms) => {
  const account = accountFor({ ...base, ...change });
  expect(account.ms).toEqual(ms);
});

test('the stretches tile the answered time for any witnesses', () => {
  const list = fc.array(
    fc
      .tuple(fc.integer({ min: -500, max: 12_000 }), fc.integer({ min: 0, max: 4_000 }))
      .map(([from, length]) => ({ from, to: from + length })),
    {
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(list, list, list, list, list, (sound, paused, recorderWitness, captureWitness, soundMissing) => {
      const account = accountFor({
        ...base,
        sound,
        recorderWitness,
        captureWitness,
        soundMissing,
        paused: paused.map((one) => ({ ...one, reason: 'r' })),
      });
      expect(problemsOf({ number: 1, callId: 'c', state: 'accounted', intendedAt: '', account })).toEqual([]);
      expect(Object.values(account.ms).reduce((sum, one) => sum + one, 0)).toBe(10_000);
    }),
  );
});

test('a call that nobody saw is lost with its reason', () => {
  expect(lostEntirely(5_000, 'why').stretches).toEqual([{ kind: 'lost', fromMs: 0, toMs: 5_000, reason: 'why' }]);
});
