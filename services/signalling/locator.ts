import type { Logger } from '../shared/platform/processes/logger.js';
import { familyOf } from '../shared/platform/network/networks.js';
import type { CarrierAddress, Ranked } from './addresses.js';

/** Records of the Domain Name System with their times to live. */
export interface Found<Row> {
  readonly records: readonly Row[];
  /** Undefined when there is no record, so nothing says how long that remains valid. */
  readonly ttlMs: number | undefined;
}

export interface ServiceRecord extends Ranked {
  readonly target: string;
  readonly port: number;
}

export interface PointerRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly services: string;
  readonly replacement: string;
}

/** Queries the Domain Name System. Fails when no name server answers. */
export interface Names {
  srv(name: string): Promise<Found<ServiceRecord>>;
  naptr(name: string): Promise<Found<PointerRecord>>;
  /** The IP addresses of a host: its IPv4 addresses, or its IPv6 addresses when it has no others. */
  addresses(name: string): Promise<Found<string>>;
}

/** A server that the SRV records of a carrier's domain lead to. */
export interface LocatedServer extends Ranked {
  /** `host:port` with its parameters, without `sip:`. */
  readonly uri: string;
}

/** The servers of the carriers' domains, cached for the lifetime of the records. A call never waits for a name server. */
export interface Locator {
  /** Empty for an address that is not a domain, for a domain without SRV records, and until the first answer. */
  servers(address: CarrierAddress): readonly LocatedServer[];
  /** Looks up new and expired domains, and forgets every other address. */
  refresh(addresses: readonly CarrierAddress[]): void;
}

const SHORTEST_MS = 5_000;
const LONGEST_MS = 3_600_000;
/** For a domain without records the SIP server's own address lookup is used meanwhile. */
const NONE_HOLDS_MS = 60_000;
const ASK_AGAIN_MS = 5_000;
const MOST_SERVERS = 16;
const SERVICES = { 'SIP+D2U': 'udp', 'SIP+D2T': 'tcp' } as const;
type Protocol = (typeof SERVICES)[keyof typeof SERVICES];
const HOST_NAME = /^(?!-)[\w-]+(?:\.[\w-]+)+\.?$/;

/**
 * The domain to look up and the requested transport; undefined when an address names its server (RFC 3263 section 4.2: a port, or an IP
 * address). Over TLS the SIP server looks up itself, because it compares the certificate with the domain (RFC 5922), not with the host of a
 * record.
 */
export function domainOf(uri: string): { readonly domain: string; readonly protocol: Protocol | undefined } | undefined {
  const [hostPort = '', ...params] = uri.slice(uri.indexOf('@') + 1).split(';');
  if (hostPort.includes(':') || familyOf(hostPort) !== undefined || !HOST_NAME.test(hostPort)) return undefined;
  const transport = params
    .find((param) => /^transport=/i.test(param))
    ?.slice('transport='.length)
    .toLowerCase();
  if (transport !== undefined && transport !== 'udp' && transport !== 'tcp') return undefined;
  return { domain: hostPort.toLowerCase().replace(/\.$/, ''), protocol: transport };
}

/** RFC 3263 section 4: NAPTR chooses the transport when the address leaves it open, otherwise SRV over UDP, then over TCP. */
async function locate({ domain, protocol }: NonNullable<ReturnType<typeof domainOf>>, names: Names): Promise<Found<LocatedServer>> {
  const none: Found<never> = { records: [], ttlMs: undefined };
  let unanswered: { readonly error: unknown } | undefined;
  // A name server without NAPTR must not hide SRV records. It is asked again soon.
  const pointers =
    protocol === undefined
      ? await names.naptr(domain).catch((error: unknown) => {
          unanswered = { error };
          return { ...none, ttlMs: ASK_AGAIN_MS };
        })
      : none;
  const pointed = pointers.records
    .filter(({ flags, services }) => flags.toLowerCase() === 's' && services.toUpperCase() in SERVICES)
    .toSorted((a, b) => a.order - b.order || a.preference - b.preference)
    .map(({ services, replacement }) => ({ name: replacement, by: SERVICES[services.toUpperCase() as keyof typeof SERVICES] }));
  const usual = (protocol === undefined ? (['udp', 'tcp'] as const) : [protocol]).map((by) => ({ name: `_sip._${by}.${domain}`, by }));
  for (const { name, by } of pointed.length > 0 ? pointed : usual) {
    const { records, ttlMs } = await names.srv(name);
    // A single dot means that the service is not offered there (RFC 2782).
    const offered = records.filter(({ target, port }) => HOST_NAME.test(target) && port > 0);
    const asked = await Promise.allSettled(
      offered
        .toSorted((a, b) => a.priority - b.priority)
        .slice(0, MOST_SERVERS)
        .map((record) => serversOf(record, by, names)),
    );
    const servers = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = asked.find((each) => each.status === 'rejected');
    const found = servers.flatMap((each) => each.records).slice(0, MOST_SERVERS);
    // One failed host must not affect the others. It is asked again soon.
    if (found.length === 0 && failed !== undefined) throw failed.reason;
    if (found.length === 0) continue;
    const soon = failed === undefined ? undefined : ASK_AGAIN_MS;
    return { records: found, ttlMs: shortest([ttlMs, pointers.ttlMs, soon, ...servers.map((each) => each.ttlMs)]) };
  }
  if (unanswered !== undefined) throw unanswered.error;
  return none;
}

async function serversOf({ target, port, priority, weight }: ServiceRecord, by: Protocol, names: Names): Promise<Found<LocatedServer>> {
  const { records, ttlMs } = await names.addresses(target);
  const servers = records.map((address) => ({
    uri: `${address.includes(':') ? `[${address}]` : address}:${String(port)}${by === 'tcp' ? ';transport=tcp' : ''}`,
    priority,
    weight,
  }));
  return { records: servers, ttlMs };
}

const shortest = (ttlsMs: readonly (number | undefined)[]): number | undefined => {
  const known = ttlsMs.filter((ttlMs) => ttlMs !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

interface Known {
  servers: readonly LocatedServer[];
  dueMs: number;
  asking: boolean;
}

export function createLocator({
  names,
  nowMs,
  log,
}: {
  readonly names: Names;
  readonly nowMs: () => number;
  readonly log: Logger;
}): Locator {
  const known = new Map<string, Known>();

  async function ask(question: NonNullable<ReturnType<typeof domainOf>>, entry: Known): Promise<void> {
    entry.asking = true;
    try {
      const { records, ttlMs } = await locate(question, names);
      entry.servers = records;
      entry.dueMs = nowMs() + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ttlMs ?? NONE_HOLDS_MS));
    } catch (error) {
      // The last result stays valid: a name server that is down must not cut off a carrier that is up (RFC 8767).
      entry.dueMs = nowMs() + ASK_AGAIN_MS;
      log.warn({ err: error }, 'the servers of a carrier could not be resolved; the last ones found stay in use');
    } finally {
      entry.asking = false;
    }
  }

  return {
    servers: ({ uri }) => known.get(uri)?.servers ?? [],
    refresh(addresses) {
      const wanted = new Map(addresses.map(({ uri }) => [uri, domainOf(uri)]));
      for (const uri of known.keys()) if (wanted.get(uri) === undefined) known.delete(uri);
      for (const [uri, question] of wanted) {
        if (question === undefined) continue;
        const entry = known.get(uri) ?? { servers: [], dueMs: 0, asking: false };
        known.set(uri, entry);
        if (!entry.asking && nowMs() >= entry.dueMs) void ask(question, entry);
      }
    },
  };
}
