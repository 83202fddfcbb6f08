import { describe, expect, test } from '@jest/globals';
import { createSecretCipher } from '../shared/platform/stores/secret-cipher.js';
import { readSheet } from '../shared/platform/files/sheet-reader.js';
import { demoRows } from './demo-data.js';
import { column, readCell } from './field.js';
import { readImport } from './import.js';
import type { Change, EntryStore, ImportBatch, ImportStore } from './ports.js';
import { checkValues, inForce, type Approval, type Entry } from './register.js';
import { registers, type RegisterName } from './registers.js';
import { createRegistry, type Registry } from './registry-service.js';
import writeXlsx from 'write-excel-file/node';

const masterKey = Buffer.alloc(32, 7).toString('base64');
const person = { userId: 'u1', from: '127.0.0.1' };

function fakeEntries(): EntryStore & { readonly rows: Map<string, Entry>; failAfter: number } {
  const rows = new Map<string, Entry>();
  const history: Change[] = [];
  const store = {
    rows,
    failAfter: Infinity,
    all: async (register: string) => [...rows.values()].filter((entry) => entry.register === register),
    one: async (register: string, key: string) => rows.get(`${register}/${key}`),
    put: async (entry: Entry, expected: number) => {
      if ((store.failAfter -= 1) < 0) throw new Error('the store went away');
      expect(rows.get(`${entry.register}/${entry.key}`)?.revision ?? 0).toBe(expected);
      rows.set(`${entry.register}/${entry.key}`, entry);
      history.push(entry);
    },
    approve: async (register: string, key: string, approval: Approval) => {
      const row = rows.get(`${register}/${key}`);
      if (row === undefined || row.revision !== approval.revision || row.updatedBy === approval.by) return false;
      if (row.approval?.revision === approval.revision) return false;
      rows.set(`${register}/${key}`, { ...row, approval });
      return true;
    },
    remove: async (register: string, key: string) => void rows.delete(`${register}/${key}`),
    history: async () => history,
  };
  return store;
}

function fakeImports(): ImportStore & { readonly staged: Map<string, ImportBatch> } {
  const staged = new Map<string, ImportBatch>();
  return {
    staged,
    stage: async (batch) => void staged.set(batch.importId, batch),
    applied: async (importId) => void staged.delete(importId),
    unfinished: async () => [...staged.values()],
  };
}

function setUp(): { registry: Registry; entries: ReturnType<typeof fakeEntries>; imports: ReturnType<typeof fakeImports>; acts: string[] } {
  const entries = fakeEntries();
  const imports = fakeImports();
  const acts: string[] = [];
  let [n, moment] = [0, 0];
  const registry = createRegistry({
    entries,
    imports,
    cipher: createSecretCipher([masterKey], 'registry identity numbers'),
    audit: async ({ what }) => void acts.push(what),
    // Each change has a time of its own: two at the same moment by the same person would count as one.
    now: () => new Date(Date.parse('2026-01-05T00:00:00Z') + (moment += 1)),
    newId: () => `id${(n += 1)}`,
  });
  return { registry, entries, imports, acts };
}

const staffHeads = ['工号', '姓名', '岗位', '劳动合同起', '证件号码'];

test('a sheet with bad lines is reported line by line and nothing of it is imported', async () => {
  const { registry, entries } = setUp();
  const report = await registry.importRows(
    person,
    'staff',
    readImport(registers.staff, [
      staffHeads,
      ['1', '甲', '坐席人员', '2025-01-01', ''],
      ['2', '', '坐席人员', '2025-02-30', ''],
      ['1', '丙', '厨师', '2025/3/1', ''],
    ]),
    false,
  );
  expect(report.imported).toBe(0);
  expect(report.bad.map(({ line, field }) => `${line} ${field}`)).toEqual(['3 name', '3 contractFrom', '4 job']);
  expect(entries.rows.size).toBe(0);
});

test('an import that a stop interrupted is finished at the next start, each row once', async () => {
  const { registry, entries, imports } = setUp();
  const sheet = readImport(registers.staff, [staffHeads, ...['1', '2', '3'].map((n) => [n, '甲', 'agent', '2025-01-01', ''])]);
  entries.failAfter = 2;
  await expect(registry.importRows(person, 'staff', sheet, false)).rejects.toThrow('went away');
  expect(imports.staged.size).toBe(1);
  entries.failAfter = Infinity;
  await registry.resumeImports();
  expect([...entries.rows.values()].map(({ key, revision }) => `${key}@${revision}`)).toEqual(['1@1', '2@1', '3@1']);
  expect(imports.staged.size).toBe(0);
});

test('identity numbers are sealed at rest, masked on pages, revealed only with an audit row', async () => {
  const { registry, entries, acts } = setUp();
  const values = { staffNumber: '1', name: '甲', job: 'agent', contractFrom: '2025-01-01', identityNumber: '110101199001010015' };
  const written = await registry.write(person, 'staff', values, 0);
  expect(written.values['identityNumber']).toBe('110***********0015');
  expect(JSON.stringify([...entries.rows.values()])).not.toContain('110101199001010015');
  const again = await registry.write(person, 'staff', { ...written.values, name: '乙' }, 1, '1');
  expect(again.values['identityNumber']).toBe('110***********0015');
  expect(await registry.reveal(person, 'staff', '1', 'identityNumber', '证件核对')).toBe('110101199001010015');
  expect(acts).toEqual(['registry.written', 'registry.written', 'identity.revealed']);
});

test('a sealed number does not open in another row', () => {
  const cipher = createSecretCipher([masterKey], 'registry identity numbers');
  expect(() => cipher.open(cipher.seal('110101199001010015', 'staff/1'), 'staff/2')).toThrow('cannot be opened');
});

test.each([
  ['an unknown column', { siteId: 'S', name: 'n', kind: 'office', address: 'a', province: '北京', colour: 'red' }, 'colour'],
  ['a choice that does not exist', { siteId: 'S', name: 'n', kind: 'castle', address: 'a', province: '北京' }, 'kind'],
  ['a missing required column', { siteId: 'S', name: 'n', kind: 'office', address: 'a' }, 'province'],
])('%s is refused by name', (_name, values, field) => {
  const checked = checkValues(registers.sites, values);
  expect('problems' in checked && checked.problems[0]?.field).toBe(field);
});

test('the class B21 of some articles is not accepted: B24-1 is the class of a call centre', () => {
  const checked = checkValues(registers.licence, {
    number: '京B2-20240001',
    class: 'B21',
    scope: 'provincial',
    authority: 'a',
    issuedOn: '2024-01-01',
    validUntil: '2029-01-01',
  });
  expect(checked).toHaveProperty('problems');
});

test('CSV in GB 18030 and XLSX with dates and shared strings are read alike', async () => {
  // "工号,姓名" in GB 18030.
  const gb = Uint8Array.from([0xb9, 0xa4, 0xba, 0xc5, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0x31, 0x2c, 0xbc, 0xd7, 0x0a]);
  expect(readSheet(gb, { rows: 100, columns: 30 })).toEqual([
    ['工号', '姓名'],
    ['1', '甲'],
  ]);
  const xlsx = await writeXlsx([
    [{ value: '工号' }, { value: '劳动合同起' }],
    [{ value: '1' }, { value: new Date(Date.UTC(2025, 0, 31)), format: 'yyyy-mm-dd' }],
  ]).toBuffer();
  const { rows, bad } = readImport(
    { ...registers.staff, fields: registers.staff.fields.filter(({ key }) => ['staffNumber', 'contractFrom'].includes(key)) },
    readSheet(xlsx, { rows: 100, columns: 30 }),
  );
  expect(bad).toEqual([]);
  expect(rows[0]?.values).toEqual({ staffNumber: '1', contractFrom: '2025-01-31' });
  // A cell with a date and a time of day, and one with only a date.
  const moments = await writeXlsx([
    [
      { value: new Date(Date.UTC(2026, 2, 31, 14, 5)), format: 'yyyy-mm-dd hh:mm' },
      { value: new Date(Date.UTC(2026, 2, 31)), format: 'yyyy-mm-dd' },
    ],
  ]).toBuffer();
  const moment = column('at', '时间', 'Time', 'date-time');
  const [cells = []] = readSheet(moments, { rows: 100, columns: 30 });
  expect(cells.map((cell) => readCell(moment, cell))).toEqual(['2026-03-31T14:05:00+08:00', '2026-03-31T00:00:00+08:00']);
});

test('every bad line of a sheet is named with its column, in both languages', () => {
  const { rows, bad } = readImport(registers.sites, [
    ['siteId', 'name', 'kind', 'address', 'province', 'areaM2'],
    ['S1', '机房', '机房', '路1号', '北京', '40'],
    ['S2', '大厅', '城堡', '路2号', '北京', '很大'],
    ['S1', '机房', '机房', '', '北京', '40'],
  ]);
  expect(rows).toEqual([]);
  expect(bad).toContainEqual({
    line: 3,
    field: 'kind',
    message: expect.objectContaining({ zh: expect.stringMatching(/^只能是：.*机房/) }),
  });
  expect(bad).toContainEqual({
    line: 3,
    field: 'areaM2',
    message: expect.objectContaining({ zh: '应为不小于 0 的数', en: 'A number, 0 or more.' }),
  });
  expect(bad).toContainEqual({ line: 4, field: 'address', message: { zh: '必填', en: 'This must be filled in.' } });
});

test('heads of a sheet are known by either width of their brackets', () => {
  for (const head of ['持股比例（%）', '持股比例(%)']) {
    const read = readImport(registers.shareholders, [
      ['股东', head, '性质'],
      ['示例甲', '60', '自然人'],
    ]);
    expect(read.bad).toEqual([]);
  }
});

test('a sheet that writes the word for a seat in the other way is read alike', () => {
  for (const head of ['远程坐席', '远程座席'])
    expect(
      readImport(registers.seats, [
        ['坐席号', '场地', '启用日期', head],
        ['101', 'HALL1', '2026-01-01', '是'],
      ]).bad,
    ).toEqual([]);
});

test('a file that is no sheet is refused in words', async () => {
  expect(() => readSheet(Uint8Array.from([0x50, 0x4b, 1, 2, 3]), { rows: 100, columns: 30 })).toThrow(
    expect.objectContaining({ code: 'not-a-sheet' }),
  );
});

test('every demo row is valid in its register', () => {
  const rows = demoRows((offset) => new Date(Date.UTC(2026, 0, 5) + offset * 86_400_000).toISOString().slice(0, 10));
  for (const [name, list] of Object.entries(rows))
    for (const values of list)
      expect({ name, checked: checkValues(registers[name as RegisterName], values) }).toHaveProperty('checked.key');
});

describe('a destination outside', () => {
  const values = { number: '+86 21 6000 0001', name: 'partner', reason: 'claims are settled there', validUntil: '2027-01-01' };
  const other = { userId: 'second', from: '127.0.0.1' };
  const key = '02160000001';

  test('is written in the one form of its number, and is in force when a second person has approved it as it stands', async () => {
    const { registry, entries, acts } = setUp();
    const written = await registry.write(person, 'destinations', values, 0);
    expect(written.key).toBe(key);
    const row = () => entries.rows.get(`destinations/${key}`);
    const isInForce = (): boolean => {
      const entry = row();
      return entry !== undefined && inForce(registers.destinations, entry);
    };
    expect(isInForce()).toBe(false);
    await expect(registry.approve(person, 'destinations', key, 1)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(registry.approve(other, 'destinations', key, 2)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await registry.approve(other, 'destinations', key, 1);
    expect(isInForce()).toBe(true);
    const before = acts.length;
    const third = { userId: 'third', from: '127.0.0.1' };
    await expect(registry.approve(third, 'destinations', key, 1)).rejects.toMatchObject({ code: 'wrong-state' });
    expect(row()?.approval?.by).toBe('second');
    expect(acts).toHaveLength(before);
    await registry.write(person, 'destinations', { ...values, validUntil: '2099-01-01' }, 1, key);
    expect(isInForce()).toBe(false);
  });

  test.each(['60000001', '*21*13800009999#', 'partner', '9990'])('%s is no number of a destination', async (number) => {
    const { registry } = setUp();
    await expect(registry.write(person, 'destinations', { ...values, number }, 0)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('rows of other registers are approved by nobody, and are in force', async () => {
    const { registry, entries } = setUp();
    await registry.write(
      person,
      'rules',
      { ruleId: 'r1', subject: 'access', title: 't', version: '1', approvedBy: 'x', approvedOn: '2026-01-01', owner: 'x' },
      0,
    );
    await expect(registry.approve(other, 'rules', 'r1', 1)).rejects.toMatchObject({ code: 'not-found' });
    const entry = entries.rows.get('rules/r1');
    expect(entry !== undefined && inForce(registers.rules, entry)).toBe(true);
  });
});

describe('choices', () => {
  const site = { siteId: 'S', name: 'n', kind: 'office', address: 'a' };
  test('a province is one of the list, however a sheet writes it', () => {
    expect(checkValues(registers.sites, { ...site, province: '河南省' })).toHaveProperty('problems');
    const heads = ['siteId', 'name', 'kind', 'address', 'province'];
    const { rows, bad } = readImport(registers.sites, [heads, ['S', 'n', 'office', 'a', '河南省'], ['T', 'n', 'office', 'a', 'Henan']]);
    expect({ bad, provinces: rows.map(({ values }) => values['province']) }).toEqual({ bad: [], provinces: ['河南', '河南'] });
    expect(readImport(registers.sites, [heads, ['S', 'n', 'office', 'a', '火星']]).bad).toHaveLength(1);
  });

  test('a list of choices takes those alone', () => {
    const member = { staffNumber: '1', name: '甲', job: 'agent', contractFrom: '2025-01-01' };
    expect(checkValues(registers.staff, { ...member, duties: ['安全责任人', '技术负责人'] })).toHaveProperty('values');
    expect(checkValues(registers.staff, { ...member, duties: ['安全负责人'] })).toHaveProperty('problems');
  });

  test('a material is one of the list', () => {
    expect(checkValues(registers.materials, { materialId: 'articles', state: 'uploaded' })).toHaveProperty('values');
    expect(checkValues(registers.materials, { materialId: '公司章程', state: 'uploaded' })).toHaveProperty('problems');
    expect(
      readImport(registers.materials, [
        ['材料', '状态'],
        ['公司章程', '已上传'],
      ]).rows[0]?.key,
    ).toBe('articles');
  });
});

test('numbers whose check digit does not fit are refused in words', () => {
  const member = { staffNumber: '1', name: '甲', job: 'agent', contractFrom: '2025-01-01' };
  const checked = checkValues(registers.staff, { ...member, identityNumber: '110101199001010016' });
  expect('problems' in checked && checked.problems[0]).toMatchObject({
    field: 'identityNumber',
    message: { zh: expect.stringContaining('校验位') },
  });
});

test('the register of the company holds one row, by form and by sheet', async () => {
  const { registry } = setUp();
  const company = { creditCode: '91110000MA0000000H', name: 'a', legalRepresentative: 'b', registeredAddress: 'c', capitalCny: 1 };
  const other = { ...company, creditCode: '91350100M000100Y43' };
  await registry.write(person, 'company', company, 0);
  await registry.write(person, 'company', { ...company, name: 'changed' }, 1, company.creditCode);
  await expect(registry.write(person, 'company', other, 0)).rejects.toMatchObject({ code: 'invalid-request' });
  const sheet = readImport(registers.company, [Object.keys(other), Object.values(other).map(String)]);
  expect((await registry.importRows(person, 'company', sheet, false)).bad).toMatchObject([{ line: 2, field: 'creditCode' }]);
});

test('one column of several rows is changed for all of them or for none, each with its row in the audit log', async () => {
  const { registry, entries, acts } = setUp();
  const fields = registers.staff.fields.map(({ key }) => key);
  const [idField = '', nameField = ''] = fields;
  const rowsOf = (sheet: string[][]) => readImport(registers.staff, sheet);
  await registry.importRows(
    person,
    'staff',
    rowsOf([staffHeads, ['1', '甲', '坐席人员', '2025-01-01', ''], ['2', '乙', '坐席人员', '2025-01-01', '']]),
    false,
  );
  const before = { [nameField]: entries.rows.get('staff/1')?.values[nameField] ?? null };
  const rename = (id: string, was: string, name: string) => ({ id, before: { [nameField]: was }, after: { [nameField]: name } });
  expect(before).toEqual({ [nameField]: '甲' });
  acts.length = 0;
  const both = [rename('1', '甲', '丁'), rename('2', '乙', '丁')];
  expect(await registry.batch(person, 'staff', both, false)).toEqual({ done: false, rows: [{ id: '1' }, { id: '2' }] });
  expect(acts).toEqual([]);
  const refused = await registry.batch(person, 'staff', [both[0]!, rename('2', '丙', '丁'), rename('9', '', '丁')], true);
  expect(refused).toMatchObject({ done: false, rows: [{ id: '1' }, { refused: 'changed' }, { refused: 'out-of-reach' }] });
  const emptied = { id: '1', before: {}, after: { [nameField]: null } };
  expect(await registry.batch(person, 'staff', [emptied], true)).toMatchObject({ rows: [{ refused: 'field', why: { zh: '必填' } }] });
  const keyed = { id: '1', before: {}, after: { [idField]: '7' } };
  expect(await registry.batch(person, 'staff', [keyed], true)).toMatchObject({ rows: [{ refused: 'field' }] });
  expect(entries.rows.get('staff/1')?.values[nameField]).toBe('甲');
  expect((await registry.batch(person, 'staff', both, true)).done).toBe(true);
  expect(['1', '2'].map((id) => entries.rows.get(`staff/${id}`)?.values[nameField])).toEqual(['丁', '丁']);
  expect(['1', '2'].map((id) => entries.rows.get(`staff/${id}`)?.revision)).toEqual([2, 2]);
  expect(acts).toEqual(['registry.written', 'registry.written']);
  const back = both.map(({ id, before: was, after }) => ({ id, before: after, after: was }));
  expect((await registry.batch(person, 'staff', back, true)).done).toBe(true);
  expect(['1', '2'].map((id) => entries.rows.get(`staff/${id}`)?.values[nameField])).toEqual(['甲', '乙']);
});

test('a batch that is interrupted is completed at the next start', async () => {
  const { registry, entries, imports } = setUp();
  const nameField = registers.staff.fields[1]?.key ?? '';
  const sheet = [staffHeads, ['1', '甲', '坐席人员', '2025-01-01', ''], ['2', '乙', '坐席人员', '2025-01-01', '']];
  await registry.importRows(person, 'staff', readImport(registers.staff, sheet), false);
  entries.failAfter = 1;
  const rows = ['1', '2'].map((id) => ({ id, before: {}, after: { [nameField]: '丁' } }));
  await expect(registry.batch(person, 'staff', rows, true)).rejects.toThrow('the store went away');
  expect(imports.staged.size).toBe(1);
  entries.failAfter = Infinity;
  await registry.resumeImports();
  expect(['1', '2'].map((id) => entries.rows.get(`staff/${id}`)?.values[nameField])).toEqual(['丁', '丁']);
});
