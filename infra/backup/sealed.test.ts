import { expect, test } from '@jest/globals';
import { BackupProblem } from './problem.js';
import { seal, unseal } from './sealed.js';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof BackupProblem) return error.code;
    throw error;
  }
  return 'none';
};

const phrase = 'a long passphrase';

test('what was sealed is read with the same passphrase and holds no plain word', () => {
  const sealed = seal('{"master-key":"very secret"}', phrase);
  expect(sealed.toString('latin1')).not.toContain('secret');
  expect(unseal(sealed, phrase)).toBe('{"master-key":"very secret"}');
});

test('each sealing has a salt of its own', () => {
  expect(seal('x', phrase).equals(seal('x', phrase))).toBe(false);
});

test('another passphrase, a changed byte and a cut end are refused', () => {
  const sealed = seal('text', phrase);
  expect(codeOf(() => unseal(sealed, 'another passphrase'))).toBe('wrong-passphrase');
  for (const at of [8, 24, 38, sealed.length - 1]) {
    const altered = Buffer.from(sealed);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(codeOf(() => unseal(altered, phrase))).toBe('wrong-passphrase');
  }
  expect(codeOf(() => unseal(sealed.subarray(0, -1), phrase))).toBe('wrong-passphrase');
  expect(codeOf(() => unseal(sealed.subarray(0, 20), phrase))).toBe('file-altered');
  expect(codeOf(() => unseal(Buffer.from('something else that is long enough to be a file of this kind'), phrase))).toBe('file-altered');
});

test('a short passphrase is refused before anything is written', () => {
  expect(codeOf(() => seal('text', 'short'))).toBe('weak-passphrase');
});
