import { expect, test } from '@jest/globals';
import { isCreditCode, isIdentityNumber } from './check-digit.js';

test.each(['91350100M000100Y43', '91110000MA0000000H'])('%s is a credit code', (code) => expect(isCreditCode(code)).toBe(true));
test.each(['91350100M000100Y44', '91350100M000100Y4', '91350100I000100Y43', ''])('"%s" is none', (code) =>
  expect(isCreditCode(code)).toBe(false),
);
test.each(['11010519491231002X', '440524188001010014'])('%s is an identity number', (number) =>
  expect(isIdentityNumber(number)).toBe(true),
);
test.each(['110105194912310021', '11010519491331002X', '11010519490231002X', '1101051949123100'])('"%s" is none', (number) =>
  expect(isIdentityNumber(number)).toBe(false),
);
