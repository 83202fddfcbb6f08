// From the INVITE, and from the place in the queue, to the ring at the seat's control socket: one seat, then two hundred, in the whole
// product with one process a role. Each seat has its own session, socket and SIP leg.
import { Redis } from 'ioredis';
import { SipPhone } from '../services/proof-call/adapters/sip-phone.js';
import { createIdentity } from '../services/identity/index.js';
import type { OfferedCall } from '../services/shared/contracts/calls/seat-socket.js';
import { silentLogger } from '../services/shared/platform/processes/logger.js';
import { connectMongo } from '../services/shared/platform/stores/mongo.js';
import { createValkeyBus } from '../services/shared/platform/events/valkey-bus.js';
import { BareSeat } from '../test/support/bare-seat.js';
import { Stack } from '../test/support/stack.js';
import { percentile, report } from './support/report.js';

const SEATS = 200;
const CALLS = 200;
const NUMBER = '4001096';
const SESSION_MS = 600_000;
/** Four ports a leg: more than the small range that a test gets. */
const RTP_PORTS = { RTPENGINE_PORT_MIN: '20000', RTPENGINE_PORT_MAX: '29999' };

await using stack = await Stack.start({ layout: 'roles', env: RTP_PORTS });
const admin = await stack.signIn('admin');
async function put(path: string, body: unknown): Promise<void> {
  const answer = await stack.http('PUT', `/api${path}`, { token: admin, body });
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}`);
}
const flow = { noticeMode: 'while-ringing', noticePromptId: 'beep', start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } };
await put(`/numbers/${NUMBER}`, { name: 'bench', status: 'in-service', language: 'en', flow });
await put('/queues/service', {
  name: { 'zh-CN': '客户服务', en: 'Customer service' },
  wrapUp: { mode: 'none', ms: 0, extendable: false },
});

const valkey = new Redis(stack.config.VALKEY_URL);
const mongo = await connectMongo(stack.config);
const bus = createValkeyBus({ url: stack.config.VALKEY_URL, log: silentLogger });
const identity = createIdentity({
  config: stack.config,
  mongo,
  valkey,
  audit: async () => undefined,
  log: silentLogger,
  sessionEnded: async () => undefined,
});

const seats: BareSeat[] = [];
/** Called for whichever seat rings next. */
let rang: (call: OfferedCall) => void = () => undefined;
async function openSeats(count: number): Promise<void> {
  while (seats.length < count) {
    const name = `bench${seats.length}`;
    const { token } = await identity.openSession({ userId: name, name, roles: ['agent'], lastsMs: SESSION_MS });
    const seat = await BareSeat.openAs(stack, token);
    // The generator must not take processor time from what is measured.
    seat.phone.sound.pause();
    seat.socket.on('call:offered', (call: OfferedCall) => rang(call));
    await seat.ready();
    seats.push(seat);
  }
}

const queuedAtMs = new Map<string, number>();
const left = new Map<string, () => void>();
await bus.follow(({ name, event }) => {
  if (name === 'call.queued') queuedAtMs.set(event.callId, Date.parse(event.at));
  if (name === 'call.ended') left.get(event.callId)?.();
});

/** One caller after another; each hangs up as soon as it rings. */
async function alerts(): Promise<{ readonly invite: number[]; readonly queued: number[] }> {
  const [invite, queued]: [number[], number[]] = [[], []];
  for (let i = 0; i < CALLS; i += 1) {
    const caller = await SipPhone.open(
      { server: stack.sip, local: '127.0.0.1', from: 'sip:13800000002@carrier.test' },
      `sip:${NUMBER}@${stack.sip.address}:${stack.sip.port}`,
    );
    const ring = new Promise<OfferedCall>((resolve) => (rang = resolve));
    const since = performance.now();
    const answer = caller.call();
    const { callId } = await ring;
    invite.push(performance.now() - since);
    const rangAtMs = Date.now();
    await answer;
    const over = new Promise<void>((resolve) => left.set(callId, resolve));
    caller.hangUp();
    await over;
    queued.push(rangAtMs - (queuedAtMs.get(callId) ?? Number.NaN));
    caller.close();
  }
  return { invite, queued };
}

await openSeats(1);
const one = await alerts();
await openSeats(SEATS);
const many = await alerts();
for (const [what, few, all] of [
  ['INVITE', one.invite, many.invite],
  ['caller queued', one.queued, many.queued],
] as const)
  for (const [name, quantile] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const)
    report({
      what: `${what} to seat alerted, ${SEATS} seats: ${name}`,
      value: percentile(all, quantile),
      unit: 'ms',
      ...(name === 'p99' ? { target: '<= 50 ms' } : {}),
      baseline: { what: 'one seat', value: percentile(few, quantile) },
    });

for (const seat of seats) seat.socket.close();
for (const seat of seats) seat.phone.close();
await bus.close();
await mongo.close();
valkey.disconnect();
