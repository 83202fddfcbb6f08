import { beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { byRank, type CarrierAddress } from './addresses.js';
import { createLocator, domainOf, type Found, type Locator, type Names } from './locator.js';

const address: CarrierAddress = { uri: 'carrier.example', place: 0, priority: 0, weight: 0 };

let clockMs: number;
let zone: Record<string, Found<unknown> | Error>;
let asked: string[];
let locator: Locator;

function answer<Row>(question: string): Promise<Found<Row>> {
  asked.push(question);
  const found = zone[question] ?? { records: [], ttlMs: undefined };
  return found instanceof Error ? Promise.reject(found) : Promise.resolve(found as Found<Row>);
}
const names: Names = {
  srv: (name) => answer(`SRV ${name}`),
  naptr: (name) => answer(`NAPTR ${name}`),
  addresses: (name) => answer(`A ${name}`),
};

beforeEach(() => {
  clockMs = 0;
  asked = [];
  zone = {
    'SRV _sip._udp.carrier.example': {
      records: [
        { target: 'b.carrier.example', port: 5062, priority: 20, weight: 0 },
        { target: 'a.carrier.example', port: 5061, priority: 10, weight: 7 },
      ],
      ttlMs: 30_000,
    },
    'A a.carrier.example': { records: ['192.0.2.1'], ttlMs: 20_000 },
    'A b.carrier.example': { records: ['2001:db8::2'], ttlMs: 60_000 },
  };
  locator = createLocator({ names, nowMs: () => clockMs, log: silentLogger });
});

/** Looks up, and waits until every answer is there. */
async function refresh(at: CarrierAddress = address): Promise<readonly string[]> {
  locator.refresh([at]);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  return locator.servers(at).map(({ uri, priority, weight }) => `${uri} ${String(priority)} ${String(weight)}`);
}

test('a domain leads to the servers of its SRV records, each address with the priority and weight of its record', async () => {
  expect(await refresh()).toEqual(['192.0.2.1:5061 10 7', '[2001:db8::2]:5062 20 0']);
});

test('a name server that refuses NAPTR does not hide the servers of SRV, and is asked again soon', async () => {
  zone['NAPTR carrier.example'] = new Error('REFUSED');
  expect(await refresh()).toHaveLength(2);
  const questions = asked.length;
  clockMs = 5_000;
  await refresh();
  expect(asked.length).toBeGreaterThan(questions);
  // When no query is answered, nothing new is known: the last result stays valid.
  zone = { 'NAPTR carrier.example': new Error('REFUSED') };
  clockMs = 10_000;
  expect(await refresh()).toHaveLength(2);
});

test('servers without any weight go first equally often', () => {
  const equals = ['a', 'b', 'c', 'd'].map((uri) => ({ uri, priority: 1, weight: 0 }));
  const firsts = Array.from({ length: 8 }, (_, draw) => byRank(equals, () => draw / 8)[0]?.uri);
  expect(firsts).toEqual(['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd']);
});

test('what was found holds for its shortest time to live, and is asked again then', async () => {
  await refresh();
  const questions = asked.length;
  clockMs = 19_999;
  await refresh();
  expect(asked).toHaveLength(questions);
  clockMs = 20_000;
  zone['A a.carrier.example'] = { records: ['192.0.2.9'], ttlMs: 20_000 };
  expect(await refresh()).toContain('192.0.2.9:5061 10 7');
});

test('a time to live of nothing is five seconds, so that a carrier is not asked at every call', async () => {
  zone['A a.carrier.example'] = { records: ['192.0.2.1'], ttlMs: 0 };
  await refresh();
  const questions = asked.length;
  clockMs = 4_999;
  await refresh();
  expect(asked).toHaveLength(questions);
});

test('no name server answers: what was found last stands, and it is asked again after five seconds', async () => {
  await refresh();
  clockMs = 20_000;
  zone['SRV _sip._udp.carrier.example'] = new Error('away');
  expect(await refresh()).toHaveLength(2);
  clockMs = 25_000;
  zone['SRV _sip._udp.carrier.example'] = { records: [{ target: 'b.carrier.example', port: 5062, priority: 0, weight: 0 }], ttlMs: 1_000 };
  expect(await refresh()).toEqual(['[2001:db8::2]:5062 0 0']);
});

test('a host of a record that cannot be looked up leaves the others, and is asked again after five seconds', async () => {
  zone['A a.carrier.example'] = new Error('SERVFAIL');
  expect(await refresh()).toEqual(['[2001:db8::2]:5062 20 0']);
  clockMs = 5_000;
  zone['A a.carrier.example'] = { records: ['192.0.2.1'], ttlMs: 20_000 };
  expect(await refresh()).toEqual(['192.0.2.1:5061 10 7', '[2001:db8::2]:5062 20 0']);
});

test('NAPTR chooses the transport; a transport that the address names is not asked for', async () => {
  zone['NAPTR carrier.example'] = {
    records: [
      { order: 10, preference: 0, flags: 's', services: 'SIPS+D2T', replacement: '_sips._tcp.carrier.example' },
      { order: 20, preference: 0, flags: 'S', services: 'SIP+D2T', replacement: '_sip._tcp.carrier.example' },
    ],
    ttlMs: 9_000,
  };
  zone['SRV _sip._tcp.carrier.example'] = { records: [{ target: 'a.carrier.example', port: 5070, priority: 0, weight: 0 }], ttlMs: 30_000 };
  expect(await refresh()).toEqual(['192.0.2.1:5070;transport=tcp 0 0']);
  asked = [];
  expect(await refresh({ ...address, uri: 'carrier.example;transport=udp' })).toHaveLength(2);
  expect(asked).not.toContain('NAPTR carrier.example');
});

test('a domain that says that it offers no such service, or has no records, is left to the SIP server', async () => {
  zone['SRV _sip._udp.carrier.example'] = { records: [{ target: '.', port: 0, priority: 0, weight: 0 }], ttlMs: 30_000 };
  expect(await refresh()).toEqual([]);
});

test('an address with a port, an IP address, a name without a dot and a trunk over TLS are not looked up', () => {
  for (const uri of ['carrier.example:5060', '192.0.2.1', '[2001:db8::1]', 'localhost', 'carrier.example;transport=tls'])
    expect([uri, domainOf(uri)]).toEqual([uri, undefined]);
  expect(domainOf('Carrier.Example;transport=TCP')).toEqual({ domain: 'carrier.example', protocol: 'tcp' });
});

test('addresses go by priority, and share one priority by their weights', () => {
  const entries = [
    { id: 'last', priority: 20, weight: 100 },
    { id: 'little', priority: 10, weight: 1 },
    { id: 'much', priority: 10, weight: 3 },
    { id: 'none', priority: 10, weight: 0 },
  ];
  const first: Record<string, number> = {};
  const draws = 4_000;
  for (let draw = 0; draw < draws; draw += 1) {
    const ordered = byRank(entries, () => ((draw * 7 + 3) % draws) / draws);
    expect(ordered.map(({ id }) => id).at(-1)).toBe('last');
    expect(ordered).toHaveLength(entries.length);
    const id = ordered[0]?.id ?? '';
    first[id] = (first[id] ?? 0) + 1;
  }
  expect(first).toEqual({ much: 3_000, little: 1_000 });
});
