import { expect, test } from '@jest/globals';
import { sidesOf } from './call-sides.js';

test.each([
  ['inbound', { caller: '138****0001', called: '4001000' }],
  ['outbound', { caller: '4001000', called: '138****0001' }],
] as const)('an %s call has its caller on the side that called', (direction, sides) => {
  expect(sidesOf({ direction, callerMasked: '138****0001', called: '4001000' })).toEqual(sides);
});

test('a call written before calls went out has the one outside as its caller', () => {
  expect(sidesOf({ callerMasked: '138****0001', called: '4001000' })).toEqual({ caller: '138****0001', called: '4001000' });
});
