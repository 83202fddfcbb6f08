import type { Trunk } from '../shared/contracts/calls/flow.js';

/** The lowest priority goes first. Addresses of one priority share the calls by their weights (RFC 2782). */
export interface Ranked {
  readonly priority: number;
  readonly weight: number;
}

/** One of the addresses to which the calls of a trunk go. */
export interface CarrierAddress extends Ranked {
  /** `host:port` with its parameters, without `sip:`; over TLS when the trunk requires it. */
  readonly uri: string;
  /** Its index among the addresses of the trunk, from 0. */
  readonly place: number;
}

/** The addresses of a trunk, each once, as configured. Without ranks the addresses are tried one after the other. */
export function addressesOf({
  outboundUri,
  furtherUris = [],
  ranks,
  transport,
}: Pick<Trunk, 'outboundUri' | 'furtherUris' | 'ranks' | 'transport'>): readonly CarrierAddress[] {
  if (outboundUri === undefined) return [];
  const seen = new Set<string>();
  return [outboundUri, ...furtherUris].flatMap((text, place) => {
    const uri = withTransport(text, transport);
    if (seen.has(uri)) return [];
    seen.add(uri);
    return [{ uri, place, ...(ranks?.[place] ?? { priority: place, weight: 0 }) }];
  });
}

function withTransport(text: string, transport: Trunk['transport']): string {
  const uri = text.replace(/^sips?:/, '');
  return transport === 'tls' ? `${uri.replace(/;transport=[^;]*/gi, '')};transport=tls` : uri;
}

/**
 * Ordered by priority. Within one priority the order is drawn by weight (RFC 2782), so each address goes first as often as its weight says;
 * without any weight equally often.
 */
export function byRank<Entry extends Ranked>(entries: readonly Entry[], random: () => number): Entry[] {
  const left = entries.toSorted((a, b) => a.priority - b.priority);
  const ordered: Entry[] = [];
  while (left.length > 0) {
    const equals = left.filter(({ priority }) => priority === left[0]?.priority);
    const all = equals.reduce((sum, { weight }) => sum + weight, 0);
    let lot = random() * (all === 0 ? equals.length : all);
    const drawn = equals.find(({ weight }) => (lot -= all === 0 ? 1 : weight) < 0) ?? equals[0];
    if (drawn === undefined) break;
    left.splice(left.indexOf(drawn), 1);
    ordered.push(drawn);
  }
  return ordered;
}
