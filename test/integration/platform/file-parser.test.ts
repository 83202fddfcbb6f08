import { expect, test } from '@jest/globals';
import { readImportFile } from '../../../services/registry/adapters/import-file.js';
import { registers } from '../../../services/registry/registers.js';
import { createFileParser } from '../../../services/shared/platform/files/file-parser.js';

interface Task {
  readonly does: 'answers' | 'runs' | 'eats' | 'throws' | 'ends';
}
const limitedTo = (wallMs: number): ((task: Task) => Promise<unknown>) =>
  createFileParser(import.meta.url, '../../support/hostile/parser-process', { wallMs, heapMb: 64 });
const parser = limitedTo(50_000);

test('a file that takes too long, or too much memory, ends its process and nothing else, and the limit is named', async () => {
  const [slow, large] = await Promise.allSettled([limitedTo(2_000)({ does: 'runs' }), parser({ does: 'eats' })]);
  expect(slow).toMatchObject({ reason: { code: 'too-large', details: { limit: 'time', most: 2 } } });
  expect(large).toMatchObject({ reason: { code: 'too-large', details: { limit: 'memory', most: 64 } } });
  expect(await parser({ does: 'answers' })).toBe('read');
}, 60_000);

test('a parser that fails, or whose process ends, fails that one file', async () => {
  await expect(parser({ does: 'throws' })).rejects.toThrow('broken');
  await expect(parser({ does: 'ends' })).rejects.toThrow('ended without an answer');
});

test('files above what may wait are refused at once; those that wait all come to their turn', async () => {
  const all = await Promise.allSettled(Array.from({ length: 40 }, () => parser({ does: 'answers' })));
  const refused = all.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(8);
  for (const one of refused) expect(one).toMatchObject({ reason: { code: 'too-many-requests' } });
}, 60_000);

test('a sheet is read in a process of its own: rows come back, a refusal keeps its code and its limit', async () => {
  const heads = registers.sites.fields.map(({ key }) => key).join(',');
  const { rows, bad } = await readImportFile({
    register: 'sites',
    bytes: Buffer.from(`${heads}\n${','.repeat(heads.split(',').length - 1)}`),
  });
  expect({ rows, bad }).toEqual({ rows: [], bad: [] });
  await expect(readImportFile({ register: 'sites', bytes: Buffer.from(','.repeat(100)) })).rejects.toMatchObject({
    code: 'too-large',
    details: { limit: 'columns' },
  });
  await expect(readImportFile({ register: 'nothing', bytes: Buffer.from('a') })).rejects.toMatchObject({ code: 'not-found' });
});
