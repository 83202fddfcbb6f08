import { describe, expect, test } from '@jest/globals';
import { consentTemplate } from '../../shared/domain/calls/consent-list.js';
import { readSheet } from '../../shared/platform/files/sheet-reader.js';
import { listDates } from '../adapters/list-dates.js';
import { readConsents as readWith, standingAgainst, type ListContext } from './consent-import.js';
import type { Consent } from '../ports.js';

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
    unread: [],
  });
  expect(readConsents([], context).missing).toHaveLength(5);
});

test('empty rows are no rows', () => {
  expect(read(['', '', ''], GOOD, [' '])).toMatchObject({ rows: [{ line: 3 }], refused: [] });
});

test('the example row of the template is refused when it is left in, and is whole but for its number', () => {
  const sheetOf = (text: string): string[][] => readSheet(new TextEncoder().encode(text), { rows: 10, columns: 30 });
  expect(readConsents(sheetOf(consentTemplate), context)).toEqual({
    ...{ rows: [], missing: [], unread: [] },
    refused: [{ line: 2, fault: 'number' }],
  });
  expect(readConsents(sheetOf(consentTemplate.replace('138xxxx8000', '13800008000')), context)).toMatchObject({
    rows: [{ line: 2 }],
    refused: [],
  });
});

describe('what is on record against a row', () => {
  const on = (day: number): Date => new Date(Date.UTC(2026, 1, day));
  const listed = { purposes: ['enquiry' as const], givenAt: on(5) };
  const known = (change: Partial<Consent> = {}): Consent => ({
    ...{ id: 'k', numberHash: 'h', numberMasked: '1', purposes: ['enquiry', 'service-notice'], channel: 'web', givenAt: on(5) },
    ...{ evidence: 'form', by: 'boss', at: on(6) },
    ...change,
  });
  const takenBack = (day: number, change: Partial<Consent> = {}): Consent =>
    known({ withdrawn: { at: on(day), by: 'boss', reason: 'letter' }, ...change });
  const against = (consents: readonly Consent[], row: Partial<typeof listed & { clientUnit: string }> = {}) =>
    standingAgainst({ ...listed, ...row }, consents, undefined, context.now);

  test('the same in force is known; one that is over, of another time or of another unit is none', () => {
    expect(against([known()])).toBe('known');
    expect(against([known({ validUntil: on(20) }), known({ givenAt: on(4) }), known({ clientUnit: 'C1' })])).toBeUndefined();
  });

  test('one that was taken back counts until then, and a later consent is good', () => {
    expect(against([takenBack(7)])).toBe('refused');
    expect(against([takenBack(7)], { givenAt: on(7) })).toBe('refused');
    expect(against([takenBack(7)], { givenAt: on(8) })).toBeUndefined();
    // Given before or after the withdrawn consent, but before its withdrawal.
    expect(against([takenBack(7)], { givenAt: on(6) })).toBe('refused');
    // Recorded again since then.
    expect(against([takenBack(7), known({ givenAt: on(8) })], { givenAt: on(8) })).toBe('known');
  });

  test('one for all units stands against each unit, that of another unit or purpose against nothing', () => {
    expect(against([takenBack(7)], { clientUnit: 'C1' })).toBe('refused');
    expect(against([takenBack(7, { clientUnit: 'C1' })])).toBe('refused');
    expect(against([takenBack(7, { clientUnit: 'C2' })], { clientUnit: 'C1' })).toBeUndefined();
    expect(against([takenBack(7, { purposes: ['service-notice'] })])).toBeUndefined();
  });

  test('a refusal in force, or the last of the person, stands against what was given before', () => {
    const refused = (history: object) => standingAgainst(listed, [known()], { numberHash: 'h', ...history }, context.now);
    expect(refused({ inForceSince: on(5) })).toBe('refused');
    expect(refused({ lastOfPerson: on(6) })).toBe('refused');
    expect(refused({ inForceSince: on(4), lastOfPerson: on(4) })).toBe('known');
    expect(refused({})).toBe('known');
  });
});

test('a header that is not read is named, so that a limit of the consent is not lost unseen', () => {
  const { rows, unread } = readConsents(
    [
      [...HEADS, '失效日', ' ', 'order'],
      [...GOOD, '2026-12-31', '', 'A-17'],
    ],
    context,
  );
  expect(rows).toHaveLength(1);
  expect(unread).toEqual(['失效日', 'order']);
  expect(
    readConsents(
      [
        ['手机号', '截止日期'],
        ['13800000001', ''],
      ],
      context,
    ),
  ).toMatchObject({
    missing: ['purposes', 'channel', 'givenAt', 'evidence'],
    unread: [],
  });
});
