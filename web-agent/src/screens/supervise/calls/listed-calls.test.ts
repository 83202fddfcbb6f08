import { expect, test } from '@jest/globals';
import { hiddenOf, hiddenText } from '../../../components/hidden-columns.js';
import { askedBy, foldedCount, isNumber } from './listed-calls.js';

const asked = (address: string, text = ''): string => {
  const { source, query } = askedBy(new URLSearchParams(address), text);
  return `${source}?${query.toString()}`;
};

test.each([
  ['', '', 'calls?'],
  ['queueId=service&from=2026-12-01&other=1', '', 'calls?queueId=service&from=2026-12-01'],
  ['cause=completed', '139 0000-0001', 'calls?cause=completed&search=139+0000-0001'],
  // A filter that only recordings know asks the recordings, with the filters that both lists know.
  ['cause=completed&minScore=1&maxScore=2', '', 'recordings?cause=completed&minScore=1&maxScore=2'],
  ['recorded=true&agentId=anna', '139 0000-0001', 'recordings?agentId=anna&number=13900000001'],
])('%s with the text "%s" asks %s', (address, text, expected) => {
  expect(asked(address, text)).toBe(expected);
});

test('folded filters that are set are counted, the two bounds of a score once', () => {
  expect(foldedCount(new URLSearchParams('queueId=service&from=2026-12-01'))).toBe(0);
  expect(foldedCount(new URLSearchParams('minScore=1&maxScore=2&complaint=true&cause='))).toBe(2);
});

test('a telephone number is told from the id of a call', () => {
  expect(['+86 139-1234-0000', '13912340000', '01kabc'].map(isNumber)).toEqual([true, true, false]);
});

test('hidden columns are kept, and whatever else stands in their place hides nothing', () => {
  expect([...hiddenOf(hiddenText(new Set(['queue', 'agent'])))]).toEqual(['queue', 'agent']);
  expect([null, 'no list', '{"a":1}', '[1,null]'].map((text) => hiddenOf(text).size)).toEqual([0, 0, 0, 0]);
});
