import { expect, test } from '@jest/globals';
import { blockListOf, network } from './networks.js';

test('a list holds every address of its networks and no other', () => {
  const list = blockListOf(['192.0.2.1', '198.51.100.0/24', '2001:db8::/32', '2001:db9::1']);
  const held = (address: string): boolean => list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
  expect(['192.0.2.1', '198.51.100.0', '198.51.100.255', '2001:db8:ffff::1', '2001:db9::1'].map(held)).toEqual(Array(5).fill(true));
  expect(['192.0.2.2', '198.51.101.0', '2001:db9::2', '2001:dba::1'].map(held)).toEqual(Array(4).fill(false));
});

test.each(['192.0.2.1', '192.0.2.0/24', '2001:db8::1', '2001:db8::/32'])('%s is a network', (text) => {
  expect(network.safeParse(text).success).toBe(true);
});

test.each(['', 'carrier.example', '192.0.2.0/33', '192.0.2', '2001:db8::/129', '192.0.2.1 '])('"%s" is no network', (text) => {
  expect(network.safeParse(text).success).toBe(false);
});
