// The routing process killed under a waiting caller, in the whole product: from the kill to the ring at the seat.
import type { OfferedCall } from '../services/shared/contracts/calls/seat-socket.js';
import { SipPhone } from '../services/proof-call/adapters/sip-phone.js';
import { BareSeat } from '../test/support/bare-seat.js';
import { Stack } from '../test/support/stack.js';
import { percentile, report } from './support/report.js';

const ROUNDS = 5;
const NUMBER = '4001099';

await using stack = await Stack.start({ layout: 'roles' });
const token = await stack.signIn('admin');
async function asked(method: string, path: string, body: unknown): Promise<void> {
  const answer = await stack.http(method, `/api${path}`, { token, body });
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}`);
}
const flow = { noticeMode: 'while-ringing', start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } };
await asked('PUT', `/numbers/${NUMBER}`, { name: 'bench', status: 'in-service', language: 'en', flow });
await asked('PUT', '/queues/service', {
  name: { 'zh-CN': '客户服务', en: 'Customer service' },
  admitWithoutAgents: true,
  wrapUp: { mode: 'none', ms: 0, extendable: false },
});
const seat = await BareSeat.open(stack, 'agent1');
const [alive, dead]: [number[], number[]] = [[], []];

/** From the agent's first wish to be ready until the ring, in milliseconds. */
async function round(kill: boolean): Promise<number> {
  await seat.ready();
  await seat.ask('agent:set-state', { state: 'away' });
  const caller = await SipPhone.open(
    { server: stack.sip, local: '127.0.0.1', from: 'sip:13800000002@carrier.test' },
    `sip:${NUMBER}@${stack.sip.address}:${stack.sip.port}`,
  );
  await caller.call();
  const offered = seat.next<OfferedCall>('call:offered');
  const since = performance.now();
  if (kill) process.kill(stack.pidOf('routing'), 'SIGKILL');
  for (;;) {
    try {
      await seat.ask('agent:set-state', { state: 'ready' });
      break;
    } catch {
      // Nobody serves the command until routing is back: the page retries, and so does this.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  await offered;
  const took = performance.now() - since;
  const over = seat.next('call:ended');
  caller.hangUp();
  await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 500))]);
  caller.close();
  return took;
}
for (let i = 0; i < ROUNDS; i += 1) {
  alive.push(await round(false));
  dead.push(await round(true));
}
const baseline = { what: 'routing alive', value: percentile(alive, 0.5) };
report({
  what: 'routing killed, a caller waits: until it rings, p50',
  value: percentile(dead, 0.5),
  unit: 'ms',
  target: '<= 2,000 ms',
  baseline,
});
report({ what: 'routing killed, a caller waits: until it rings, longest', value: Math.max(...dead), unit: 'ms', baseline });
await seat.leave();
