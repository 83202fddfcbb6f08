import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { UploadBudget, uploadOf } from './upload.js';

function* inChunks(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const passed = (name: string, bytes: Buffer, size = 3): Promise<Buffer> =>
  uploadOf(Readable.from(inChunks(bytes, size)), 1_000, new UploadBudget()).file(name);

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

test('a text with a zero byte in its first bytes, or long after them, is refused', async () => {
  for (const place of [0, 7, 8, 500]) {
    const bytes = Buffer.alloc(600, 'a');
    bytes[place] = 0;
    for (const size of [3, 8, 1_000]) await expect(passed('list.csv', bytes, size)).rejects.toMatchObject({ details: { file: 'kind' } });
  }
});

test('more bytes than the route takes are refused, and the stream is not destroyed under the answer', async () => {
  const stream = Readable.from(inChunks(Buffer.alloc(2_000), 100));
  await expect(uploadOf(stream, 1_000, new UploadBudget()).bytes()).rejects.toMatchObject({ code: 'too-large' });
  expect(stream.destroyed).toBe(false);
});

test('a connection that breaks is a refusal, not an error of the process', async () => {
  const stream = new Readable({ read: () => undefined });
  stream.push(Buffer.from('%PDF-1.7 the beginning'));
  const upload = uploadOf(stream, 1_000, new UploadBudget()).file('a.pdf');
  stream.destroy(new Error('aborted'));
  await expect(upload).rejects.toMatchObject({ code: 'invalid-request', message: 'The upload ended before its last byte.' });
});

test("a connection that breaks before anybody reads is nobody else's error", async () => {
  const stream = new Readable({ read: () => undefined });
  const upload = uploadOf(stream, 1_000, new UploadBudget());
  stream.destroy(new Error('aborted'));
  await new Promise((resolve) => stream.once('close', resolve));
  await expect(upload.bytes()).rejects.toMatchObject({ code: 'invalid-request' });
});

test('all uploads together hold no more than the budget, and give back what they held', async () => {
  const budget = new UploadBudget(1_000);
  const first = uploadOf(Readable.from([Buffer.alloc(700)]), 5_000, budget);
  await first.bytes();
  const second = uploadOf(Readable.from([Buffer.alloc(200), Buffer.alloc(200)]), 5_000, budget);
  await expect(second.bytes()).rejects.toMatchObject({ code: 'too-many-requests' });
  second.release();
  first.release();
  first.release();
  expect(budget.leftBytes).toBe(1_000);
});
