import { expect, test } from '@jest/globals';
import { isPlainText } from './plain-text.js';

test.each(['', '投诉 👍 e\u0301', 'a\tb\r\nc\u000b\f', '\u00a0\u2028\ufeff', '\u202d+86 138\u202c', 'שלום'])('%j is plain', (text) => {
  expect(isPlainText(text)).toBe(true);
});

test.each([
  '\0',
  'a\0b',
  '\u0001',
  '\b',
  '\u001b[31m',
  '\u007f',
  '\ud800',
  'a\udc00',
  '\udc00\ud800',
  '\u202egnahz',
  'a\u202bb',
  '\u2067a',
])('%j is not', (text) => {
  expect(isPlainText(text)).toBe(false);
});
