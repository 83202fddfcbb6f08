import { expect, test } from '@jest/globals';
import { campaignTemplate } from '../shared/domain/calls/campaign.js';
import { readRows } from './row-import.js';

test('a list is read by its heads in either language; each row that cannot be taken over is named with its first fault', () => {
  const sheet = [
    ['姓名', '手机号', '备注', ' 订单号 ', '到期日', '订单号'],
    ['王女士', '138 0000 0001', 'order 7', '1024', ' ', 'twice'],
    ['', '12', ''],
    ['', '', ''],
    ['again', '+8613800000001', ''],
    ['x'.repeat(81), '13800000002', ''],
    ['', '13800000003', 'n'.repeat(501)],
    ['', '110', ''],
    ['', '01088880000', '', '', '2026-12-31'],
    ['', '13800000004', '', 'o'.repeat(201)],
  ];
  expect(readRows(sheet)).toEqual({
    missing: [],
    columns: ['name', 'number', 'note'],
    fields: ['订单号', '到期日'],
    unread: ['订单号'],
    rows: [
      {
        line: 2,
        numberMasked: '138****0001',
        contact: { number: '13800000001', name: '王女士', note: 'order 7', fields: [{ name: '订单号', value: '1024' }] },
      },
      {
        line: 9,
        numberMasked: '010****0000',
        contact: { number: '01088880000', name: '', note: '', fields: [{ name: '到期日', value: '2026-12-31' }] },
      },
    ],
    refused: [
      { line: 3, fault: 'number' },
      { line: 5, fault: 'repeated' },
      { line: 6, fault: 'name' },
      { line: 7, fault: 'note' },
      { line: 8, fault: 'number' },
      { line: 10, fault: 'field' },
    ],
  });
});

test('without a column of numbers nothing is read; the example of the template is refused when it is left in', () => {
  expect(readRows([['name'], ['Ms Wang']])).toEqual({
    ...{ rows: [], refused: [], missing: ['number'], unread: [] },
    ...{ columns: ['name'], fields: [] },
  });
  expect(readRows([])).toMatchObject({ missing: ['number'] });
  const sheet = campaignTemplate
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  expect(readRows(sheet)).toMatchObject({ rows: [], refused: [{ line: 2, fault: 'number' }] });
});

test('at most twelve further columns are read, with headers of at most forty characters; the others are named', () => {
  const heads = Array.from({ length: 14 }, (_, i) => `column ${i}`);
  const { fields, unread, rows } = readRows([
    ['number', 'h'.repeat(41), ...heads],
    ['13800000001', 'long', ...heads.map((_, i) => String(i))],
  ]);
  expect(fields).toEqual(heads.slice(0, 12));
  expect(unread).toEqual(['h'.repeat(40), 'column 12', 'column 13']);
  expect(rows[0]?.contact.fields?.map(({ value }) => value)).toEqual(heads.slice(0, 12).map((_, i) => String(i)));
});

test('a mobile number in a further column is masked; a star at a header is no part of its name', () => {
  const { fields, rows } = readRows([
    ['number', 'other phone*', 'order'],
    ['13800000001', '+86 139 0000 0002', '10240001'],
  ]);
  expect(fields).toEqual(['other phone', 'order']);
  expect(rows[0]?.contact.fields).toEqual([
    { name: 'other phone', value: '139****0002' },
    { name: 'order', value: '10240001' },
  ]);
});
