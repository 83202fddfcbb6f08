import { expect, test } from '@jest/globals';
import { lineSplitter } from './process-log.js';

test('lines are put together over chunks; empty ones are left out', () => {
  const lines: string[] = [];
  const take = lineSplitter((line) => lines.push(line));
  for (const chunk of ['on', 'e\n\ntw', 'o\nrest']) take(chunk);
  expect(lines).toEqual(['one', 'two']);
});

test('a line without an end is cut, so that memory stays bounded', () => {
  const lines: string[] = [];
  const take = lineSplitter((line) => lines.push(line), 4);
  take('abcdefg');
  take('h\n');
  expect(lines).toEqual(['abcdefg', 'h']);
});
