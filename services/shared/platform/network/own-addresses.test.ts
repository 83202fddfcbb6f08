import { expect, test } from '@jest/globals';
import { broadcastOf } from './own-addresses.js';

test.each([
  ['10.16.0.1', '255.255.0.0', ['10.16.255.255']],
  ['192.0.2.130', '255.255.255.192', ['192.0.2.191']],
  ['127.0.0.1', '255.0.0.0', ['127.255.255.255']],
  // Two hosts of a point-to-point link, and one host alone.
  ['192.0.2.2', '255.255.255.254', []],
  ['192.0.2.2', '255.255.255.255', []],
])('%s with the mask %s has the broadcast address %j', (address, netmask, broadcast) => {
  expect(broadcastOf({ family: 'IPv4', address, netmask })).toEqual(broadcast);
});

test('IPv6 has no broadcast', () => {
  expect(broadcastOf({ family: 'IPv6', address: '2001:db8::1', netmask: 'ffff:ffff:ffff:ffff::' })).toEqual([]);
});
