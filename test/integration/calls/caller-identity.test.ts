import { storedCall } from '../../support/centre/stored-call.js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createNumberForms } from '../../../services/main/number-forms.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { withheldHash } from '../../../services/shared/platform/reach/number-hash.js';
import type { Complaint } from '../../../services/complaints/cases/complaint.js';
import { ComplaintRig } from '../complaints/complaint-rig.js';

// A person is a number in its one form, or nobody.

let rig: ComplaintRig;
let stopWorker: () => Promise<void>;
const at = new Date(Date.now() - 3_600_000);

beforeAll(async () => {
  rig = await ComplaintRig.start([['boss', 'supervisor']]);
  const worker = rig.worker();
  await worker.start();
  stopWorker = () => worker.stop();
});
afterAll(async () => {
  await stopWorker();
  await rig[Symbol.asyncDispose]();
});

const call = (id: string, callerNumber: string, callerHash: string | undefined) =>
  storedCall({ _id: id, callerNumber, callerHash, agentId: 'anna', agentIds: ['anna'], invitedAt: at });

async function opened(callId: string, kind = 'harassment'): Promise<Complaint> {
  const answer = await rig.ask('boss', 'POST', '/complaints', { kind, text: 'about this call', callId });
  expect(answer.status).toBe(200);
  const stored = await rig.stores.mongo.collection<{ _id: string }>('complaints').findOne({ _id: (answer.body as Complaint).id });
  return stored as unknown as Complaint;
}

test('two complaints of callers who withheld their numbers are two cases, each with its clock and its own call alone', async () => {
  const calls = rig.stores.mongo.collection<{ _id: string }>('calls');
  await calls.insertMany([call('w1', 'anonymous', undefined), call('w2', 'anonymous', undefined)]);
  const [first, second] = [await opened('w1'), await opened('w2')];
  for (const each of [first, second]) {
    expect(each.joinedInto).toBeUndefined();
    expect(each.clocks).toHaveLength(1);
    expect(each.complainant).toEqual({ numberMasked: 'anonymous', sealed: {}, reachable: [] });
  }
  expect([first.callIds, second.callIds]).toEqual([['w1'], ['w2']]);
  // Each recording once: the second complaint holds nothing of the first caller's.
  expect(rig.held).toEqual(['w1', 'w2']);
});

test('a second complaint by another spelling of the number joins the first', async () => {
  const calls = rig.stores.mongo.collection<{ _id: string }>('calls');
  const hash = rig.hashNumber('13700000005');
  await calls.insertMany([call('s1', '13700000005', hash), call('s2', '13700000005', rig.hashNumber('+86 13700000005'))]);
  const first = await opened('s1', 'attitude');
  const answer = await rig.ask('boss', 'POST', '/complaints', { kind: 'attitude', text: 'again', number: '17909013700000005' });
  expect(answer.body).toMatchObject({ joinedInto: expect.any(String) });
  expect((answer.body as Complaint).joinedInto).toBe((first as unknown as { _id: string })._id);
});

test('what an earlier version stored in other spellings, or for a withheld number, is brought into the one form', async () => {
  const { mongo } = rig.stores;
  const nobody = withheldHash(rig.config.MASTER_KEY);
  const collection = (name: string) => mongo.collection<{ _id: string }>(name);
  await collection('calls').insertMany([call('m1', '8613600000006', 'old-spelling'), call('m2', 'anonymous', nobody)]);
  await collection('recordings').insertMany([
    { _id: 'm1', facets: { callerHash: 'old-spelling' } },
    { _id: 'm2', facets: { callerHash: nobody } },
  ] as never);
  await collection('contacts').insertMany([
    { _id: 'm1-anna', callId: 'm1', callerHash: 'old-spelling' },
    { _id: 'm2-anna', callId: 'm2', callerHash: nobody },
  ] as never);
  await collection('sticky_notes').insertOne({ _id: nobody, text: 'of somebody else' } as never);
  await collection('do_not_call').insertOne({
    _id: nobody,
    numberMasked: 'an***mous',
    reason: 'harassment',
    source: 'x',
    at,
    by: 'x',
  } as never);
  await collection('listed_callers').insertMany([
    { _id: '+8613500000007', list: 'black' },
    { _id: '13500000008', list: 'vip' },
  ] as never);
  const forms = createNumberForms({ config: rig.config, mongo, feed: { publish: async () => undefined }, log: silentLogger });
  await forms.start();
  await forms.stop();
  const hash = rig.hashNumber('13600000006');
  expect(await collection('calls').findOne({ _id: 'm1' })).toMatchObject({ callerHash: hash, callerNumber: '8613600000006' });
  expect(await collection('calls').findOne({ _id: 'm2' })).toMatchObject({ callerHash: null });
  expect(await collection('recordings').find({}).sort({ _id: 1 }).toArray()).toEqual([
    { _id: 'm1', facets: { callerHash: hash } },
    { _id: 'm2', facets: {} },
  ]);
  expect(await collection('contacts').find({}).sort({ _id: 1 }).toArray()).toEqual([
    { _id: 'm1-anna', callId: 'm1', callerHash: hash },
    { _id: 'm2-anna', callId: 'm2' },
  ]);
  expect(await collection('sticky_notes').countDocuments({})).toBe(0);
  expect(await collection('do_not_call').countDocuments({})).toBe(0);
  expect((await collection('listed_callers').find({}).sort({ _id: 1 }).toArray()).map(({ _id }) => _id)).toEqual([
    '13500000007',
    '13500000008',
  ]);
  expect(await collection('number_forms').countDocuments({})).toBe(1);
});
