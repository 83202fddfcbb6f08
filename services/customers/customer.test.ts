import { expect, test } from '@jest/globals';
import type { CustomerField } from '../shared/contracts/customer.js';
import { changedFields, fieldFaults, leaving, merged, mergedAway, restored, searchKeys, searchText, withoutMerge } from './customer.js';
import { readCustomers } from './customer-list.js';
import type { StoredCustomer } from './ports.js';

const fields: readonly CustomerField[] = [
  { id: 'level', label: { 'zh-CN': '会员等级', en: 'Level' }, kind: 'choice', choices: ['gold', 'silver'] },
  { id: 'since', label: { 'zh-CN': '入会日期', en: 'Member since' }, kind: 'date', choices: [] },
  { id: 'shop', label: { 'zh-CN': '门店', en: 'Shop' }, kind: 'text', choices: [] },
];
const numberOf = (id: string) => ({ id, hash: `hash-${id}`, masked: '138****0001' });
const customerOf = (id: string, numbers: readonly string[]): StoredCustomer => ({
  id,
  unit: 'north',
  name: `name of ${id}`,
  fields: { shop: id },
  tags: [],
  note: '',
  numbers: numbers.map(numberOf),
  version: 1,
  madeAt: '2026-11-30T01:00:00.000Z',
  madeBy: 'Anna',
  changedAt: '2026-11-30T01:00:00.000Z',
  changedBy: 'Anna',
  merged: [],
});
const stamp = { changedAt: '2026-11-30T02:00:00.000Z', changedBy: 'Li' };

test('a value fits its field: a choice, a day that is one, and no field that the site does not have', () => {
  expect(fieldFaults(fields, { level: 'gold', since: '2024-02-29', shop: 'anything' })).toEqual([]);
  expect(fieldFaults(fields, { level: '', since: '' })).toEqual([]);
  expect(fieldFaults(fields, { level: 'bronze', since: '2025-02-29', secret: 'x' }).map(({ at }) => at)).toEqual([
    'fields.level',
    'fields.since',
    'fields.secret',
  ]);
});

test('a change takes away what is empty and leaves what it does not name, also values of fields that the site took out', () => {
  expect(changedFields({ shop: 'A', old: 'kept' }, { shop: '', level: 'gold' })).toEqual({ old: 'kept', level: 'gold' });
});

test.each([
  ['王小明', ['王', '王小', '小明', '明'], ['明小']],
  ['Anna-Maria  Smith', ['anna', 'ANNA-M', 'maria', 'smi'], ['mith', 'nna']],
  ['ｗａｎｇ Wei', ['wang', 'wei'], ['ang']],
])('%s is found by the beginning of each word and each Chinese character', (name, found, not) => {
  const keys = searchKeys({ name, tags: ['VIP'] });
  const finds = (text: string): boolean => keys.some((key) => key.startsWith(searchText(text)));
  expect(found.filter((text) => !finds(text))).toEqual([]);
  expect(not.filter(finds)).toEqual([]);
  expect(finds('vip')).toBe(true);
});

test('the other customer of a merge gives its numbers and keeps what it was; taken apart, each has what it had', () => {
  const [one, other] = [customerOf('one', ['a']), customerOf('other', ['b', 'c'])];
  const away = mergedAway(other, 'one', stamp);
  expect(away).toMatchObject({ mergedInto: 'one', version: 2, name: 'name of other', numbers: other.numbers });
  const both = merged(one, away, { ...stamp, reason: 'the same person' });
  expect(both.numbers.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(both.merged).toEqual([
    { id: 'other', name: 'name of other', at: stamp.changedAt, by: 'Li', reason: 'the same person', numberIds: ['b', 'c'] },
  ]);
  // A number that was taken away in the meantime does not come back.
  const left = leaving({ ...both, numbers: both.numbers.filter(({ id }) => id !== 'c') }, 'other', stamp);
  expect(left.numbers.map(({ id }) => id)).toEqual(['a']);
  // Repeating the step after a stop here changes nothing.
  expect(leaving(left, 'other', stamp)).toBe(left);
  const back = restored(away, left.merged[0], stamp);
  expect(back).toMatchObject({ name: 'name of other', fields: { shop: 'other' }, numbers: [numberOf('b')] });
  expect(back.mergedInto).toBeUndefined();
  expect(withoutMerge(left, 'other', stamp).merged).toEqual([]);
});

test('a list is read by heads as people write them, with the fields of the site; each refused row has its first fault', () => {
  const list = readCustomers(
    [
      ['电话号码*', '客户姓名', '标签', '会员等级', 'since', '多余'],
      ['138 0000 0001；021-61234567', '王女士', '会员、 老客户', 'gold', '2024-01-02', 'x'],
      ['12', '李先生', '', '', '', ''],
      ['13800000002', '', '', '', '', ''],
      ['13800000003', '赵女士', '', 'bronze', '', ''],
      ['', '', '', '', '', ''],
      ['13800000001', '另一位', '', '', '', ''],
      ['13800000004', '钱', 'x'.repeat(31), '', '', ''],
    ],
    fields,
  );
  expect(list.missing).toEqual([]);
  expect(list.rows).toEqual([
    {
      line: 2,
      numbers: ['13800000001', '02161234567'],
      name: '王女士',
      tags: ['会员', '老客户'],
      note: '',
      fields: { level: 'gold', since: '2024-01-02' },
    },
  ]);
  expect(list.refused).toEqual([
    { line: 3, fault: 'number' },
    { line: 4, fault: 'name' },
    { line: 5, fault: 'field' },
    { line: 7, fault: 'repeated' },
    { line: 8, fault: 'tags' },
  ]);
  expect(readCustomers([['name']], fields)).toEqual({ rows: [], refused: [], missing: ['number'] });
});
