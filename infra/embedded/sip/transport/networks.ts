import { BlockList } from 'node:net';
import { z } from 'zod';

const V4_BITS = 32;
const V6_BITS = 128;

/** A network in CIDR notation (RFC 4632, RFC 4291 section 2.3) or one address. */
export const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);

/** All addresses of the networks. A plain address is a network of one. */
export function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of networks) {
    const [address = '', prefix] = text.split('/');
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? V6_BITS : V4_BITS) : Number(prefix), family);
  }
  return list;
}
