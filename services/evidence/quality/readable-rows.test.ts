import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import { readableRows } from './readable-rows.js';
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
