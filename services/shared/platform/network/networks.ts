import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

const V4_BITS = 32;
const V6_BITS = 128;

export { network } from '../../contracts/access-policy.js';

/** Address, prefix length and family of a network; a plain address is a network of one. */
export function partsOf(text: string): { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' } {
  const [address = '', prefix] = text.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return { address, prefix: prefix === undefined ? (family === 'ipv6' ? V6_BITS : V4_BITS) : Number(prefix), family };
}

/** An IPv4 peer of a dual-stack socket shows as `::ffff:192.0.2.1` (RFC 4291 section 2.5.5.2). */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * 4 or 6; undefined for text that is not an address. An address with a zone (`fe80::1%eth0`) belongs to one machine and does not count as
 * an address.
 */
export function familyOf(address: string): 4 | 6 | undefined {
  if (isIPv4(address)) return 4;
  return isIPv6(address) && !address.includes('%') ? 6 : undefined;
}

/** Caches the built lists, because building one costs more than querying it. */
const built = new WeakMap<readonly string[], BlockList>();

function listOf(networks: readonly string[]): BlockList {
  const known = built.get(networks);
  if (known !== undefined) return known;
  const list = new BlockList();
  for (const text of networks) {
    const { address, prefix, family } = partsOf(text);
    list.addSubnet(address, prefix, family);
  }
  built.set(networks, list);
  return list;
}

/** Whether an address lies in one of the networks, which must not change afterwards. Text that is not an address is in none of them. */
export function contains(networks: readonly string[], address: string): boolean {
  const list = listOf(networks);
  const peer = plainAddress(address);
  return list.check(peer, peer.includes(':') ? 'ipv6' : 'ipv4');
}

/** No web server has more proxies in front of it; the rest of a longer header is forged. */
const MOST_HOPS = 10;

/**
 * The address of the client: the peer of the connection, or, if the peer is a proxy of the site, the nearest address in `X-Forwarded-For`
 * that is not one of its proxies. What a client wrote into the header itself stands further left and is never believed.
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined, proxies: readonly string[]): string {
  const hops = (forwardedFor ?? '')
    .split(',')
    .slice(-MOST_HOPS)
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  let address = plainAddress(peer ?? '');
  while (proxies.length > 0 && contains(proxies, address)) {
    const next = hops.pop();
    if (next === undefined || !(z.ipv4().safeParse(plainAddress(next)).success || z.ipv6().safeParse(next).success)) return address;
    address = plainAddress(next);
  }
  return address;
}
