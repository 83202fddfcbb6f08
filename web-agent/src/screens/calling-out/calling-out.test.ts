import { expect, test } from '@jest/globals';
import { hoursFault, minuteOf, minuteText, numbersIn, readStretch, typedStretch } from './calling-out.js';

test.each([
  ['08:30', 510],
  ['9:05', 545],
  ['24:00', 1_440],
  ['25:00', undefined],
  ['9', undefined],
])('%s is minute %s of the day', (text, minute) => {
  expect(minuteOf(text)).toBe(minute);
  if (minute !== undefined) expect(minuteOf(minuteText(minute))).toBe(minute);
});

test('a stretch is read when both of its times are typed to their end, midnight at the end of the day among them', () => {
  expect(typedStretch({ fromMinute: 1_260, toMinute: 1_440 })).toEqual({ fromMinute: '21:00', toMinute: '24:00' });
  expect(readStretch({ fromMinute: '21:00', toMinute: '24:00' })).toEqual({ fromMinute: 1_260, toMinute: 1_440 });
  expect(readStretch({ fromMinute: '21:0', toMinute: '24:00' })).toBeUndefined();
});

test('a list of numbers has one a line; lines that are none are named', () => {
  expect(numbersIn('13800000001\n\n 138 0000 0002\nsomebody\n')).toEqual({
    numbers: ['13800000001', '138 0000 0002'],
    wrongLines: [4],
  });
});

test('hours are narrower than the outer limit and end after they begin', () => {
  const outer = { fromMinute: 480, toMinute: 1_260 };
  expect(hoursFault({ window: outer, quiet: [] }, outer)).toBeUndefined();
  expect(hoursFault({ window: { fromMinute: 479, toMinute: 600 }, quiet: [] }, outer)).toBe('wider');
  expect(hoursFault({ window: outer, quiet: [{ fromMinute: 720, toMinute: 720 }] }, outer)).toBe('backwards');
});
