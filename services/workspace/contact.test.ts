import { expect, test } from '@jest/globals';
import { Worksheet, type ContactEntry } from '../shared/contracts/workspace.js';
import { dispositionsOn, entryFaults, forOthers, resultNames } from './contact.js';

const name = { 'zh-CN': '名', en: 'name' };
const worksheet = Worksheet.parse({
  queueId: 'service',
  dispositions: [
    {
      code: 'question',
      name,
      children: [
        { code: 'price', name },
        { code: 'other', name },
      ],
    },
    { code: 'wrong-number', name },
  ],
  fields: [
    { id: 'order', label: name, kind: 'text', required: true },
    { id: 'channel', label: name, kind: 'choice', choices: ['app', 'shop'] },
    { id: 'amount', label: name, kind: 'number' },
    { id: 'day', label: name, kind: 'date' },
  ],
});
const good: ContactEntry = { notes: '', disposition: ['question', 'price'], fields: { order: '17' } };

test.each<[string, Partial<ContactEntry>, string[]]>([
  ['a leaf of the tree', {}, []],
  ['a leaf on the first level', { disposition: ['wrong-number'] }, []],
  ['nothing chosen', { disposition: [] }, ['disposition']],
  ['a branch only', { disposition: ['question'] }, ['disposition']],
  ['a code of another branch', { disposition: ['wrong-number', 'price'] }, ['disposition']],
  ['a required field of blanks', { fields: { order: '  ' } }, ['fields.order']],
  ['something that is no choice', { fields: { order: '1', channel: 'fax' } }, ['fields.channel']],
  ['no number and no date', { fields: { order: '1', amount: 'much', day: 'today' } }, ['fields.amount', 'fields.day']],
])('%s', (_case, change, places) => {
  expect(entryFaults(worksheet, { ...good, ...change }).map(({ at }) => at)).toEqual(places);
});

test('a queue without a worksheet asks for nothing', () => {
  expect(entryFaults(undefined, { notes: '', disposition: [], fields: {} })).toEqual([]);
});

test('the way through the tree is found by its codes', () => {
  expect(dispositionsOn(worksheet.dispositions, ['question', 'other'])?.map(({ code }) => code)).toEqual(['question', 'other']);
  expect(dispositionsOn(worksheet.dispositions, ['nothing'])).toBeUndefined();
});

test.each([
  ['a code used twice', { dispositions: [{ code: 'a', name, children: [{ code: 'a', name }] }] }],
  [
    'five levels',
    { dispositions: [1, 2, 3, 4, 5].reduceRight<object[]>((below, level) => [{ code: `l${level}`, name, children: below }], []) },
  ],
  ['a choice without choices', { fields: [{ id: 'c', label: name, kind: 'choice' }] }],
])('a worksheet with %s is refused', (_case, change) => {
  expect(Worksheet.safeParse({ queueId: 'service', ...change }).success).toBe(false);
});

test('of a sensitive field others see the end, and of a short one nothing', () => {
  const sheet = Worksheet.parse({
    queueId: 'service',
    fields: [
      { id: 'card', label: name, kind: 'text', sensitive: true },
      { id: 'code', label: name, kind: 'text', sensitive: true },
      { id: 'order', label: name, kind: 'text' },
    ],
  });
  const contact = {
    ...good,
    callId: 'c',
    agentId: 'a',
    at: '',
    updatedAt: '',
    fields: { card: '6222020000001234', code: '123', order: '17' },
  };
  expect(forOthers(contact, sheet).fields).toEqual({ card: '****1234', code: '****', order: '17' });
  expect(forOthers(contact, undefined).fields).toEqual(contact.fields);
});

test('results are named with their groups; queues that name one way differently are both named', () => {
  const of = (zh: string, en: string) => ({ 'zh-CN': zh, en });
  const sheetOf = (bill: { 'zh-CN': string; en: string }) => ({
    dispositions: [{ code: 'complaint', name: of('投诉', 'Complaint'), children: [{ code: 'bill', name: bill, children: [] }] }],
  });
  const names = resultNames([sheetOf(of('账单', 'Bill')), sheetOf(of('账单', 'Bill')), sheetOf(of('费用', 'Fees'))]);
  expect([...names]).toEqual([
    ['complaint', of('投诉', 'Complaint')],
    ['complaint/bill', of('投诉 / 账单；投诉 / 费用', 'Complaint / Bill; Complaint / Fees')],
  ]);
});
