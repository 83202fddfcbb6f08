import { Resolver, lookup } from 'node:dns/promises';
import type { NaptrRecord, SrvRecord } from 'node:dns';

/** Queries to the Domain Name System. An empty list means "none", whatever the reason. */
export interface Names {
  naptr(name: string): Promise<readonly NaptrRecord[]>;
  srv(name: string): Promise<readonly SrvRecord[]>;
  /** IP literals of one family. */
  addresses(name: string, family: 4 | 6): Promise<readonly string[]>;
}

// An unreachable name server must not delay a call longer than its caller waits for a first answer.
const QUERY = { timeout: 1_000, tries: 2 };

/**
 * Names as the system resolves them, or as the given name servers (`address` or `address:port`) do. Addresses come from the system, so that
 * its hosts file is used, unless servers are given.
 */
export function systemNames(servers: readonly string[] = []): Names {
  const resolver = new Resolver(QUERY);
  if (servers.length > 0) resolver.setServers(servers);
  const orNone = async <Row>(rows: Promise<Row[]>): Promise<Row[]> => {
    try {
      return await rows;
    } catch {
      // No such name, no such record or no server: each leads to the next step of RFC 3263.
      return [];
    }
  };
  return {
    naptr: (name) => orNone(resolver.resolveNaptr(name)),
    srv: (name) => orNone(resolver.resolveSrv(name)),
    addresses: (name, family) => {
      if (servers.length > 0) return orNone(family === 4 ? resolver.resolve4(name) : resolver.resolve6(name));
      return orNone(lookup(name, { family, all: true }).then((rows) => rows.map(({ address }) => address)));
    },
  };
}
