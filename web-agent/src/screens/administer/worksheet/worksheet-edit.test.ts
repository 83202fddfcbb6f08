import { expect, test } from '@jest/globals';
import { Worksheet } from '../../../../../services/shared/contracts/workspace.js';
import { coded, emptySheet, faultsOf, newField, raised, renamed, withoutResult, withResult } from './worksheet-edit.js';

const name = (en: string): { 'zh-CN': string; en: string } => ({ 'zh-CN': `${en}中`, en });

test('results are added, named, moved and taken away at their place in the tree', () => {
  let tree = renamed(withResult([], []), [0], name('Return'));
  tree = renamed(withResult(tree, []), [1], name('Repair'));
  tree = renamed(withResult(tree, [0]), [0, 0], name('Exchange'));
  expect(tree.map(({ name: { en }, children }) => [en, children.length])).toEqual([
    ['Return', 1],
    ['Repair', 0],
  ]);
  expect(raised(tree, [1]).map(({ name: { en } }) => en)).toEqual(['Repair', 'Return']);
  expect(raised(tree, [0])).toEqual(tree);
  expect(withoutResult(tree, [0, 0])[0]?.children).toEqual([]);
});

test('what is new gets a code of its own, what is there keeps it, and the server takes the sheet', () => {
  const fields = [
    { ...newField, id: 'card-number', label: name('Card') },
    { ...newField, label: name('Card number') },
    { ...newField, label: { 'zh-CN': '备注', en: '备注' } },
  ];
  const dispositions = renamed(withResult([{ code: 'sold', name: name('Anything'), children: [] }], [0]), [0, 0], name('Sold!'));
  const sheet = coded({ ...emptySheet, fields, dispositions });
  expect(sheet.fields.map(({ id }) => id)).toEqual(['card-number', 'card-number-2', 'field']);
  expect(sheet.dispositions[0]).toMatchObject({ code: 'sold', children: [{ code: 'sold-2' }] });
  expect(Worksheet.safeParse({ ...sheet, queueId: 'service' }).success).toBe(true);
});

test('a name is needed in both languages, and a choice needs its choices', () => {
  expect(faultsOf({ ...emptySheet, fields: [{ ...newField, kind: 'choice' }], dispositions: withResult([], []) })).toEqual([
    'fieldName',
    'choices',
    'resultName',
  ]);
  expect(faultsOf(emptySheet)).toEqual([]);
});
