import { expect, test } from '@jest/globals';
import { leftAfter } from './left-after.js';

test.each([
  ['the sent text alone goes', 'call back', 'call back', ''],
  ['letters typed meanwhile stay', 'call back at four', 'call back', 'at four'],
  ['the next line stays without the line break before it', 'call back\nask for Wang', 'call back', 'ask for Wang'],
  ['white space alone is nothing', 'call back \n', 'call back', ''],
  ['a text that was changed in the middle stays whole', 'call her back', 'call back', 'call her back'],
  ['an answer to something else than the field takes nothing from it', 'half a reason', '', 'half a reason'],
])('%s', (_name, now, sent, left) => {
  expect(leftAfter(now, sent)).toBe(left);
});
