import type { Trunk } from '../../contracts/calls/flow.js';
import { familyOf } from './networks.js';

/** The host of an address without its scheme, in lower case. */
export function hostOf(uri: string): string {
  const [, v6, name] = /^(?:[^@]*@)?(?:\[([^\]]+)\]|([^:;?]+))/.exec(uri) ?? [];
  return (v6 ?? name ?? '').toLowerCase();
}

/** Where a trunk is: its sources, and its destinations where they are addresses. */
export function trunkPlaces({
  addresses,
  outboundUri,
  furtherUris = [],
}: Pick<Trunk, 'addresses' | 'outboundUri' | 'furtherUris'>): string[] {
  const hosts = (outboundUri === undefined ? [] : [outboundUri, ...furtherUris]).map((uri) => hostOf(uri.replace(/^sips?:/, '')));
  return [...new Set([...addresses, ...hosts.filter((host) => familyOf(host) !== undefined)])];
}
