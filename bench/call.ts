// A call through the whole product, one process a role: INVITE to ring, answer to sound, hang-up to playable, memory.
import { readFileSync } from 'node:fs';
import { SipPhone } from '../services/proof-call/adapters/sip-phone.js';
import type { OfferedCall } from '../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../test/support/bare-seat.js';
import { childrenOf } from '../test/support/processes.js';
import { Stack } from '../test/support/stack.js';
import { percentile, report } from './support/report.js';

const CALLS = 10;
const LIVE_CALLS = 50;
const ANSWERS = 10;
const BENCH_NUMBER = '4001099';
const DEMO_NUMBER = '4001000';

/** Counts a process and its descendants. */
const anonymousMb = (pid: number): number =>
  childrenOf(pid).reduce(
    (sum, child) => sum + anonymousMb(child),
    Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
  );

/** A number whose notice plays while the seat rings, so that the length of a prompt is not measured. */
async function makeNumber(stack: Stack): Promise<void> {
  const token = await stack.signIn('admin');
  const flow = { noticeMode: 'while-ringing', start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } };
  const asked = async (method: string, path: string, body: unknown): Promise<void> => {
    const answer = await stack.http(method, `/api${path}`, { token, body });
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  };
  await asked('PUT', `/numbers/${BENCH_NUMBER}`, { name: 'bench', status: 'in-service', language: 'en', flow });
  await asked('PUT', '/queues/service', {
    name: { 'zh-CN': '客户服务', en: 'Customer service' },
    wrapUp: { mode: 'none', ms: 0, extendable: false },
  });
}

await using stack = await Stack.start({ layout: 'roles' });
await makeNumber(stack);
const seat = await BareSeat.open(stack, 'agent1');
await seat.ready();
const supervisor = await stack.signIn('supervisor');
const idle = stack.ready.processes.map(({ name, pid }) => ({ name, mb: anonymousMb(pid) }));

const [rings, hears, plays, webs]: [number[], number[], number[], number[]] = [[], [], [], []];
for (let i = 0; i < CALLS; i += 1) {
  const web = performance.now();
  await stack.http('GET', '/api/health');
  webs.push(performance.now() - web);
  const caller = await SipPhone.open(
    { server: stack.sip, local: '127.0.0.1', from: 'sip:13800000002@bench.test' },
    `sip:${BENCH_NUMBER}@127.0.0.1:${stack.sip.port}`,
  );
  const offered = seat.next<OfferedCall>('call:offered');
  const dialled = performance.now();
  const answered = caller.call();
  const offer = await offered;
  rings.push(performance.now() - dialled);
  await answered;
  caller.sound.play(440);
  seat.phone.sound.play(660);
  const clicked = performance.now();
  await seat.ask('call:answer', { callId: offer.callId, offerId: offer.offerId });
  await Promise.all([caller.sound.untilHears(660, 15_000), seat.phone.sound.untilHears(440, 15_000)]);
  hears.push(performance.now() - clicked);
  const over = seat.next('call:ended');
  const hungUp = performance.now();
  caller.hangUp();
  await over;
  while ((await stack.http('GET', `/api/recordings/${offer.callId}/audio`, { token: supervisor })).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 20));
  plays.push(performance.now() - hungUp);
  caller.close();
}

// Answer to sound, on the number whose notice ends before anybody rings, so that only the delay counts.
const sounds: number[] = [];
for (let i = 0; i < ANSWERS; i += 1) {
  const caller = await SipPhone.open(
    { server: stack.sip, local: '127.0.0.1', from: 'sip:13800000002@bench.test' },
    `sip:${DEMO_NUMBER}@127.0.0.1:${stack.sip.port}`,
  );
  const offered = seat.next<OfferedCall>('call:offered');
  await caller.call();
  caller.sound.play(440);
  seat.phone.sound.play(660);
  const { callId, offerId } = await offered;
  const clicked = performance.now();
  await Promise.all([
    seat.ask('call:answer', { callId, offerId }),
    caller.sound.untilHears(660, 15_000),
    seat.phone.sound.untilHears(440, 15_000),
  ]);
  sounds.push(performance.now() - clicked);
  const over = seat.next('call:ended');
  caller.hangUp();
  await over;
  caller.close();
}
const health = { what: 'GET /api/health in the same run, p95', value: percentile(webs, 0.95) };
report({ what: 'INVITE to ring at the seat, p50', value: percentile(rings, 0.5), unit: 'ms' });
report({ what: 'INVITE to ring at the seat, p95', value: percentile(rings, 0.95), unit: 'ms', target: '<= 100 ms', baseline: health });
report({ what: 'answer to 100 ms of tone heard both ways, p50', value: percentile(sounds, 0.5), unit: 'ms' });
report({
  what: 'answer to 100 ms of tone heard both ways, p95',
  value: percentile(sounds, 0.95),
  unit: 'ms',
  target: '<= 120 ms and the tone',
});
report({ what: 'the same with the rest of the notice within, p95', value: percentile(hears, 0.95), unit: 'ms' });
report({ what: 'hang-up to playable recording, calls of 8 s, p95', value: percentile(plays, 0.95), unit: 'ms', target: '<= 2,000 ms' });

// Fifty callers who wait with music, each recorded: what a live call costs each process.
await seat.ask('agent:set-state', { state: 'break', reason: 'bench' });
const waiting = await Promise.all(
  Array.from({ length: LIVE_CALLS }, () =>
    SipPhone.open(
      { server: stack.sip, local: '127.0.0.1', from: 'sip:13800000003@bench.test' },
      `sip:${BENCH_NUMBER}@127.0.0.1:${stack.sip.port}`,
    ),
  ),
);
const statuses = await Promise.all(waiting.map((caller) => caller.call()));
const live = statuses.filter((status) => status === 200).length;
for (const { name, pid } of stack.ready.processes) {
  const before = idle.find((process) => process.name === name)?.mb ?? Number.NaN;
  report({
    what: `memory of ${name} with ${live} live calls`,
    value: anonymousMb(pid),
    unit: 'MB',
    baseline: { what: 'idle', value: before },
  });
}
for (const caller of waiting) caller.close();
await seat.leave();
