// What a seat and a trunk notice of an outsider's flood: 2,000 WebSockets at /sip without a ticket and 5,000 INVITEs a second from an
// address that is no trunk's, for half a minute, while one caller after another rings at a seat; then the same with sockets that bring an
// agent's tickets.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { OfferedCall } from '../services/shared/contracts/calls/seat-socket.js';
import { silentLogger } from '../services/shared/platform/processes/logger.js';
import { createValkeyBus } from '../services/shared/platform/events/valkey-bus.js';
import { BareSeat } from '../test/support/bare-seat.js';
import { SipPhone } from '../test/support/phones/sip-phone.js';
import { Stack } from '../test/support/stack.js';
import type { Flood, Flooded } from './support/flood-support.js';
import { percentile, report } from './support/report.js';

const SOCKETS = 2_000;
const INVITES_PER_SECOND = 5_000;
const SECONDS = 30;
/** Sign-ins of one agent, whose tickets 2,000 sockets bring in the second round. */
const SIGN_INS = 100;
const OUTSIDER = '127.0.0.66';
const NUMBER = '4001097';

await using stack = await Stack.start({ layout: 'roles' });
const admin = await stack.signIn('admin');
const flow = { noticeMode: 'while-ringing', noticePromptId: 'beep', start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } };
await stack.http('PUT', `/api/numbers/${NUMBER}`, { token: admin, body: { name: 'bench', status: 'in-service', language: 'en', flow } });
await stack.http('PUT', '/api/queues/service', {
  token: admin,
  body: { name: { 'zh-CN': '客户服务', en: 'Customer service' }, wrapUp: { mode: 'none', ms: 0, extendable: false } },
});
const seat = await BareSeat.open(stack, 'agent1');
await seat.ready();

const left = new Map<string, () => void>();
const bus = createValkeyBus({ url: stack.config.VALKEY_URL, log: silentLogger });
await bus.follow(({ name, event }) => {
  if (name === 'call.ended') left.get(event.callId)?.();
});

/** Rings at the seat, one caller after another, for `forMs`: the times to ring, and how many callers were refused. */
async function rings(forMs: number): Promise<{ readonly ms: number[]; readonly refused: number }> {
  const untilMs = performance.now() + forMs;
  const ms: number[] = [];
  let refused = 0;
  while (performance.now() < untilMs) {
    const caller = await SipPhone.open(
      { server: stack.sip, local: '127.0.0.1', from: 'sip:13800000002@carrier.test' },
      `sip:${NUMBER}@${stack.sip.address}:${stack.sip.port}`,
    );
    const rang = seat.next<OfferedCall>('call:offered');
    const since = performance.now();
    const status = caller.call();
    const offered = await Promise.race([rang, status.then((code) => (code === 200 ? rang : undefined))]);
    if (offered === undefined) refused += 1;
    else {
      ms.push(performance.now() - since);
      const { callId } = offered;
      await status;
      const over = new Promise<void>((resolve) => left.set(callId, resolve));
      caller.hangUp();
      await over;
    }
    caller.close();
  }
  return { ms, refused };
}

/** What a caller and a seat notice while this goes on. */
async function under(what: string, flood: Omit<Flood, 'web' | 'sip' | 'from' | 'seconds'>): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'support', 'flood-support.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, 'exit');
  const sip = `${stack.sip.address}:${stack.sip.port}`;
  child.stdin.end(JSON.stringify({ web: stack.web, sip, from: OUTSIDER, seconds: SECONDS, ...flood } satisfies Flood));
  const during = await rings(SECONDS * 1_000);
  await ended;
  const sent = JSON.parse(printed) as Flooded;
  report({
    what: `INVITE to ring under ${what}: p95`,
    value: percentile(during.ms, 0.95),
    unit: 'ms',
    target: '<= 200 ms',
    baseline: { what: 'without', value: percentile(quiet.ms, 0.95) },
  });
  report({
    what: 'calls of the trunk that were refused',
    value: during.refused,
    unit: `of ${during.ms.length + during.refused}`,
    target: '0',
  });
  report({ what: 'sockets opened, INVITEs sent', value: sent.opened, unit: `and ${sent.invites}` });
  report({ what: 'of the sockets with a good ticket', value: sent.ticketed, unit: '' });
  report({
    what: 'sockets that were let in at the same time',
    value: sent.mostAtOnce,
    unit: `with ${sent.overSockets} INVITEs`,
    target: flood.tokens.length === 0 ? '0' : '<= 8',
  });
}

const quiet = await rings(10_000);
const outsiders = { sockets: SOCKETS, invitesPerSecond: INVITES_PER_SECOND, tokens: [] };
await under(`${SOCKETS} sockets, ${INVITES_PER_SECOND} INVITE/s of an outsider`, outsiders);
const tokens: string[] = [];
for (let i = 0; i < SIGN_INS; i += 1) tokens.push(await stack.signIn('agent2'));
await under(`${SOCKETS} sockets with tickets of an agent`, { ...outsiders, tokens });

await bus.close();
seat.socket.close();
seat.phone.close();
