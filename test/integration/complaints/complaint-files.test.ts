import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import type { Complaint } from '../../../services/complaints/cases/complaint.js';
import { createCaseFiles } from '../../../services/complaints/adapters/s3-case-files.js';
import { until } from '../../support/until.js';
import { ComplaintRig, type Answer } from './complaint-rig.js';
import { BUCKET } from '../recording/recording-stores.js';

// Evidence and letters are files of a case: kept in the object store with their hash, given to whoever may see them, written into the trail.

let rig: ComplaintRig;
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  rig = await ComplaintRig.start([
    ['boss', 'supervisor'],
    ['colleague', 'supervisor'],
    ['inspector', 'inspector'],
    ['agent', 'agent'],
  ]);
  const worker = rig.worker();
  await worker.start();
  stopWorker = () => worker.stop();
}, 60_000);
afterAll(async () => {
  await stopWorker();
  await rig[Symbol.asyncDispose]();
});
beforeEach(() => {
  rig.audited.length = 0;
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const trail = (): (readonly [string, string, boolean])[] => rig.audited.map(({ who, what, success }) => [who, what, success]);

let serial = 0;
/** A case that the boss is working on. */
async function inHand(more: object = {}): Promise<string> {
  serial += 1;
  const number = `1390000${String(serial).padStart(4, '0')}`;
  const wanted = { kind: 'harassment', text: 'you called me at dinner', number, name: '王女士', clientUnit: 'north', ...more };
  const { id } = (await rig.ask('agent', 'POST', '/complaints', wanted)).body as Complaint;
  await act(id, { type: 'take' });
  rig.audited.length = 0;
  return id;
}
const act = (id: string, step: object, who = 'boss'): Promise<Answer> => rig.ask(who, 'POST', `/complaints/${id}/act`, { act: step });
const answer = (id: string, more: object = {}): Promise<Answer> =>
  rig.ask('boss', 'POST', `/complaints/${id}/answer`, { how: 'letter', text: 'We are sorry.', ...more });
const put = async (id: string, fileName: string, body: Uint8Array): Promise<Answer> =>
  rig.ask('boss', 'POST', `/complaints/${id}/files?${new URLSearchParams({ fileName }).toString()}`, body);
const caseOf = async (id: string): Promise<Complaint> => (await rig.ask('boss', 'GET', `/complaints/${id}`)).body as Complaint;

test('called without consent: words close nothing, a file of the consent does; it is seen by who may, and its readers are written down', async () => {
  const id = await inHand();
  const close = { type: 'close', upheld: false, text: 'consent was there' };
  expect((await answer(id)).status).toBe(200);
  const refusedWith = (refused: string) => ({ status: 409, body: { details: { refused } } });
  expect(await act(id, close)).toMatchObject(refusedWith('evidence-missing'));
  const consent = { type: 'attach-evidence', kind: 'consent', text: 'ticked on the order form' };
  expect(await act(id, consent)).toMatchObject(refusedWith('evidence-file-missing'));
  expect(await act(id, { ...consent, callId: 'not-a-call-of-this-case' })).toMatchObject({ status: 404 });

  const form = Buffer.from('%PDF-1.7 the order form');
  const kept = (await put(id, '订单.pdf', form)).body as { fileId: string };
  expect(kept).toEqual({ fileId: expect.any(String), fileName: '订单.pdf', sizeBytes: form.length, sha256: sha256(form) });
  // Stored, but not yet part of the case.
  expect(await act(id, close)).toMatchObject(refusedWith('evidence-missing'));
  const other = await inHand();
  expect(await act(other, { ...consent, fileId: kept.fileId })).toMatchObject({ status: 404 });
  expect((await act(id, { ...consent, fileId: kept.fileId })).body).toMatchObject({
    evidence: [{ kind: 'consent', by: 'boss', text: 'ticked on the order form', file: kept }],
  });
  expect(await act(id, close)).toMatchObject({ status: 200, body: { state: 'closed' } });

  rig.audited.length = 0;
  const read = await rig.ask('inspector', 'GET', `/complaints/${id}/files/${kept.fileId}`);
  expect([read.status, read.bytes.equals(form)]).toEqual([200, true]);
  expect((await rig.ask('agent', 'GET', `/complaints/${id}/files/${kept.fileId}`)).status).toBe(403);
  expect((await rig.ask('boss', 'GET', `/complaints/${other}/files/${kept.fileId}`)).status).toBe(404);
  expect(trail()).toEqual([
    ['inspector', 'complaint.file-read', true],
    ['agent', 'access.denied', false],
  ]);
  expect(await put(id, 'late.pdf', form)).toMatchObject(refusedWith('wrong-state'));
});

test('a case is handed to a colleague who may work on it, and to nobody else', async () => {
  const id = await inHand();
  expect((await act(id, { type: 'hand-over', to: 'agent' })).status).toBe(400);
  expect((await act(id, { type: 'hand-over', to: 'boss' })).body).toMatchObject({ owner: 'boss' });
});

test('a corrective action closes it too, with words alone', async () => {
  const id = await inHand({ kind: 'called-after-refusal' });
  await answer(id);
  await act(id, { type: 'attach-evidence', kind: 'corrective-action', text: 'the list was taken out of use' });
  expect((await act(id, { type: 'close', upheld: true, text: 'done' })).body).toMatchObject({ state: 'closed' });
});

test.each([
  ['an empty file', 'a.txt', '', 400],
  ['a page that would run', 'a.html', '<script>', 400],
  ['a page under another name', 'a.pdf', '<script>', 400],
  ['a file that is too large', 'a.txt', 'x'.repeat(20_000_001), 413],
])('refused as evidence: %s', async (_name, fileName, body, status) => {
  const id = await inHand();
  expect((await put(id, fileName, Buffer.from(body))).status).toBe(status);
});

test('the letter of answer is made in both languages and both forms, kept, and sent as the answer', async () => {
  const id = await inHand();
  const make = (language: string, more: object = {}, who = 'boss'): Promise<Answer> =>
    rig.ask(who, 'POST', `/complaints/${id}/letters`, {
      language,
      found: '查无同意记录。\n已核对录音。',
      answer: '我们向您致歉。',
      ...more,
    });
  const made = (await make('zh-CN')).body as Complaint;
  expect(trail()).toEqual([['boss', 'complaint.add-letter', true]]);
  const [letter] = made.letters ?? [];
  expect(letter).toMatchObject({ by: 'boss', language: 'zh-CN', answer: '我们向您致歉。' });
  expect(letter?.files.map(({ fileName }) => fileName)).toEqual([`${made.number}-答复函-1.docx`, `${made.number}-答复函-1.pdf`]);
  for (const { fileId, form, sizeBytes, sha256: hash } of letter?.files ?? []) {
    const { bytes } = await rig.ask('inspector', 'GET', `/complaints/${id}/files/${fileId}`);
    expect([bytes.length, sha256(bytes)]).toEqual([sizeBytes, hash]);
    expect(bytes.subarray(0, form === 'pdf' ? 5 : 2).toString()).toBe(form === 'pdf' ? '%PDF-' : 'PK');
  }
  const words = await docxOf(id, letter?.files[0]?.fileId ?? '');
  for (const part of [
    made.number,
    '王女士',
    '北方客户有限公司',
    'you called me at dinner',
    '查无同意记录。',
    '已核对录音。',
    '我们向您致歉。',
    '12300',
    '示例呼叫中心有限公司',
    '沪B2-20260001',
  ])
    expect(words).toContain(part);
  expect(words).toContain(made.complainant.numberMasked);
  expect(words).not.toMatch(/1390000\d{4}/);

  const second = ((await make('en')).body as Complaint).letters?.[1];
  expect(await docxOf(id, second?.files[0]?.fileId ?? '')).toContain('Answer to your complaint');
  expect(second?.files[0]?.fileName).toBe(`${made.number}-answer-2.docx`);

  expect(await answer(id, { letterId: 'of another case' })).toMatchObject({
    status: 409,
    body: { details: { refused: 'letter-missing' } },
  });
  expect((await answer(id, { letterId: second?.letterId })).body).toMatchObject({
    answers: [{ how: 'letter', letterId: second?.letterId }],
  });
  // A closed case cannot be answered.
  await act(id, { type: 'attach-evidence', kind: 'corrective-action', text: 'trained' });
  await act(id, { type: 'close', upheld: true, text: 'done' });
  expect((await make('en')).status).toBe(409);
});

test('the whole number stands in a letter only with the right and a reason, and is read only by those who may', async () => {
  const id = await inHand();
  const whole = { language: 'en', found: 'x', answer: 'y', wholeNumberReason: 'the post office asks for it' };
  const [letter] = ((await rig.ask('boss', 'POST', `/complaints/${id}/letters`, whole)).body as Complaint).letters ?? [];
  expect(rig.audited[0]).toMatchObject({ what: 'number.unmasked', object: `complaint:${id}`, reason: 'the post office asks for it' });
  expect(letter?.whole).toBe(true);
  const [file] = letter?.files ?? [];
  expect(await docxOf(id, file?.fileId ?? '')).toMatch(/1390000\d{4}/);
  expect((await rig.ask('inspector', 'GET', `/complaints/${id}/files/${file?.fileId ?? ''}`)).status).toBe(403);
  expect(JSON.stringify(await caseOf(id))).not.toMatch(/1390000\d{4}/);
});

test('a letter says nothing without words, and none is made of a case that nobody has in hand', async () => {
  const id = await inHand();
  expect((await rig.ask('boss', 'POST', `/complaints/${id}/letters`, { language: 'en', found: ' ', answer: 'y' })).status).toBe(400);
  await act(id, { type: 'give-back', text: 'ill' });
  expect(await rig.ask('boss', 'POST', `/complaints/${id}/letters`, { language: 'en', found: 'x', answer: 'y' })).toMatchObject({
    status: 409,
    body: { details: { refused: 'wrong-state' } },
  });
});

test('a file whose bytes were changed in the store is not given out', async () => {
  const id = await inHand();
  const { fileId } = (await put(id, 'a.txt', Buffer.from('as it was'))).body as { fileId: string };
  await rig.stores.objects.putObject(BUCKET, `complaints/${id}/${fileId}`, Buffer.from('as it is!'));
  expect(await rig.ask('boss', 'GET', `/complaints/${id}/files/${fileId}`)).toMatchObject({ status: 409, body: { code: 'file-damaged' } });
});

test('what was put and given up is gone after a day; what a case names stays', async () => {
  const id = await inHand();
  const files = createCaseFiles(rig.stores.mongo, rig.stores.objects, BUCKET);
  const about = { complaintId: id, contentType: 'text/plain', at: new Date(Date.now() - 2 * 86_400_000), by: 'boss', whole: false };
  await files.put({ ...about, fileId: 'given-up', fileName: 'a.txt' }, Buffer.from('a'));
  await files.put({ ...about, fileId: 'named', fileName: 'b.txt' }, Buffer.from('b'));
  // As if the process had ended after the case named the file and before the file's record said so.
  const { evidence } = await caseOf(id);
  await rig.stores.mongo
    .collection<{ _id: string }>('complaints')
    .updateOne({ _id: id }, { $set: { evidence: [...evidence, { kind: 'consent', text: 'x', file: { fileId: 'named' } }] } });
  const again = rig.worker();
  await again.start();
  await until(
    () => files.byId('given-up'),
    (found) => found === undefined,
  );
  await again.stop();
  expect(await files.byId('named')).toBeDefined();
  await expect(rig.stores.objects.statObject(BUCKET, `complaints/${id}/given-up`)).rejects.toThrow();
});

/** The words of a DOCX of the case. */
async function docxOf(id: string, fileId: string): Promise<string> {
  const { bytes } = await rig.ask('boss', 'GET', `/complaints/${id}/files/${fileId}`);
  return Object.entries(unzipSync(bytes))
    .filter(([name]) => name.startsWith('word/') && name.endsWith('.xml'))
    .map(([, part]) => strFromU8(part))
    .join('');
}
