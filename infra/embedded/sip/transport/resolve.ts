import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { parseUri, withoutBrackets, type SipUri } from '../message/uri.js';
import { defaultPort, isProtocol, type Protocol } from './flow.js';
import type { Target } from './transports.js';

/** The protocol a URI asks for (RFC 3263 section 4.1 without NAPTR), or undefined when it leaves the choice or names an unknown one. */
export function requestedProtocol(uri: SipUri): { readonly protocol: Protocol | undefined; readonly unknown: boolean } {
  const name = uri.params.get('transport')?.toLowerCase();
  if (name === undefined) return { protocol: uri.scheme === 'sips' ? 'tls' : undefined, unknown: false };
  if (!isProtocol(name)) return { protocol: undefined, unknown: true };
  // RFC 3261 section 26.2.2 and RFC 7118 section 5.2: sips makes tcp tls, and ws wss.
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

/** The target with an IP literal; rejects when the name has no address. */
export async function resolve(target: Target, family: 4 | 6 | 0): Promise<Target> {
  const { address } = await lookup(target.address, { family });
  return { ...target, address };
}
