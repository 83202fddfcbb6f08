import { expect, test } from '@jest/globals';
import { numbersApi } from './numbers.js';

const { body } = numbersApi['PUT /trunks/:id'];
const takes = (address: string): boolean => body.safeParse({ name: 'carrier', addresses: [address], enabled: true }).success;

test('a trunk is written with source addresses that exist: single ones, and networks of IPv4', () => {
  for (const address of ['203.0.113.7', '203.0.113.0/24', '2001:db8::7']) expect([address, takes(address)]).toEqual([address, true]);
  for (const address of ['999.1.1.1', '203.0.113.0/33', '203.0.113', 'abc', ':::', '203.0.113.7/', '2001:db8::/32', ''])
    expect([address, takes(address)]).toEqual([address, false]);
});
