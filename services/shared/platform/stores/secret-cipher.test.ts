import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createSecretCipher, isSealed } from './secret-cipher.js';

const key = (): string => randomBytes(32).toString('base64');
const [old, now] = [key(), key()];
const cipher = createSecretCipher([old], 'trunk passwords');

test('what was sealed opens for its own row and purpose only, and never twice looks the same', () => {
  const sealed = cipher.seal('s3cret-密码', 'trunk:a');
  expect(isSealed(sealed)).toBe(true);
  expect(sealed).not.toContain('s3cret');
  expect(cipher.seal('s3cret-密码', 'trunk:a')).not.toBe(sealed);
  expect(cipher.open(sealed, 'trunk:a')).toBe('s3cret-密码');
  expect(() => cipher.open(sealed, 'trunk:b')).toThrow('master key');
  expect(() => createSecretCipher([old], 'something else').open(sealed, 'trunk:a')).toThrow('master key');
});

test('after the master key was changed the earlier one still opens', () => {
  const sealed = cipher.seal('x', 'r');
  expect(createSecretCipher([now, old], 'trunk passwords').open(sealed, 'r')).toBe('x');
  expect(() => createSecretCipher([now], 'trunk passwords').open(sealed, 'r')).toThrow('master key');
});
