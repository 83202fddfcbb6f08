import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import { readableRows, tableWords } from './readable-rows.js';
import { rowFiles, type RowFileName } from './row-fields.js';

const at = (atMs: number): string => `at ${String(atMs)}`;
const zh = (file: RowFileName, row: object): Record<string, string> => {
  const { heads, cells } = readableRows(file, speak('zh-CN'), at);
  return Object.fromEntries(cells(row).map((cell, i) => [heads[i] ?? '', cell]));
};

test('a row is told in words, site time and seconds; what is not there stays empty, and JSON is left out', () => {
  const row = { callId: 'c1', direction: 'inbound', invitedAtMs: 1_000, talkMs: 61_250, class: 'test', visits: '[]', handlings: 2 };
  const told = zh('calls', row);
  expect(told).toMatchObject({
    通话编号: 'c1',
    方向: '呼入',
    呼叫到达: 'at 1000',
    '通话时长（秒）': '61.25',
    类别: '练习呼叫',
    处理次数: '2',
  });
  expect(told['系统应答']).toBe('');
  expect(Object.keys(told)).not.toContain('排队经过');
  expect(zh('proofs', { ok: false })['是否成功']).toBe('否');
});

test.each([
  ['=1+1', "'=1+1"],
  ['+8613800000000', "'+8613800000000"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['123456789012345678', "'123456789012345678"],
  ['12e5', "'12e5"],
  ['4001000', '4001000'],
  ['投诉 - 一', '投诉 - 一'],
])('%s is shown as %s: no program runs or rounds it', (finding, shown) => {
  expect(zh('alarms', { finding })['处理情况']).toBe(shown);
});

test('no two columns of a file have the same head, in either language', () => {
  for (const file of Object.keys(rowFiles) as RowFileName[])
    for (const language of ['zh-CN', 'en'] as const) {
      const { heads } = readableRows(file, speak(language), at);
      expect([file, new Set(heads).size]).toEqual([file, heads.length]);
    }
});

/** Each heading and word that a table has or had: `file.column`, the value for a word, and the word. */
const known = (): string[] =>
  Object.entries(tableWords()).flatMap(([file, { name, columns }]) => [
    `${file}: ${name}`,
    ...Object.entries(columns).flatMap(([column, [, heads, words]]) => [
      ...heads.flat().map((head) => `${file}.${column}: ${head}`),
      ...Object.entries(words).flatMap(([value, said]) => said.flat().map((word) => `${file}.${column} ${value}: ${word}`)),
    ]),
  ]);

// A word that is changed without keeping its former one turns every earlier pack red. New words are added to the list; none is ever
// removed.
test('the verifiers know each head and word that a pack was ever sealed with', () => {
  const sealedWords = JSON.parse(readFileSync(join(import.meta.dirname, 'sealed-words.json'), 'utf8')) as string[];
  expect(sealedWords.filter((each) => !known().includes(each))).toEqual([]);
  expect(known().filter((each) => !sealedWords.includes(each))).toEqual([]);
});
