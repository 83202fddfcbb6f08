import { networkInterfaces } from 'node:os';
import { parseUri, withBrackets, withoutBrackets } from '../message/uri.js';
import { isProtocol, type Protocol } from './flow.js';

/** One `--contact`: an address and the protocols to listen with. */
export interface ContactSpec {
  /** Without brackets; `0.0.0.0` or `::` for all addresses. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly protocols: readonly Protocol[];
  /** The value in Via and Contact instead of `host`, for a server behind NAT: `;external=203.0.113.7`. */
  readonly external: string | undefined;
  readonly door: DoorName | undefined;
}

/**
 * `;door=seat` of a WebSocket: only a client with the proof may connect; it speaks for many clients and has limited each of them already.
 * `;door=test`: for calls of the installation itself; nothing else leaves by it.
 */
export type DoorName = 'seat' | 'test';

/** Reads `sip:127.0.0.1:5060;transport=udp,tcp`; throws a sentence when it cannot. */
export function parseContactSpec(text: string): ContactSpec {
  // Port 0 is not valid in a SIP URI, but tests and child processes use it to get any free port.
  const anyPort = /:0(?=;|$)/.test(text);
  const uri = parseUri(text.replace(/^(sips?:)\*/, '$10.0.0.0').replace(/:0(?=;|$)/, ''));
  if (!uri || uri.host === '') throw new Error('a contact looks like sip:127.0.0.1:5060;transport=udp,tcp');
  const names = (uri.params.get('transport') ?? 'udp,tcp').split(',').map((name) => name.toLowerCase());
  const protocols = names.filter(isProtocol);
  if (protocols.length !== names.length) throw new Error('a contact names a transport other than udp, tcp, tls, ws and wss');
  const only = protocols.length === 1 && (protocols[0] === 'tls' || protocols[0] === 'wss');
  const external = uri.params.get('external');
  const door = uri.params.get('door');
  if (door !== undefined && door !== 'seat' && door !== 'test') throw new Error('a door is seat or test');
  if (door === 'seat' && protocols.some((protocol) => protocol !== 'ws' && protocol !== 'wss'))
    throw new Error('door=seat is for ws and wss');
  return { door, host: withoutBrackets(uri.host), port: anyPort ? 0 : (uri.port ?? (only ? 5061 : 5060)), protocols, external };
}

/** The address at which peers reach a socket bound to `bound`: the same, or the first external address in place of a wildcard. */
export function advertisedAddress(bound: string): string {
  if (bound !== '0.0.0.0' && bound !== '::') return withBrackets(bound);
  const family = bound === '::' ? 'IPv6' : 'IPv4';
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const usable = addresses.filter((entry) => entry.family === family && !(family === 'IPv6' && entry.address.startsWith('fe80')));
  const chosen = usable.find((entry) => !entry.internal) ?? usable[0];
  return withBrackets(chosen?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1'));
}
