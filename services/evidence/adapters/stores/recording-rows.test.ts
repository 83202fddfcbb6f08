import { expect, test } from '@jest/globals';
import { createMongoRows, type RowReads } from './mongo-rows.js';

const AT = '2026-12-01T01:00:00.000Z';
const stored = (_id: string, more: object = {}) => ({
  ...{ _id, startedAt: AT, sha256: 'a', durationMs: 1, sizeBytes: 10, objectKey: _id, objectVersion: '' },
  ...{ facets: { direction: 'inbound', called: '4001000', agentIds: ['li'] }, ...more },
});
const found = [
  stored('listed'),
  stored('opened', { opened: { at: AT } }),
  stored('lost-on-the-disk', { opened: { at: AT, damage: 'recording-missing' } }),
  stored('gone'),
];
const reads = {
  recordings: {
    collection: 'recordings',
    batches: async function* () {
      yield found;
    },
  },
  calls: { collection: 'calls', find: async () => [] },
} as unknown as RowReads;

test('a recording that the store lists and that was damaged when it was opened is missing; each says when it was opened', async () => {
  const rows = createMongoRows(reads, () => async (key) => (key === 'gone' ? undefined : 99), {
    seats: {} as never,
    zone: 'Asia/Shanghai',
  });
  const said: string[] = [];
  for await (const batch of rows.recordings({ fromMs: 0, untilMs: 1 }))
    for (const { callId, kept, openedAtMs = 0 } of batch) said.push([callId, kept, openedAtMs].join(' '));
  const at = Date.parse(AT);
  expect(said).toEqual(['listed stored 0', `opened stored ${at}`, `lost-on-the-disk missing ${at}`, 'gone missing 0']);
});
