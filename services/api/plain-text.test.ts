import { expect, test } from '@jest/globals';
import { isPlainText, unplainTextIn } from './plain-text.js';

test.each(['', '投诉 👍 e\u0301', 'a\tb\r\nc\u000b\f', '\u00a0\u2028\ufeff'])('%j is plain', (text) => {
  expect(isPlainText(text)).toBe(true);
});

test.each(['\0', 'a\0b', '\u0001', '\b', '\u001b[31m', '\u007f', '\ud800', 'a\udc00', '\udc00\ud800'])('%j is not', (text) => {
  expect(isPlainText(text)).toBe(false);
});

test('it is found however deep it stands, in a value or in a name', () => {
  expect(unplainTextIn({ a: [{ b: 'x' }, { b: ['y', '\0'] }] })).toEqual(['a', 1, 'b', 1]);
  expect(unplainTextIn({ a: { 'b\0': 1 } })).toEqual(['a']);
  expect(unplainTextIn('\ud800')).toEqual([]);
  expect(unplainTextIn({ a: [1, null, true, undefined, 'x'], b: {} })).toBeUndefined();
});

test('a body as deep as the parser lets in does not end the walk', () => {
  let value: unknown = 'x';
  for (let depth = 0; depth < 100_000; depth += 1) value = [value];
  expect(unplainTextIn(value)).toHaveLength(65);
});
