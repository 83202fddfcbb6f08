import { expect, test } from '@jest/globals';
import { normaliseMail } from './mail-address.js';

test('one plain address is taken, without the space around it', () => {
  expect(normaliseMail(' zhang@example.test ')).toBe('zhang@example.test');
});

test.each([
  'a@x.test,b@y.test',
  'a@x.test;b@y.test',
  '"a@x.test, b@y.test"@z.test',
  'Zhang <a@x.test>',
  'a@x.test\r\nBcc: b@y.test',
  'group:a@x.test;',
  'a(b@y.test)@x.test',
  'a@x.test@y.test',
  '',
])('%j could hold a second recipient, and is none', (text) => {
  expect(normaliseMail(text)).toBeUndefined();
});
