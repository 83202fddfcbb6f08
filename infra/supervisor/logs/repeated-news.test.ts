import { expect, test } from '@jest/globals';
import { withoutRepeats } from './repeated-news.js';

test('the same text is told again only after the quiet time; another text at once', () => {
  const told: string[] = [];
  let now = 0;
  const tell = withoutRepeats(
    (text) => told.push(text),
    1_000,
    () => now,
  );
  tell('spool is filling');
  now = 999;
  tell('spool is filling');
  tell('trunk is silent');
  now = 1_000;
  tell('spool is filling');
  expect(told).toEqual(['spool is filling', 'trunk is silent', 'spool is filling']);
});
