import { expect, test } from '@jest/globals';
import { sheetFields, storedSheet, tryOut } from './trunk-sheet.js';

test('a sheet that says what the product does by itself is not stored; another comes back as it was', () => {
  expect(storedSheet(sheetFields({}))).toEqual({});
  expect(storedSheet({ numberRules: [{ use: 'called-out' }, undefined], identity: { domain: ' ' }, codecs: [] })).toEqual({});
  const stored = {
    numberRules: [{ use: 'called-out', starts: '0', length: 11, remove: 1, put: '+86' }],
    identity: { user: 'account', domain: 'carrier.test', header: 'none', diversion: true, privacy: 'none' },
    codecs: ['G722', 'PCMA'],
  } as const;
  expect(storedSheet(sheetFields({ ...stored, numberRules: [...stored.numberRules], codecs: [...stored.codecs] }))).toEqual(stored);
});

test('a number is tried under each use by the rules as they stand in the form', () => {
  const rows = [
    { use: 'called-out', starts: '1', put: '0' },
    { use: 'caller-in', starts: '0', remove: 1, length: null, put: '' },
  ] as const;
  const shown = (number: string): string[] => tryOut(rows, number).map(({ use, result, rule = 0 }) => `${use} ${result} ${String(rule)}`);
  expect(shown('+86 138-0000-0001')).toEqual([
    'called-in 13800000001 0',
    'caller-in 13800000001 0',
    'called-out 013800000001 1',
    'caller-out 13800000001 0',
  ]);
  expect(shown('013800000001')[1]).toBe('caller-in 13800000001 2');
  expect(shown('nobody')).toEqual([]);
});

test('a row that is still empty moves no number of a rule, and a rule that changes nothing keeps numbers from the next', () => {
  const rows = [{ use: 'called-out' }, { use: 'called-out', starts: '0' }, { use: 'called-out', put: '+86' }] as const;
  const calledOut = (number: string) => tryOut(rows, number).find(({ use }) => use === 'called-out');
  expect(calledOut('13800000001')).toMatchObject({ result: '+8613800000001', rule: 3 });
  expect(calledOut('02160000001')).toMatchObject({ result: '02160000001', rule: 2 });
  expect(storedSheet({ numberRules: rows }).numberRules).toEqual([
    { use: 'called-out', starts: '0', remove: 0, put: '' },
    { use: 'called-out', starts: '', remove: 0, put: '+86' },
  ]);
});
