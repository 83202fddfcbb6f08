import { expect, test } from '@jest/globals';
import { clientAddress } from './networks.js';

const proxies = ['10.0.0.0/8', '::1'];

test.each([
  ['without proxies the header is not looked at', '192.0.2.1', '198.51.100.1', [], '192.0.2.1'],
  ['a stranger who says to be a proxy is taken for itself', '192.0.2.1', '198.51.100.1', proxies, '192.0.2.1'],
  ['behind a proxy the client is the last of the header', '10.0.0.1', '198.51.100.1', proxies, '198.51.100.1'],
  ['what the client wrote itself is passed over', '10.0.0.1', '203.0.113.9, 198.51.100.1', proxies, '198.51.100.1'],
  ['two proxies in a row', '10.0.0.1', '198.51.100.1, 10.0.0.2', proxies, '198.51.100.1'],
  ['a proxy on the machine itself', '::1', '198.51.100.1', proxies, '198.51.100.1'],
  ['a dual-stack socket', '::ffff:10.0.0.1', '198.51.100.1', proxies, '198.51.100.1'],
  ['a header that is no address', '10.0.0.1', '<script>', proxies, '10.0.0.1'],
  ['no header', '10.0.0.1', undefined, proxies, '10.0.0.1'],
])('%s', (_name, peer, header, trusted, address) => {
  expect(clientAddress(peer, header, trusted)).toBe(address);
});
