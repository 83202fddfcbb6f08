import { describe, expect, test } from '@jest/globals';
import { listDates } from './adapters/list-dates.js';
import { readConsents as readWith, type ListContext } from './consent-import.js';

const context: ListContext = { now: new Date('2026-03-10T02:00:00Z'), clientUnits: ['C001'] };
const readConsents = (sheet: readonly (readonly string[])[], of: ListContext) => readWith(sheet, of, listDates('Asia/Shanghai'));
const HEADS = ['number', 'purposes', 'channel', 'givenAt', 'evidence', 'clientUnit', 'validUntil'];
const GOOD = ['138 0000 0001', 'enquiry', 'web', '2026-03-01 10:00', 'form 1', '', ''];
const read = (...rows: readonly (readonly string[])[]) => readConsents([HEADS, ...rows], context);
/** The good row with some cells changed. */
const row = (change: Readonly<Record<string, string>>): string[] => GOOD.map((cell, i) => change[HEADS[i] ?? ''] ?? cell);

test('takes a row over with its number in one form and its times at the site', () => {
  const { rows, refused } = read(row({ clientUnit: 'C001', validUntil: '2026-12-31', purposes: 'enquiry; service-notice' }));
  expect(refused).toEqual([]);
  expect(rows).toEqual([
    {
      line: 2,
      number: '13800000001',
      numberMasked: '138****0001',
      purposes: ['enquiry', 'service-notice'],
      channel: 'web',
      givenAt: new Date('2026-03-01T02:00:00Z'),
      evidence: 'form 1',
      clientUnit: 'C001',
      validUntil: new Date('2026-12-31T15:59:59.999Z'),
    },
  ]);
});

test('reads heads and words in Chinese', () => {
  const heads = ['号码*', '用途', '方式', '同意时间', '凭证'];
  const { rows, missing } = readConsents([heads, ['13800000001', '答复咨询、服务通知', '书面', '2026年3月1日', '表单 1']], context);
  expect(missing).toEqual([]);
  expect(rows).toMatchObject([{ purposes: ['enquiry', 'service-notice'], channel: 'paper', givenAt: new Date('2026-02-28T16:00:00Z') }]);
});

describe('refuses a row with its fault, and takes its neighbours over', () => {
  test.each<[fault: string, change: Readonly<Record<string, string>>]>([
    ['number', { number: '12' }],
    ['purposes', { purposes: 'marketing' }],
    ['purposes', { purposes: 'enquiry;marketing' }],
    ['purposes', { purposes: '' }],
    ['channel', { channel: 'pigeon' }],
    ['givenAt', { givenAt: 'yesterday' }],
    ['future', { givenAt: '2026-03-10 10:01' }],
    ['evidence', { evidence: ' ' }],
    ['evidence', { evidence: 'x'.repeat(501) }],
    ['clientUnit', { clientUnit: 'C999' }],
    ['validUntil', { validUntil: 'always' }],
    ['over', { validUntil: '2026-03-09' }],
  ])('%s: %o', (fault, change) => {
    const { rows, refused } = read(row({ number: '13800000002' }), row(change), row({ number: '13800000003' }));
    expect(refused).toEqual([{ line: 3, fault }]);
    expect(rows.map(({ line }) => line)).toEqual([2, 4]);
  });
});

test('the same in an earlier row is refused; for another client unit it is another consent', () => {
  const { rows, refused } = read(GOOD, GOOD, row({ clientUnit: 'C001' }), row({ number: '+8613800000001' }));
  expect(rows.map(({ line }) => line)).toEqual([2, 4]);
  expect(refused).toEqual([
    { line: 3, fault: 'repeated' },
    { line: 5, fault: 'repeated' },
  ]);
});

test('without a needed column nothing is read, and the columns are named', () => {
  expect(
    readConsents(
      [
        ['number', 'channel'],
        ['13800000001', 'web'],
      ],
      context,
    ),
  ).toEqual({
    rows: [],
    refused: [],
    missing: ['purposes', 'givenAt', 'evidence'],
  });
  expect(readConsents([], context).missing).toHaveLength(5);
});

test('empty rows are no rows', () => {
  expect(read(['', '', ''], GOOD, [' '])).toMatchObject({ rows: [{ line: 3 }], refused: [] });
});
