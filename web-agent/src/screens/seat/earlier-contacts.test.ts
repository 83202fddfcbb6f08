import { expect, test } from '@jest/globals';
import { noContactBefore } from './earlier-contacts.js';

const known = { withheld: false };

test('a call out is never called the first call of its person, also at the seat to which it was transferred', () => {
  expect(noContactBefore({ ...known, callOut: { from: '+861088880000' } }, 'success')).toBe('none-before-call-out');
  expect(noContactBefore(known, 'success')).toBe('never');
});

test('of a withheld number, and before the calls are read, nothing is said about earlier calls', () => {
  expect(noContactBefore({ withheld: true }, 'success')).toBe('withheld');
  expect(noContactBefore(known, 'pending')).toBe('reading');
  expect(noContactBefore(known, 'error')).toBe('unread');
});
