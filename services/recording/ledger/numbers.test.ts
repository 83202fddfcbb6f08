import { expect, test } from '@jest/globals';
import { ledgerNumbers, missingNumbers } from './numbers.js';

const lease = (from: number, to: number) => ({ owner: 'a', from, to });

test('numbers of a period: the unused end of a run that is held is no gap, every other number without a row is one', () => {
  const found = { head: { next: 21, leases: [lease(1, 10), lease(11, 20)] }, below: 3, used: [4, 5, 11, 12] };
  expect(ledgerNumbers(found)).toEqual({ after: 3, before: 21, numbers: [[4, 5], [11, 12]], leases: [[1, 10], [11, 20]] }); // prettier-ignore
  expect(missingNumbers(ledgerNumbers(found))).toEqual([]);
  expect(missingNumbers(ledgerNumbers({ ...found, used: [5, 11, 12] }))).toEqual([[4, 4]]);
  expect(missingNumbers(ledgerNumbers({ ...found, used: [4, 5, 12] }))).toEqual([[11, 11]]);
  // Nobody holds the first run any more: its end was given out.
  expect(missingNumbers(ledgerNumbers({ ...found, head: { next: 21, leases: [lease(11, 20)] } }))).toEqual([[6, 10]]);
  // The number above belongs to another day.
  expect(missingNumbers(ledgerNumbers({ head: { next: 21, leases: [] }, below: 3, above: 8, used: [4, 5] }))).toEqual([[6, 7]]);
});
