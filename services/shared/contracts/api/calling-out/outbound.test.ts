import { expect, test } from '@jest/globals';
import { outboundApi } from './outbound.js';

const { body } = outboundApi['POST /outbound/stops'];
const stop = (scope: string, value?: string) => body.safeParse({ scope, value, reason: 'a reason' });

test.each(['4001000', '+862150001000', '95100'])('calls out of the number %s can be stopped', (value) => {
  expect(stop('number', value).success).toBe(true);
});

test.each(['', 'the sales number', '400 1000', '4001000; 4001001'])('what is no number is refused: %j', (value) => {
  expect(stop('number', value).error?.issues.map(({ path }) => path.join('.'))).toContain('value');
});

test('a client unit is named as it is, and the whole platform by nothing', () => {
  expect([stop('client', 'Hua Mao (Shanghai)').success, stop('platform').success, stop('platform', '4001000').success]).toEqual([
    true,
    true,
    false,
  ]);
});
