import { expect, test } from '@jest/globals';
import { breakFaults, freshBreak, wholeBreaks } from './break-reasons.js';

const reason = (id: string, zh: string, en = '') => ({ id, name: { 'zh-CN': zh, en } });

test('a reason needs no English name: the Chinese one stands in', () => {
  const rows = [reason('lunch', ' 午餐 '), reason('meeting', '会议', 'Meeting')];
  expect(breakFaults(rows)).toEqual([[], []]);
  expect(wholeBreaks(rows).map(({ name }) => name)).toEqual([
    { 'zh-CN': '午餐', en: '午餐' },
    { 'zh-CN': '会议', en: 'Meeting' },
  ]);
});

test.each([
  [[reason('Lunch', '午餐')], [['id']]],
  [[reason('lunch', '')], [['name']]],
  [
    [reason('lunch', '午餐'), reason('lunch', '午休')],
    [['idTwice'], ['idTwice']],
  ],
  [
    [reason('lunch', '午餐'), reason('noon', '午餐 ')],
    [['nameTwice'], ['nameTwice']],
  ],
])('each fault is named at its row', (rows, faults) => {
  expect(breakFaults(rows)).toEqual(faults);
});

test('a new reason has an id of its own', () => {
  expect(freshBreak([reason('break-2', '午餐')]).id).toBe('break-3');
});
