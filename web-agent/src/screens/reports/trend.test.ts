import { expect, test } from '@jest/globals';
import { besideOf, comparedDays, momentsOf, shiftOf } from './trend.js';

test.each([
  ['one day, the day before', { from: '2026-11-27', to: '2026-11-27' }, 'before', { from: '2026-11-26', to: '2026-11-26' }],
  ['one day, the same weekday', { from: '2026-11-27', to: '2026-11-27' }, 'weekday', { from: '2026-11-20', to: '2026-11-20' }],
  ['ten days, the ten before', { from: '2026-03-01', to: '2026-03-10' }, 'before', { from: '2026-02-19', to: '2026-02-28' }],
  [
    'ten days, the same weekdays two weeks before',
    { from: '2026-03-01', to: '2026-03-10' },
    'weekday',
    { from: '2026-02-15', to: '2026-02-24' },
  ],
] as const)('%s', (_name, days, comparison, expected) => {
  expect(comparedDays(days, comparison)).toEqual(expected);
});

test('values of before stand beside the same hour, and an hour that had calls only before is there', () => {
  const own = [{ start: '2026-11-27T01:00:00.000Z', value: 4 }];
  const before = [
    { start: '2026-11-20T01:00:00.000Z', value: 3 },
    { start: '2026-11-20T02:00:00.000Z', value: 5 },
  ];
  const shiftDays = shiftOf({ from: '2026-11-27', to: '2026-11-27' }, 'weekday');
  const moments = momentsOf(own, [{ points: before, shiftDays }]);
  expect(moments).toEqual(['2026-11-27T01:00:00.000Z', '2026-11-27T02:00:00.000Z']);
  expect(besideOf(moments, before, shiftDays)).toEqual([3, 5]);
  expect(besideOf(moments, own, 0)).toEqual([4, null]);
});
