import { expect, test } from '@jest/globals';
import { recordPools, type DrillReads } from './record-pools.js';

const at = new Date('2026-11-28T01:00:00Z');

test.each([
  ['none', undefined, ['no-recording']],
  ['one that is kept', { keepUntil: '2027-05-27T00:00:00.000Z' }, []],
  ['one deleted when its time was over', { keepUntil: '2026-11-01T00:00:00.000Z', deletion: { at: '2026-11-01T02:00:00.000Z' } }, []],
  ['one deleted before', { keepUntil: '2027-05-27T00:00:00.000Z', deletion: { at: '2026-11-01T02:00:00.000Z' } }, ['recording-deleted']],
])('what is missed of a drawn call with a recording: %s', async (_name, recording, gaps) => {
  const reads = {
    calls: { count: async () => 1, find: async () => [{ _id: 'c1', callerMasked: '139****0001', called: '4001000', invitedAt: at }] },
    recordings: { one: async () => recording },
    consents: { count: async () => 0 },
  } as unknown as DrillReads;
  const { call } = await recordPools(reads, { sinceMs: 0, now: at, timeOf: () => '' });
  expect((await call.at(0))?.gaps).toEqual(gaps);
});
