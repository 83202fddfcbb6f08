import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { Redis } from 'ioredis';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import type { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import type { DialPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import { createSecretCipher } from '../../../services/shared/platform/stores/secret-cipher.js';
import { createValkeyTraces } from '../../../services/signalling/adapters/traces/valkey-traces.js';
import { createSignalling } from '../../../services/signalling/index.js';
import { ladderOf } from '../../../services/signalling/trace/ladder.js';
import { pcapOf } from '../../../services/signalling/adapters/traces/pcap.js';
import type { TracedLeg, TraceOrder, TraceStore } from '../../../services/signalling/trace/trace.js';
import { until } from '../../support/until.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';
import { portOf, RawPeer, SDP, SECRET, startServer } from './sip-support.js';

// SIP traces with a real Valkey: of a call by the embedded SIP server, and what remains within the limits.

const hashNumber = numberHasher('key');
const cipher = createSecretCipher([Buffer.alloc(32, 7).toString('base64')], 'SIP traces');
const permit = { permitId: 'p1', trunkId: 'carrier', from: '02160000001', number: '13800000000', way: 'callback' } as unknown as DialPermit;
let valkeyServer: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;
let nowMs: number;
let store: TraceStore;

/** Emits `read` each time the orders have been read, with how many there are. */
const readings = new EventEmitter();
async function anOrderIsRead(): Promise<void> {
  for (;;) {
    const [count] = (await once(readings, 'read')) as [number];
    if (count > 0) return;
  }
}

beforeAll(async () => {
  valkeyServer = await startValkey();
  valkey = new Redis(valkeyServer.url);
});

beforeEach(async () => {
  await valkey.flushall();
  nowMs = Date.now();
  const kept = createValkeyTraces({ valkey, cipher, nowMs: () => nowMs });
  const orders = async (): Promise<TraceOrder[]> => {
    const read = await kept.orders();
    setImmediate(() => readings.emit('read', read.length));
    return read;
  };
  store = { ...kept, orders };
});

afterAll(async () => {
  valkey.disconnect();
  await stopProcess(valkeyServer.child);
});

const order = (scope: Parameters<TraceStore['keepOrder']>[0]['scope'], minutes = 60): Promise<boolean> =>
  store.keepOrder({
    ...{ id: 'o1', scope, reason: 'one-way sound', by: 'admin', from: new Date(nowMs).toISOString() },
    until: new Date(nowMs + minutes * 60_000).toISOString(),
  });

const leg = (id: string): TracedLeg => ({
  ...{ legId: id, orderId: 'o1', direction: 'in', trunkId: 'carrier', fromMasked: '138****0000', toMasked: '40***00' },
  startedAt: new Date(nowMs).toISOString(),
});
const message = (text: string, place = 0) => ({ atUs: nowMs * 1_000 + place, way: 'in', transport: 'udp', text }) as const;

describe('a call', () => {
  let server: SipServer;
  let carrier: RawPeer;
  let signalling: ReturnType<typeof createSignalling>;

  beforeEach(async () => {
    server = await startServer();
    carrier = await RawPeer.open(portOf(server, 'udp'), '127.0.0.2');
    const trunk: Trunk = {
      ...{ id: 'carrier', name: 'carrier', carrier: '', addresses: ['127.0.0.2'], trustsIdentity: false, enabled: true },
      ...{ outboundUri: `sip:127.0.0.2:${String(carrier.port)}`, permittedCallerNumbers: ['02160000001'] },
    };
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
      traces: { store, hashNumber },
      log: silentLogger,
    });
  });

  afterEach(async () => {
    await signalling.service.stop();
    carrier.close();
    await server.close();
  });

  async function called(): Promise<void> {
    const dialled = signalling.dialler.dial({
      ...{ permit, sdp: SDP, timeoutMs: 10_000, signal: new AbortController().signal, onLeaving: () => undefined },
    });
    const invite = await carrier.request('INVITE');
    carrier.answer(invite, 180);
    carrier.answer(invite, 200, { extra: ['Content-Type: application/sdp'], body: SDP });
    await carrier.request('ACK');
    const dialog = await dialled;
    const over = dialog.hangUp();
    carrier.answer(await carrier.request('BYE'), 200);
    await over;
  }

  test('that leaves is a ladder and a file of packets, joined to its permit; nothing is kept of one that nobody asked for', async () => {
    await signalling.service.start();
    await called();
    await order({ kind: 'number', numberHash: hashNumber('13800000000') ?? '', numberMasked: '138****0000' });
    await anOrderIsRead();
    await called();
    const seen = async () => {
      const [kept] = await store.legs();
      return kept === undefined ? undefined : store.leg(kept.leg.legId);
    };
    await until(seen, (found) => (found?.messages.length ?? 0) >= 6, 8_000);
    expect(await store.legs()).toHaveLength(1);
    const kept = await seen();
    if (kept === undefined) throw new Error('nothing is kept');
    expect(kept.leg).toMatchObject({ direction: 'out', trunkId: 'carrier', attemptId: 'p1', toMasked: '138****0000' });
    const ladder = ladderOf([kept]);
    expect(ladder.messages.map(({ way, label }) => `${way} ${label}`)).toEqual([
      'out INVITE',
      'in 180 Whatever',
      'in 200 Whatever',
      'out ACK',
      'out BYE',
      'in 200 Whatever',
    ]);
    expect(ladder.legs[0]).toMatchObject({ address: `127.0.0.2:${String(carrier.port)}`, transport: 'udp' });
    expect(JSON.stringify(ladder)).not.toContain('13800000000');
    expect(pcapOf([kept]).includes('sip:13800000000@127.0.0.2')).toBe(true);
    expect(pcapOf([kept]).includes(Buffer.from([127, 0, 0, 2]))).toBe(true);
  });

  test('that comes in is traced also when it is refused, and no number and no key lies open in the live state', async () => {
    await order({ kind: 'trunk', trunkId: 'carrier' });
    const known = anOrderIsRead();
    await signalling.service.start();
    await known;
    carrier.sendText(
      [
        `INVITE sip:4001000@127.0.0.1:${String(portOf(server, 'udp'))} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.2:${String(carrier.port)};branch=z9hG4bKtrace1`,
        'From: <sip:13911112222@127.0.0.2>;tag=a',
        'To: <sip:4001000@127.0.0.1>',
        'Call-ID: hostile-13911112222@x',
        'CSeq: 1 INVITE',
        `Contact: <sip:13911112222@127.0.0.2:${String(carrier.port)}>`,
        'Max-Forwards: 70',
        'Identity: SECRET',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
    await until(
      () => store.legs(),
      (legs) => legs.length === 1,
      8_000,
    );
    for (const key of await valkey.keys('proofline:sip-trace:*')) {
      const type = await valkey.type(key);
      const values =
        type === 'list' ? await valkey.lrange(key, 0, -1) : type === 'hash' ? Object.entries(await valkey.hgetall(key)).flat() : [];
      expect(`${key} ${values.join(' ')}`).not.toMatch(/13911112222|SECRET/);
    }
    const [kept] = await store.legs();
    expect((await store.leg(kept?.leg.legId ?? ''))?.messages[0]?.text).toContain('Identity: [removed]');
  });
});

test('what is kept has an end: by its hours, by the bytes of a leg, and by the bytes of all', async () => {
  const small = createValkeyTraces({ valkey, cipher, nowMs: () => nowMs, limitBytes: 20_000, legBytes: 6_000 });
  await small.append({ leg: leg('a'), messages: Array.from({ length: 20 }, (_each, i) => message('x'.repeat(500), i)), lost: 3 });
  const [first] = await small.legs();
  expect(first?.bytes).toBeLessThanOrEqual(6_000);
  const kept = await small.leg('a');
  expect((kept?.messages.length ?? 0) + (kept?.lost ?? 0)).toBe(23);
  for (const id of ['b', 'c', 'd', 'e', 'f']) {
    nowMs += 1;
    await small.append({ leg: leg(id), messages: Array.from({ length: 20 }, (_each, i) => message('y'.repeat(500), i)), lost: 0 });
    const sizes = (await small.legs()).map(({ bytes }) => bytes);
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(20_000);
  }
  expect(await small.leg('a')).toBeUndefined();
  expect((await small.legs()).map(({ leg: { legId } }) => legId)).toEqual(['f', 'e', 'd']);
  nowMs += 24 * 3_600_000 + 1;
  expect(await small.legs()).toEqual([]);
  expect(await small.leg('f')).toBeUndefined();
  await small.append({ leg: leg('g'), messages: [message('z')], lost: 0 });
  expect(await valkey.keys('proofline:sip-trace:leg:*')).toEqual(['proofline:sip-trace:leg:g']);
  expect(Number(await valkey.hget('proofline:sip-trace:sizes', '*'))).toBe((await small.legs())[0]?.bytes);
});

test('a leg whose first messages were lost has its 24 hours too', async () => {
  await store.append({ leg: leg('a'), messages: [], lost: 3 });
  await store.append({ leg: leg('a'), messages: [message('x')], lost: 0 });
  expect((await store.leg('a'))?.lost).toBe(3);
  expect(await valkey.pttl('proofline:sip-trace:leg:a')).toBeGreaterThan(0);
});

test('an order that has run out is none, whoever forgot it', async () => {
  await order({ kind: 'all' }, 5);
  expect(await store.orders()).toHaveLength(1);
  nowMs += 5 * 60_000;
  expect(await store.orders()).toEqual([]);
  expect(await valkey.pttl('proofline:sip-trace:orders')).toBeGreaterThan(0);
  await store.keepOrder({
    ...{ id: 'o2', scope: { kind: 'all' }, reason: 'again', by: 'admin', from: new Date(nowMs).toISOString() },
    until: new Date(nowMs + 60_000).toISOString(),
  });
  expect(await valkey.hkeys('proofline:sip-trace:orders')).toEqual(['o2']);
  expect(await store.dropOrder('o2')).toBe(true);
  expect(await store.dropOrder('o2')).toBe(false);
});
