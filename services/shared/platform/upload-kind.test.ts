import { expect, test } from '@jest/globals';
import { onlyKnownKinds } from './upload-kind.js';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function passed(name: string, bytes: Buffer, size = 3): Promise<Buffer> {
  const out: Uint8Array[] = [];
  for await (const chunk of onlyKnownKinds(inChunks(bytes, size), name)) out.push(chunk);
  return Buffer.concat(out);
}

const pdf = Buffer.from('%PDF-1.7\nrest of it');
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

test.each([
  ['licence.pdf', pdf],
  ['Photo.PNG', png],
  ['list.csv', Buffer.from('号码,名称\n1,a\n')],
  ['short.txt', Buffer.from('a')],
])('%s passes whole', async (name, bytes) => {
  for (const size of [1, 3, 100]) expect(await passed(name, bytes, size)).toEqual(bytes);
});

test.each([
  ['page.html', Buffer.from('<script>')],
  ['drawing.svg', Buffer.from('<svg onload="x">')],
  ['program.exe', Buffer.from('MZ')],
  ['noending', pdf],
  ['not-really.pdf', Buffer.from('<html><script>')],
  ['not-really.png', pdf],
  ['binary.csv', Buffer.from('a,b\n1,\0\n')],
])('%s is refused', async (name, bytes) => {
  await expect(passed(name, bytes)).rejects.toMatchObject({ code: 'invalid-request', details: { file: 'kind' } });
});
