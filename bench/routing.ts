// The matcher in one process: 10,000 agents, 500 queues, 2,000 waiting; then a day of 100,000 calls, twice, with the same result.
import { createHash } from 'node:crypto';
import { Desk } from '../services/routing/desk.js';
import type { WaitingCall } from '../services/routing/matcher.js';
import { Queue } from '../services/routing/queue.js';
import { percentile, report } from './report.js';

const AGENTS = 10_000;
const QUEUES = 500;
const WAITING = 2_000;
const DECISIONS = 20_000;
const DAY_CALLS = 100_000;

/** A small generator with a seed, so that every run is the same. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

function deskOf(agents: number, queues: number, random: () => number): Desk {
  const desk = new Desk('bench');
  const members = Array.from({ length: queues }, (): string[] => []);
  for (let i = 0; i < agents; i += 1) {
    desk.signIn(`a${i}`, `a${i}`, 's', 0);
    desk.move(`a${i}`, { type: 'media', up: true }, 0);
    // Each serves three queues.
    for (let n = 0; n < 3; n += 1) members[Math.floor(random() * queues)]?.push(`a${i}`);
  }
  desk.setQueues(members.map((each, i) => Queue.parse({ id: `q${i}`, name: { 'zh-CN': 'x', en: 'x' }, members: [...new Set(each)] })));
  return desk;
}

const callOf = (i: number, queues: number, random: () => number, at: number): WaitingCall => ({
  callId: `c${i}`,
  queueId: `q${Math.floor(random() * queues)}`,
  priority: Math.floor(random() * 3),
  waitingSinceMs: at,
  queuedAtMs: at,
  skills: {},
  avoid: [],
});

function decisionLatency(): void {
  const random = seeded(1);
  const desk = deskOf(AGENTS, QUEUES, random);
  let calls = 0;
  for (; calls < WAITING; calls += 1) desk.enqueue(callOf(calls, QUEUES, random, calls));
  const times: number[] = [];
  const busy: { agentId: string; callId: string }[] = [];
  const begun = performance.now();
  for (let now = WAITING; times.length < DECISIONS; now += 1) {
    // One agent becomes free, or one that is busy ends; a new caller keeps the line long.
    const done = busy.length > AGENTS / 2 ? busy.shift() : undefined;
    const agentId = done?.agentId ?? `a${Math.floor(random() * AGENTS)}`;
    if (done !== undefined) desk.move(agentId, { type: 'call-ended', callId: done.callId, wrapUp: { mode: 'none', ms: 0 } }, now);
    else desk.move(agentId, { type: 'chose', state: 'ready' }, now);
    const since = performance.now();
    const matches = desk.match(now, desk.queuesOf(agentId));
    times.push(performance.now() - since);
    for (const { decision, offers } of matches) {
      const taken = offers[0]?.agentId ?? '';
      desk.dequeue(decision.callId);
      desk.move(taken, { type: 'connected', callId: decision.callId }, now);
      busy.push({ agentId: taken, callId: decision.callId });
      desk.enqueue(callOf((calls += 1), QUEUES, random, now));
    }
  }
  const seconds = (performance.now() - begun) / 1_000;
  report({ what: 'decision, 10,000 agents, 500 queues, 2,000 waiting: p50', value: percentile(times, 0.5), unit: 'ms' });
  report({ what: 'decision: p99', value: percentile(times, 0.99), unit: 'ms', target: '<= 1 ms' });
  report({ what: 'decisions with all that goes with them', value: DECISIONS / seconds, unit: '/s', target: '>= 5,000/s' });
}

/** Calls arrive over a day at a busy centre's pace; the digest of all decisions is the result. */
function day(): { readonly digest: string; readonly seconds: number } {
  const random = seeded(2);
  const desk = deskOf(300, 20, random);
  const digest = createHash('sha256');
  const ends: { readonly at: number; readonly agentId: string; readonly callId: string }[] = [];
  const begun = performance.now();
  let now = 0;
  for (let i = 0; i < 300; i += 1) desk.move(`a${i}`, { type: 'chose', state: 'ready' }, now);
  const settle = (queues?: Iterable<string>): void => {
    for (const { decision, offers } of desk.match(now, queues)) {
      const agentId = offers[0]?.agentId ?? '';
      digest.update(`${decision.callId}>${agentId}@${now};`);
      desk.dequeue(decision.callId);
      desk.move(agentId, { type: 'connected', callId: decision.callId }, now);
      const end = { at: now + 60_000 + Math.floor(random() * 240_000), agentId, callId: decision.callId };
      let place = ends.length;
      while (place > 0 && (ends[place - 1]?.at ?? 0) > end.at) place -= 1;
      ends.splice(place, 0, end);
    }
  };
  for (let i = 0; i < DAY_CALLS; i += 1) {
    now = Math.max(now, Math.floor((i * 86_400_000) / DAY_CALLS));
    for (let next = ends[0]; next !== undefined && next.at <= now; next = ends[0]) {
      ends.shift();
      desk.move(next.agentId, { type: 'call-ended', callId: next.callId, wrapUp: { mode: 'none', ms: 0 } }, next.at);
      settle(desk.queuesOf(next.agentId));
    }
    const call = callOf(i, 20, random, now);
    desk.enqueue(call);
    settle([call.queueId]);
  }
  return { digest: digest.digest('hex'), seconds: (performance.now() - begun) / 1_000 };
}

decisionLatency();
const [first, second] = [day(), day()];
report({
  what: 'a day of 100,000 calls simulated',
  value: first.seconds,
  unit: 's',
  target: '<= 30 s',
  baseline: { what: 'the same day again', value: second.seconds },
});
if (first.digest !== second.digest) {
  console.error('The same day gave two results: the matcher is not deterministic.');
  process.exit(1);
}
