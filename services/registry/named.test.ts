import { expect, test } from '@jest/globals';
import { named, writtenBy } from './named.js';
import type { Entry } from './register.js';

const names: Readonly<Record<string, string>> = { first: '合规', second: '班长' };
const nameOf = async (userId: string): Promise<string | undefined> => names[userId];
const at = new Date('2026-12-03T06:35:00Z');
const row: Entry = { register: 'destinations', key: '02160000001', values: {}, revision: 1, updatedAt: at, updatedBy: 'first' };

test('a row says by name who wrote it and who approved it', async () => {
  expect(await named({ ...row, approval: { by: 'second', at, revision: 1 } }, nameOf)).toEqual({
    ...row,
    updatedByName: '合规',
    approval: { by: 'second', byName: '班长', at, revision: 1 },
  });
});

test('a row of the system, or of an account that is gone, has no name and keeps its id', async () => {
  expect(await named({ ...row, updatedBy: 'system:demo' }, nameOf)).toEqual({ ...row, updatedBy: 'system:demo' });
  expect(await writtenBy({ updatedBy: 'gone' }, nameOf)).toEqual({ updatedBy: 'gone' });
});
