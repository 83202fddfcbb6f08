import { expect, test } from '@jest/globals';
import { numbersApi } from '../calls/numbers.js';

const { body } = numbersApi['PUT /trunks/:id'];
const takes = (address: string): boolean => body.safeParse({ name: 'carrier', addresses: [address], enabled: true }).success;

test('a trunk is written with source addresses that exist: single ones, and networks of IPv4', () => {
  for (const address of ['203.0.113.7', '203.0.113.0/24', '2001:db8::7']) expect([address, takes(address)]).toEqual([address, true]);
  for (const address of ['999.1.1.1', '203.0.113.0/33', '203.0.113', 'abc', ':::', '203.0.113.7/', '2001:db8::/32', ''])
    expect([address, takes(address)]).toEqual([address, false]);
});

test('a network so wide that strangers could call in the name of the carrier is refused', () => {
  for (const address of ['203.0.0.0/16', '203.0.113.7/32']) expect([address, takes(address)]).toEqual([address, true]);
  for (const address of ['0.0.0.0/0', '10.0.0.0/8', '203.0.0.0/15']) expect([address, takes(address)]).toEqual([address, false]);
});

test('priority and weight are given for each address to which calls go, or for none', () => {
  const ranks = (count: number) => Array.from({ length: count }, () => ({ priority: 10, weight: 1 }));
  const trunk = { name: 'carrier', addresses: [], outboundUri: 'sip:192.0.2.1', furtherUris: ['sip:192.0.2.2'] };
  expect([0, 1, 2, 3].map((count) => body.safeParse({ ...trunk, ranks: ranks(count) }).success)).toEqual([false, false, true, false]);
  expect(body.safeParse(trunk).success).toBe(true);
});
