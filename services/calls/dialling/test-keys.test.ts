import { expect, test } from '@jest/globals';
import { createTestKeys } from './test-keys.js';

test('keys of test calls alone are kept, and of the newest twenty', () => {
  const keys = createTestKeys();
  keys.heard({ id: 'served' }, '5');
  keys.heard(undefined, '5');
  expect(keys.of('served')).toBe('');
  for (const key of '147') keys.heard({ id: 'tested', class: 'test' }, key);
  expect(keys.of('tested')).toBe('147');
  for (let at = 0; at < 20; at += 1) keys.heard({ id: `further-${at}`, class: 'test' }, '1');
  expect(keys.of('tested')).toBe('');
});
