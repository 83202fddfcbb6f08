import { isIP } from 'node:net';
import type { NaptrRecord, SrvRecord } from 'node:dns';
import { parseUri, withoutBrackets, type SipUri } from '../message/uri.js';
import { defaultPort, isProtocol, type Protocol } from './flow.js';
import type { Names } from './names.js';
import type { Target } from './transports.js';

/** The protocol of a URI (RFC 3263 section 4.1), or undefined when it leaves the choice or names an unknown one. */
export function requestedProtocol(uri: SipUri): { readonly protocol: Protocol | undefined; readonly unknown: boolean } {
  const name = uri.params.get('transport')?.toLowerCase();
  if (name === undefined) return { protocol: uri.scheme === 'sips' ? 'tls' : undefined, unknown: false };
  if (!isProtocol(name)) return { protocol: undefined, unknown: true };
  // RFC 3261 section 26.2.2 and RFC 7118 section 5.2: sips turns tcp into tls, and ws into wss.
  if (uri.scheme === 'sips') return { protocol: name === 'tcp' ? 'tls' : name === 'ws' ? 'wss' : name, unknown: false };
  return { protocol: name, unknown: false };
}

/** The next hop named by a URI: maddr before host, the port given or the protocol's. */
export function targetOf(text: string, protocol: Protocol): Target | undefined {
  const uri = parseUri(text);
  if (!uri || uri.host === '') return undefined;
  const host = withoutBrackets(uri.params.get('maddr') ?? uri.host);
  return { protocol, address: host, port: uri.port ?? defaultPort(protocol), serverName: isIP(host) === 0 ? host : undefined };
}

export function isResolved(target: Target): boolean {
  return isIP(target.address) !== 0;
}

/** The protocols and address families that this server can call out with. */
export interface Reach {
  readonly protocol: Protocol;
  readonly families: readonly (4 | 6)[];
}

const SERVICES: readonly { readonly naptr: string; readonly prefix: string; readonly protocol: Protocol }[] = [
  { naptr: 'SIP+D2U', prefix: '_sip._udp', protocol: 'udp' },
  { naptr: 'SIP+D2T', prefix: '_sip._tcp', protocol: 'tcp' },
  { naptr: 'SIPS+D2T', prefix: '_sips._tcp', protocol: 'tls' },
];

/**
 * The destinations of a SIP or SIPS URI with a name, best first (RFC 3263 section 4). Empty when the name leads nowhere.
 * @param reaches the protocols that this server can call out with, in its order of preference.
 */
export async function locate(uri: SipUri, reaches: readonly Reach[], names: Names): Promise<readonly Target[]> {
  const host = withoutBrackets(uri.params.get('maddr') ?? uri.host);
  const { protocol: asked } = requestedProtocol(uri);
  const usable = reaches.filter(({ protocol }) => (asked === undefined ? uri.scheme !== 'sips' || protocol === 'tls' : protocol === asked));
  const [first] = usable;
  if (!first) return [];
  const plain = (): Promise<Target[]> => resolved(host, uri.port ?? defaultPort(first.protocol), first, host, names);
  // Section 4.2: with a port only the address is looked up. A name without a dot is not a domain.
  if (uri.port !== undefined || !host.includes('.')) return plain();
  const wanted = SERVICES.filter(({ protocol }) => usable.some((reach) => reach.protocol === protocol));
  const [pointers, ...direct] = await Promise.all([
    asked === undefined ? names.naptr(host) : [],
    ...wanted.map(({ prefix }) => names.srv(`${prefix}.${host}`)),
  ]);
  const chosen = chosenService(pointers, usable);
  const lists = chosen
    ? [{ reach: chosen.reach, records: await names.srv(chosen.name) }]
    : wanted.map(({ protocol }, index) => ({ reach: usable.find((reach) => reach.protocol === protocol), records: direct[index] ?? [] }));
  const targets: Target[] = [];
  for (const { reach, records } of lists) {
    if (!reach) continue;
    for (const record of inOrder(records)) targets.push(...(await resolved(record.name, record.port, reach, host, names)));
  }
  return targets.length > 0 ? targets : plain();
}

/** The NAPTR record to follow (section 4.1): the lowest order, then the lowest preference, among those this server can use. */
function chosenService(
  pointers: readonly NaptrRecord[],
  usable: readonly Reach[],
): { readonly name: string; readonly reach: Reach } | undefined {
  for (const pointer of [...pointers].sort((a, b) => a.order - b.order || a.preference - b.preference)) {
    const service = SERVICES.find(({ naptr }) => naptr === pointer.service.toUpperCase());
    const reach = usable.find(({ protocol }) => protocol === service?.protocol);
    if (reach && pointer.flags.toLowerCase() === 's') return { name: pointer.replacement, reach };
  }
  return undefined;
}

/** Ordered by priority; among equals drawn by weight (RFC 2782). A single `.` means that the service is not offered. */
export function inOrder(records: readonly SrvRecord[], random: () => number = Math.random): SrvRecord[] {
  const left = records.filter(({ name }) => name !== '' && name !== '.').sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  const ordered: SrvRecord[] = [];
  while (left.length > 0) {
    const equals = left.filter(({ priority }) => priority === left[0]?.priority);
    let lot = random() * equals.reduce((sum, { weight }) => sum + weight, 0);
    const drawn = equals.find(({ weight }) => (lot -= weight) < 0) ?? equals[0];
    if (!drawn) break;
    left.splice(left.indexOf(drawn), 1);
    ordered.push(drawn);
  }
  return ordered;
}

async function resolved(name: string, port: number, reach: Reach, serverName: string, names: Names): Promise<Target[]> {
  const lists = await Promise.all(reach.families.map((family) => names.addresses(name, family)));
  return lists.flat().map((address) => ({ protocol: reach.protocol, address, port, serverName }));
}
