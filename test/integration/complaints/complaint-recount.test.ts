import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ShownComplaint } from '../../../services/shared/contracts/api/customers/complaint-case.js';
import { ComplaintRig, type Answer } from './complaint-rig.js';

// Changing the province or kind of a case: the page shows what becomes of the deadline, saves exactly that, and keeps it with the case and
// its rows.

let rig: ComplaintRig;
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  rig = await ComplaintRig.start([
    ['boss', 'supervisor'],
    ['colleague', 'supervisor'],
    ['compliance', 'compliance'],
    ['inspector', 'inspector'],
    ['agent', 'agent'],
  ]);
  // The worker brings the rules.
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

const trail = () => rig.audited.map(({ what, success, reason }) => [what, success, ...(reason === undefined ? [] : [reason])]);
let serial = 0;
async function opened(more: object = {}): Promise<ShownComplaint> {
  serial += 1;
  const number = `1390000${String(serial).padStart(4, '0')}`;
  const { body } = await rig.ask('agent', 'POST', '/complaints', { kind: 'waiting', text: 'waited for an hour', number, ...more });
  rig.audited.length = 0;
  return body as ShownComplaint;
}
const act = (id: string, step: object, more: object = {}, who = 'boss'): Promise<Answer> =>
  rig.ask(who, 'POST', `/complaints/${id}/act`, { act: step, ...more });
const ahead = (id: string, query: Record<string, string>, who = 'boss'): Promise<Answer> =>
  rig.ask(who, 'GET', `/complaints/${id}/recount?${new URLSearchParams(query).toString()}`);

test('the province is corrected with a reason, the deadline as it was shown before, and back; the case and the rows keep both', async () => {
  const { id, clocks, provinceFrom } = await opened();
  expect(provinceFrom).toBe('site');
  const dueAt = clocks[0]?.dueAt;
  const shown = (await ahead(id, { province: '河南省' })).body as { outcome: string; dueAt: string; next: { dueAt: string } };
  expect(shown).toMatchObject({ outcome: 'earlier', dueAt, next: { basis: '河南省电信条例 38' }, isPast: false });
  expect(shown.next.dueAt < shown.dueAt).toBe(true);
  const change = { type: 'change-province', province: 'Henan', text: 'she gave her address' };
  expect(await act(id, { ...change, text: undefined })).toMatchObject({ status: 409, body: { details: { refused: 'text-missing' } } });
  expect(await act(id, { ...change, province: '火星' })).toMatchObject({ status: 400 });
  // The deadline differs from the one that the page showed: nothing is saved.
  expect(await act(id, { ...change, seenDueAt: dueAt })).toMatchObject({
    status: 409,
    body: { details: { refused: 'changed-meanwhile' } },
  });
  const { body } = await act(id, { ...change, seenDueAt: shown.next.dueAt });
  expect(body).toMatchObject({
    ...{ province: '河南', provinceFrom: 'stated' },
    clocks: [{ ruleId: 'henan', dueAt: shown.next.dueAt, recounted: [{ ruleId: 'default', dueAt, by: 'boss', text: change.text }] }],
  });
  expect((body as ShownComplaint).actions.at(-1)).toMatchObject({
    ...{ what: 'province-changed', text: '河南', was: '上海', reason: change.text, due: { from: dueAt, to: shown.next.dueAt } },
  });
  expect(trail()).toEqual([
    ['complaint.change-province', false, 'text-missing'],
    ['complaint.change-province', false, 'changed-meanwhile'],
    ['complaint.change-province', true],
  ]);
  expect((await ahead(id, { province: '上海' })).body).toMatchObject({ outcome: 'later', next: { dueAt } });
  expect((await act(id, { ...change, province: '上海' })).body).toMatchObject({
    clocks: [{ dueAt, recounted: [{}, { ruleId: 'henan' }] }],
  });
});

test('another kind moves no deadline in silence: later needs a reason', async () => {
  const rules = (await rig.ask('compliance', 'GET', '/complaints/rules')).body as { table: { version: number; rules: object[] } };
  const strict = {
    ...{ id: 'waiting-1', kind: 'waiting', answer: { days: 6, unit: 'calendar' }, target: { days: 2, unit: 'calendar' } },
    ...{ basis: 'house rule', confirmed: true },
  };
  const body = { rules: [...rules.table.rules, strict], version: rules.table.version };
  expect((await rig.ask('compliance', 'PUT', '/complaints/rules', body)).status).toBe(200);
  const { id, clocks } = await opened();
  expect(clocks[0]?.ruleId).toBe('waiting-1');
  expect((await ahead(id, { kind: 'attitude' })).body).toMatchObject({ outcome: 'later' });
  expect(await act(id, { type: 'change-kind', kind: 'attitude' })).toMatchObject({ body: { details: { refused: 'text-missing' } } });
  const changed = (await act(id, { type: 'change-kind', kind: 'attitude', text: 'it was about manners' })).body as ShownComplaint;
  expect(changed.actions.at(-1)).toMatchObject({ was: 'waiting', reason: 'it was about manners', due: { from: clocks[0]?.dueAt } });
  expect((await act(id, { type: 'change-kind', kind: 'waiting' })).body).toMatchObject({ clocks: [{ dueAt: clocks[0]?.dueAt }] });
  // A newer version of the rules moves no running clock, not even when the kind changes.
  expect((await rig.ask('compliance', 'PUT', '/complaints/rules', { rules: rules.table.rules })).status).toBe(200);
  expect((await ahead(id, { kind: 'attitude' })).body).toMatchObject({ outcome: 'later' });
  expect((await ahead(id, { kind: 'attitude' }, 'inspector')).status).toBe(403);
  expect((await ahead(id, {})).status).toBe(400);
});

test('of two who take a step at once one wins, and no row says that the other did', async () => {
  const { id, revision } = await opened();
  const both = await Promise.all(['boss', 'colleague'].map((who) => act(id, { type: 'take' }, { revision }, who)));
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  const rows = rig.audited.filter(({ what }) => what === 'complaint.take');
  expect(rows.map(({ success, reason }) => [success, reason]).sort()).toEqual([
    [false, 'changed-meanwhile'],
    [true, undefined],
  ]);
  const { owner } = (await rig.ask('boss', 'GET', `/complaints/${id}`)).body as ShownComplaint;
  expect(rows.find(({ success }) => success)?.who).toBe(owner);
});

test('rules that were stored with a province as 河南省 are shown by its name and can be saved', async () => {
  const { table } = (await rig.ask('compliance', 'GET', '/complaints/rules')).body as {
    table: { version: number; rules: { id: string; province?: string }[] };
  };
  const written = table.rules.map((rule) => (rule.province === '河南' ? { ...rule, province: '河南省' } : rule));
  await rig.stores.mongo
    .collection<{ _id: number }>('complaint_rules')
    .insertOne({ ...{ _id: table.version + 1, validFrom: '2026-01-01T00:00:00Z' }, ...{ rules: written } });
  const read = (await rig.ask('compliance', 'GET', '/complaints/rules')).body as { table: typeof table };
  expect(read.table).toMatchObject({ version: table.version + 1 });
  expect(read.table.rules.map(({ province }) => province)).toEqual(table.rules.map(({ province }) => province));
  // This also works from a page that still holds the rules as they were written.
  const put = (rules: object[]): Promise<Answer> => rig.ask('compliance', 'PUT', '/complaints/rules', { rules });
  expect((await put(written)).body).toMatchObject({ rules: expect.arrayContaining([expect.objectContaining({ province: '河南' })]) });
  expect(JSON.stringify((await put([...written, { ...written[1], id: 'mars', province: '火星' }])).body)).toContain('province');
  const twice = [...table.rules, { ...table.rules.find(({ province }) => province === '河南'), id: 'henan-2', province: '河南省' }];
  expect(await put(twice)).toMatchObject({ status: 400 });
});
