import { expect, test } from '@jest/globals';
import { parseUri } from '../message/uri.js';
import { inOrder, locate, type Reach } from './locate.js';
import type { Names } from './names.js';

const V4: Reach['families'] = [4];
const ALL: readonly Reach[] = [
  { protocol: 'udp', families: V4 },
  { protocol: 'tcp', families: V4 },
  { protocol: 'tls', families: V4 },
];

function zone(records: Record<string, unknown[]>): Names & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = <Row>(kind: string, name: string): Promise<readonly Row[]> => {
    asked.push(`${kind} ${name}`);
    return Promise.resolve((records[`${kind} ${name}`] ?? []) as Row[]);
  };
  return {
    asked,
    naptr: (name) => answer('NAPTR', name),
    srv: (name) => answer('SRV', name),
    addresses: (name, family) => answer(family === 4 ? 'A' : 'AAAA', name),
  };
}

async function places(uri: string, names: Names, reaches: readonly Reach[] = ALL): Promise<string[]> {
  const parsed = parseUri(uri);
  if (!parsed) throw new Error('not a URI');
  return (await locate(parsed, reaches, names)).map(({ protocol, address, port }) => `${protocol} ${address}:${String(port)}`);
}

const srv = (priority: number, weight: number, name: string, port = 5070): object => ({ priority, weight, name, port });
const naptr = (order: number, preference: number, service: string, replacement: string): object => ({
  flags: 's',
  service,
  regexp: '',
  replacement,
  order,
  preference,
});

test.each([
  {
    what: 'NAPTR chooses the transport, lowest order first',
    uri: 'sip:carrier.example',
    records: {
      'NAPTR carrier.example': [
        naptr(20, 0, 'SIP+D2U', '_sip._udp.carrier.example'),
        naptr(10, 0, 'SIPS+D2T', '_sips._tcp.carrier.example'),
      ],
      'SRV _sips._tcp.carrier.example': [srv(0, 0, 'edge.carrier.example', 5063)],
      'A edge.carrier.example': ['192.0.2.1'],
    },
    expected: ['tls 192.0.2.1:5063'],
  },
  {
    what: 'a NAPTR for a transport nobody listens with is passed over',
    uri: 'sip:carrier.example',
    reaches: ALL.slice(0, 1),
    records: {
      'NAPTR carrier.example': [
        naptr(10, 0, 'SIPS+D2T', '_sips._tcp.carrier.example'),
        naptr(20, 0, 'SIP+D2U', '_sip._udp.carrier.example'),
      ],
      'SRV _sip._udp.carrier.example': [srv(0, 0, 'edge.carrier.example')],
      'A edge.carrier.example': ['192.0.2.2'],
    },
    expected: ['udp 192.0.2.2:5070'],
  },
  {
    what: 'without NAPTR every SRV is asked for, and all places are kept as fallbacks by priority',
    uri: 'sip:carrier.example',
    records: {
      'SRV _sip._udp.carrier.example': [srv(20, 0, 'b.carrier.example'), srv(10, 0, 'a.carrier.example')],
      'SRV _sip._tcp.carrier.example': [srv(0, 0, 'a.carrier.example', 5080)],
      'A a.carrier.example': ['192.0.2.3', '192.0.2.4'],
      'A b.carrier.example': ['192.0.2.5'],
    },
    expected: ['udp 192.0.2.3:5070', 'udp 192.0.2.4:5070', 'udp 192.0.2.5:5070', 'tcp 192.0.2.3:5080', 'tcp 192.0.2.4:5080'],
  },
  {
    what: 'a transport in the URI skips NAPTR',
    uri: 'sip:carrier.example;transport=tcp',
    records: { 'SRV _sip._tcp.carrier.example': [srv(0, 0, 'a.carrier.example')], 'A a.carrier.example': ['192.0.2.6'] },
    expected: ['tcp 192.0.2.6:5070'],
  },
  {
    what: 'a port skips NAPTR and SRV',
    uri: 'sip:carrier.example:5066',
    records: { 'A carrier.example': ['192.0.2.7'], 'SRV _sip._udp.carrier.example': [srv(0, 0, 'x.example')] },
    expected: ['udp 192.0.2.7:5066'],
  },
  {
    what: 'sips without records is TLS at 5061',
    uri: 'sips:carrier.example',
    records: { 'A carrier.example': ['192.0.2.8'] },
    expected: ['tls 192.0.2.8:5061'],
  },
  {
    what: 'a service that says it is not offered leaves the address of the name itself',
    uri: 'sip:carrier.example',
    records: { 'SRV _sip._udp.carrier.example': [srv(0, 0, '.')], 'A carrier.example': ['192.0.2.9'] },
    expected: ['udp 192.0.2.9:5060'],
  },
  { what: 'a name that leads nowhere leads nowhere', uri: 'sip:nowhere.example', records: {}, expected: [] },
])('$what (RFC 3263)', async ({ uri, records, expected, reaches }) => {
  expect(await places(uri, zone(records), reaches)).toEqual(expected);
});

test('a name without a dot is asked for its address alone', async () => {
  const names = zone({ 'A edge': ['192.0.2.10'] });
  expect(await places('sip:edge', names)).toEqual(['udp 192.0.2.10:5060']);
  expect(names.asked).toEqual(['A edge']);
});

test('equal priorities are drawn by weight (RFC 2782)', () => {
  const records = [
    { priority: 1, weight: 30, name: 'heavy', port: 1 },
    { priority: 1, weight: 10, name: 'light', port: 1 },
    { priority: 0, weight: 0, name: 'first', port: 1 },
  ];
  const names = (random: number): string[] => inOrder(records, () => random).map(({ name }) => name);
  expect(names(0)).toEqual(['first', 'light', 'heavy']);
  expect(names(0.9)).toEqual(['first', 'heavy', 'light']);
});
