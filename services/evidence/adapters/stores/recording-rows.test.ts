import { expect, test } from '@jest/globals';
import { createMongoRows, type RowReads } from './mongo-rows.js';
import type { RecordingLooks } from '../../ports.js';

const AT = '2026-12-01T01:00:00.000Z';
const stored = (_id: string, more: object = {}) => ({
  ...{ _id, startedAt: AT, sha256: 'a', durationMs: 1, sizeBytes: 10, objectKey: _id, objectVersion: '' },
  ...{ facets: { direction: 'inbound', called: '4001000', agentIds: ['li'] }, ...more },
});
const found = [
  stored('listed'),
  stored('opened', { opened: { at: AT } }),
  stored('lost-on-the-disk', { opened: { at: AT, damage: 'recording-missing' } }),
  stored('cut', { opened: { at: AT, damage: 'recording-truncated', found: { at: '2026-11-30T01:00:00.000Z', by: 'nightly' } } }),
  stored('gone'),
  stored('deleted', { opened: { at: AT, damage: 'recording-missing' }, deletion: { at: AT, by: 'x', rule: 'y' } }),
];
const reads = {
  recordings: {
    collection: 'recordings',
    count: async () => found.length,
    batches: async function* () {
      yield found;
    },
  },
  calls: { collection: 'calls', find: async () => [] },
} as unknown as RowReads;

async function rowsWith(newLooks?: () => RecordingLooks) {
  const rows = createMongoRows(reads, () => async (key) => (key === 'gone' ? undefined : 99), {
    ...{ seats: {} as never, zone: 'Asia/Shanghai' },
    ...(newLooks === undefined ? {} : { newLooks }),
  });
  const all = [];
  for await (const batch of rows.recordings({ fromMs: 0, untilMs: 1 })) all.push(...batch);
  return all;
}
const at = Date.parse(AT);

test('a recording that the store lists and that was damaged when it was opened is missing; each says when it was opened', async () => {
  const said = (await rowsWith()).map(({ callId, kept, openedAtMs = 0 }) => [callId, kept, openedAtMs].join(' '));
  expect(said).toEqual([
    'listed stored 0',
    `opened stored ${at}`,
    `lost-on-the-disk missing ${at}`,
    `cut missing ${at}`,
    'gone missing 0',
    `deleted deleted ${at}`,
  ]);
});

test('a pack looks at what the store lists: what is gone from the disk is missing, with since when and by whom that is known', async () => {
  const asked: object[] = [];
  const now = new Date('2026-12-02T01:00:00.000Z');
  const looks: RecordingLooks = {
    whole: () => Promise.reject(new Error('not asked')),
    async end(callId, object) {
      asked.push(object);
      return callId === 'listed' || callId === 'gone' ? { at: now, damage: 'recording-missing' } : { at: now };
    },
  };
  const said = (await rowsWith(() => looks)).map((row) => {
    const { callId, kept, lookedAtMs, damage, damageFoundAtMs, damageFoundBy } = row;
    return [callId, kept, lookedAtMs === now.getTime(), damage, damageFoundAtMs, damageFoundBy];
  });
  expect(said).toEqual([
    ['listed', 'missing', true, 'recording-missing', now.getTime(), 'pack'],
    ['opened', 'stored', true, undefined, undefined, undefined],
    ['lost-on-the-disk', 'missing', false, 'recording-missing', at, ''],
    ['cut', 'missing', false, 'recording-truncated', at - 86_400_000, 'nightly'],
    ['gone', 'missing', true, 'recording-missing', now.getTime(), 'pack'],
    ['deleted', 'deleted', false, undefined, undefined, undefined],
  ]);
  expect(asked).toEqual([
    { key: 'listed', version: '', bytes: 99 },
    { key: 'opened', version: '', bytes: 99 },
    { key: 'gone', version: '', bytes: 10 },
  ]);
});
