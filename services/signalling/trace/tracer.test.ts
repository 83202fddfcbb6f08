import { expect, test } from '@jest/globals';
import { asPermit } from '../../shared/domain/calls/dial-permit.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { readWire } from '../adapters/traces/wire-tap.js';
import { createTracer } from './tracer.js';
import type { LegBatch, TraceOrder, TraceStore } from './trace.js';

const invite = (callId: string, { from = '13800138000', port = 5060, toTag = '' } = {}): string =>
  `x|sip|network|400|udp|192.0.2.9|${port}|04:00:00.000000|txn||203.0.113.1|5062|\r\nINVITE sip:4001000@203.0.113.1 SIP/2.0\r\nFrom: <sip:${from}@192.0.2.9>;tag=a\r\nTo: <sip:4001000@203.0.113.1>${toTag}\r\nCall-ID: ${callId}\r\nCSeq: 1 INVITE\r\n\r\n`;
const answer = (callId: string): string =>
  `y|response|q|OK|application|300|udp|192.0.2.9|5060|04:00:00.100000|txn|dlg||Msg sent:|\r\nSIP/2.0 200 OK\r\nCall-ID: ${callId}\r\nCSeq: 1 INVITE\r\n\r\n`;
const leaving = (callId: string): string =>
  `y|response|q|OK|application|300|udp|203.0.113.1|5062|04:00:00.100000|txn|Msg sent:|\r\nINVITE sip:13900139000@carrier.example SIP/2.0\r\nFrom: <sip:4001000@x>\r\nTo: <sip:13900139000@x>\r\nCall-ID: ${callId}\r\n\r\n`;

const permit = asPermit({
  ...{ permitId: 'p1', way: 'transfer', trunkId: 't1', from: '4001000', number: '13900139000' },
  ...{ numberMasked: '139****9000', numberHash: 'h', consentId: undefined, longestMs: 1_000 },
});

async function rig(scope?: TraceOrder['scope'], holdsMs = 600_000, append?: TraceStore['append']) {
  let nowMs = Date.parse('2026-11-30T04:00:00.000Z');
  const runs: (() => void)[] = [];
  const written: LegBatch[] = [];
  const order = {
    id: 'o1',
    reason: 'why',
    by: 'admin',
    from: new Date(nowMs).toISOString(),
    until: new Date(nowMs + holdsMs).toISOString(),
  };
  let orders: TraceOrder[] = scope === undefined ? [] : [{ ...order, scope }];
  const store: TraceStore = {
    orders: async () => orders,
    keepOrder: async () => true,
    dropOrder: async () => true,
    append: append ?? (async (batch) => void written.push(structuredClone(batch))),
    legs: async () => [],
    leg: async () => undefined,
  };
  const tracer = createTracer({
    ...{ store, read: readWire, log: silentLogger },
    hashNumber: (number) => `h:${number}`,
    trunkOf: ({ far }) => (far?.address === '192.0.2.9' ? 't1' : undefined),
    isSeatDoor: ({ far }) => far?.port === 8443,
    clock: { nowMs: () => nowMs, after: () => () => undefined, every: (_ms, run) => (runs.push(run), () => undefined) },
  });
  const settle = async (): Promise<void> => {
    for (const run of runs) run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  tracer.start();
  await settle();
  return { tracer, written, settle, pass: (ms: number) => (nowMs += ms), end: () => (orders = []) };
}

test('nothing is kept while nobody has asked', async () => {
  const { tracer, written, settle } = await rig();
  tracer.seen(invite('c1'));
  await settle();
  expect(written).toEqual([]);
});

test('a leg is kept from its INVITE on, in both directions, in an order that no two messages share', async () => {
  const { tracer, written, settle } = await rig({ kind: 'trunk', trunkId: 't1' });
  tracer.seen(answer('c1'));
  tracer.seen(invite('c1'));
  tracer.seen(answer('c1'));
  tracer.seen('x|response|q|OK|pong');
  tracer.seen(invite('c2', { toTag: ';tag=b' }));
  tracer.seen(invite('seat', { port: 8443 }));
  await settle();
  expect(written).toHaveLength(1);
  expect(written[0]?.leg).toMatchObject({ direction: 'in', trunkId: 't1', fromMasked: '138****8000', toMasked: '40***00' });
  expect(written[0]?.messages.map(({ way, far, near }) => [way, far?.port, near?.port])).toEqual([
    ['in', 5060, 5062],
    ['out', 5060, undefined],
  ]);
  const [first, second] = written[0]?.messages ?? [];
  expect((second?.atUs ?? 0) - (first?.atUs ?? 0)).toBe(1);
});

test('an order for a number takes the calls with it alone, and one that left by its permit', async () => {
  const { tracer, written, settle } = await rig({ kind: 'number', numberHash: 'h:13900139000', numberMasked: '139****9000' });
  tracer.seen(invite('c1'));
  tracer.seen(invite('c2', { from: '13900139000' }));
  tracer.leaving('c3', permit, 't1');
  tracer.seen(leaving('c3'));
  tracer.seen(leaving('c4'));
  await settle();
  expect(written.map(({ leg: { direction, attemptId } }) => [direction, attemptId])).toEqual([
    ['in', undefined],
    ['out', 'p1'],
  ]);
});

test('an order that has run out, or was ended, keeps nothing more of the legs that it began', async () => {
  const ranOut = await rig({ kind: 'all' }, 1_000);
  ranOut.tracer.seen(invite('c1'));
  ranOut.pass(1_001);
  ranOut.tracer.seen(answer('c1'));
  ranOut.tracer.seen(invite('c2'));
  await ranOut.settle();
  expect(ranOut.written.map(({ messages }) => messages.length)).toEqual([1]);

  const ended = await rig({ kind: 'all' });
  ended.tracer.seen(invite('c1'));
  ended.end();
  await ended.settle();
  ended.tracer.seen(answer('c1'));
  await ended.settle();
  expect(ended.written.flatMap(({ messages }) => messages)).toHaveLength(1);
});

test('a flood is counted and let go, and hostile frames end nothing', async () => {
  const { tracer, written, settle } = await rig({ kind: 'all' });
  const began = performance.now();
  tracer.seen(invite('c1'));
  for (let i = 0; i < 10_000; i += 1) tracer.seen(answer('c1'));
  expect(performance.now() - began).toBeLessThan(5_000);
  for (const frame of [
    '',
    '\r\n',
    'a|sip|network\r\n',
    `a|sip|network|1|udp|${'9'.repeat(400)}|-1||||\r\n\u0000`,
    'a|response|b|OK|application|\r\nCall-ID:\r\n',
  ])
    tracer.seen(frame);
  await settle();
  const [batch] = written;
  expect(batch?.messages).toHaveLength(1_000);
  expect(batch?.lost).toBe(9_001);
});

test('who sends INVITEs by the thousand begins no more legs than the limit, and one hostile INVITE does not hold up calls', async () => {
  const { tracer, written, settle, pass } = await rig({ kind: 'number', numberHash: 'h:13900139000', numberMasked: '139****9000' });
  // No `@` follows.
  const began = process.cpuUsage();
  for (let i = 0; i < 5; i += 1) tracer.seen(invite(`slow${String(i)}`, { from: `${'a'.repeat(100)}sip:`.repeat(150).concat(' ') }));
  expect(process.cpuUsage(began).user).toBeLessThan(500_000);
  for (let i = 0; i < 1_000; i += 1) tracer.seen(invite(`c${String(i)}`, { from: '13900139000' }));
  await settle();
  expect(written).toHaveLength(200);
  pass(1_000);
  for (let i = 1_000; i < 2_000; i += 1) tracer.seen(invite(`c${String(i)}`, { from: '13900139000' }));
  await settle();
  expect(written).toHaveLength(300);
});

test('while the live state hangs, one write waits and the messages behind it are bounded; it goes on afterwards', async () => {
  const written: LegBatch[] = [];
  let goesOn = (): void => undefined;
  const hangs = new Promise<void>((resolve) => (goesOn = resolve));
  const { tracer, settle, pass } = await rig({ kind: 'all' }, 600_000, async (batch) => {
    written.push(structuredClone(batch));
    await hangs;
  });
  tracer.seen(invite('c1'));
  await settle();
  for (let second = 0; second < 20; second += 1) {
    pass(1_000);
    for (let i = 0; i < 300; i += 1) tracer.seen(answer('c1'));
    await settle();
  }
  expect(written).toHaveLength(1);
  goesOn();
  await settle();
  await tracer.stop();
  expect(written.map(({ messages, lost }) => [messages.length, lost])).toEqual([
    [1, 0],
    [2_000, 4_000],
  ]);
});
