import { expect, test } from '@jest/globals';
import { joinValues, splitValues } from './filters.js';

test.each([[['']], [['', '甲']], [['甲', '']], [['Acme, Inc.', 'Acme']], [['a\\', ',b', '\\,']], [['4001000', '4002000']]])(
  'the values of a filter come back from their text: %j',
  (values) => {
    expect(splitValues(joinValues(values))).toEqual(values);
  },
);

test('names without commas are written as ever', () => {
  expect(joinValues(['sales', 'service'])).toBe('sales,service');
  expect(splitValues('sales,service')).toEqual(['sales', 'service']);
});
