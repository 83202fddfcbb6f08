import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Answer } from 'dns-packet';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { createDnsNames } from '../../../services/signalling/adapters/dns-names.js';
import { createSignalling } from '../../../services/signalling/index.js';
import { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import type { DialPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { NameServer } from '../../support/phones/name-server.js';
import { until } from '../../support/until.js';
import { RawPeer, SDP, SECRET, portOf, startServer } from '../sip/sip-support.js';

// A carrier that names its servers by its domain alone: which of them a call reaches, and what happens when a name server says something else.

const DOMAIN = 'carrier.example';
const TTL_S = 1;
const answer = { extra: ['Content-Type: application/sdp'], body: SDP };
let server: SipServer;
let first: RawPeer;
let second: RawPeer;
let names: NameServer;
let signalling: ReturnType<typeof createSignalling>;

const srv = (host: string, port: number, priority: number, weight = 0): Answer => ({
  type: 'SRV',
  name: `_sip._udp.${DOMAIN}`,
  ttl: TTL_S,
  data: { target: `${host}.${DOMAIN}`, port, priority, weight },
});
const a = (host: string, data: string): Answer => ({ type: 'A', name: `${host}.${DOMAIN}`, ttl: TTL_S, data });

beforeEach(async () => {
  server = await startServer({ timing: {} });
  [first, second] = await Promise.all([RawPeer.open(portOf(server, 'udp'), '127.0.0.2'), RawPeer.open(portOf(server, 'udp'), '127.0.0.3')]);
  names = await NameServer.open([
    srv('edge2', second.port, 20),
    srv('edge1', first.port, 10),
    a('edge1', '127.0.0.2'),
    a('edge2', '127.0.0.3'),
  ]);
  const trunk = Trunk.parse({
    id: 'carrier',
    name: 'carrier',
    addresses: ['127.0.0.2', '127.0.0.3'],
    outboundUri: `sip:${DOMAIN}`,
    digest: { username: 'us', password: 'a password' },
    permittedCallerNumbers: ['02160000001'],
  });
  signalling = createSignalling({
    drachtioUrl: `tcp://127.0.0.1:${String(server.admin.port)}`,
    drachtioSecret: SECRET,
    doors: { seatPort: 1, testPort: 2, testAddress: '127.0.0.1' },
    seatKey: 'a key of seats',
    seatOwner: () => Promise.resolve(undefined),
    trunks: () => ({ trunks: () => [trunk], trunk: () => trunk }),
    redeem: () => true,
    notSent: () => undefined,
    onTrunkCall: () => Promise.resolve(),
    onSeatCall: () => Promise.resolve(),
    names: createDnsNames(() => [names.address]),
    log: silentLogger,
  });
  answersOptions(first);
  answersOptions(second);
  await signalling.service.start();
});

afterEach(async () => {
  await signalling.service.stop();
  first.close();
  second.close();
  await names[Symbol.asyncDispose]();
  await server.close();
});

function answersOptions(peer: RawPeer): void {
  void peer.request('OPTIONS').then((options) => {
    peer.answer(options, 200);
    answersOptions(peer);
  });
}

const permit = { permitId: 'p', trunkId: 'carrier', from: '02160000001', number: '13800000000', way: 'callback' } as unknown as DialPermit;
const dial = (): ReturnType<typeof signalling.dialler.dial> =>
  signalling.dialler.dial({ permit, sdp: SDP, timeoutMs: 30_000, onLeaving: () => undefined, signal: new AbortController().signal });

/** The servers as the page shows them, with their states. */
const servers = (): string[] => (signalling.trunkStates()[0]?.ways ?? []).map(({ uri, state }) => `${uri} ${state}`);
const untilServers = (expected: string[]): Promise<unknown> => until(servers, (found) => found.join() === expected.join(), 20_000);
const both = (): string[] => [`127.0.0.2:${String(first.port)} up`, `127.0.0.3:${String(second.port)} up`];

test('a call goes to the first server of the domain, with the domain in its Request-URI, also behind a challenge', async () => {
  await untilServers(both());
  const call = dial();
  const invite = await first.request('INVITE');
  expect(invite.uri).toBe(`sip:13800000000@${DOMAIN}`);
  first.answer(invite, 401, { extra: ['WWW-Authenticate: Digest realm="carrier", nonce="n", algorithm=MD5'] });
  await first.request('ACK');
  const proved = await first.request('INVITE');
  expect(proved.headers.get('authorization')).toContain('username="us"');
  first.answer(proved, 200, answer);
  await first.request('ACK');
  const dialog = await call;
  const over = dialog.hangUp();
  first.answer(await first.request('BYE'), 200);
  await over;
}, 40_000);

test('a server that does not take the call is left for the next one of the domain', async () => {
  await untilServers(both());
  const call = dial();
  first.answer(await first.request('INVITE'), 503);
  second.answer(await second.request('INVITE'), 200, answer);
  await second.request('ACK');
  await call;
}, 40_000);

test('records that change are followed when they have run out; a name server that is away changes nothing', async () => {
  await untilServers(both());
  names.records = [srv('edge2', second.port, 10), a('edge2', '127.0.0.3')];
  await untilServers(both().slice(1));
  names.isSilent = true;
  const call = dial();
  second.answer(await second.request('INVITE'), 200, answer);
  await second.request('ACK');
  await call;
}, 40_000);

test('an answer that is too long for a datagram is fetched over TCP', async () => {
  names.truncates = true;
  await untilServers(both());
}, 40_000);
