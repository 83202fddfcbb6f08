import { expect, test } from '@jest/globals';
import { unplainTextIn } from './plain-text.js';

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
