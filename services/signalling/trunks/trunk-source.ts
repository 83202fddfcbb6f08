import type { Trunk } from '../../shared/contracts/calls/flow.js';

/** The transport of a message. */
export type Transport = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** A trunk over TLS uses nothing else, and no other trunk uses TLS: an address in clear proves less. */
export const speaksBy = ({ transport }: Pick<Trunk, 'transport'>, by: Transport): boolean =>
  transport === 'tls' ? by === 'tls' : by === 'udp' || by === 'tcp';

/** The enabled trunk that an address belongs to, if the transport is the trunk's own. */
export const trunkOf = (trunks: readonly Trunk[], address: string, by: Transport): Trunk | undefined =>
  trunks.find((trunk) => trunk.enabled && speaksBy(trunk, by) && addressBelongs(trunk, address));

/** Whether an address belongs to a trunk. Single addresses compare as text, IPv4 ranges by their prefix. */
export function addressBelongs({ addresses }: Pick<Trunk, 'addresses'>, address: string): boolean {
  // A dual-stack socket shows IPv4 peers mapped into IPv6.
  const plain = address.replace(/^::ffff:/i, '').toLowerCase();
  return addresses.some((allowed) => covers(allowed.toLowerCase(), plain));
}

function covers(allowed: string, address: string): boolean {
  const [network = '', prefix] = allowed.split('/');
  if (prefix === undefined) return network === address;
  const [a, b] = [ipv4(network), ipv4(address)];
  if (a === undefined || b === undefined) return false;
  const bits = Number(prefix);
  if (bits < 0 || bits > 32) return false;
  const mask = bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
  return (a & mask) >>> 0 === (b & mask) >>> 0;
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((all, part) => all * 256 + part, 0);
}
