import { expect, test } from '@jest/globals';
import { textOf, valuesOf, type Field } from './register-types.js';

const words = { zh: '类型', en: 'Kind' };
const choice: Field = { key: 'kind', label: words, kind: 'choice', required: true, choices: { a: { zh: '甲', en: 'Alpha' } } };
const list: Field = { key: 'tags', label: words, kind: 'list', required: false };

test('a choice is shown by its word, a value that is no longer a choice as it is', () => {
  expect(textOf(choice, 'a', 'zh-CN')).toBe('甲');
  expect(textOf(choice, 'a', 'en')).toBe('Alpha');
  expect(textOf(choice, 'b', 'en')).toBe('b');
});

test('empty fields are left out and a list is its lines', () => {
  expect(valuesOf([choice, list], { kind: '', tags: ' x \n\n y ' })).toEqual({ tags: ['x', 'y'] });
  expect(valuesOf([choice, list], { kind: 'a', tags: '\n' })).toEqual({ kind: 'a' });
});
