// The matcher in one process: 10,000 agents, 500 queues, 2,000 waiting; then a day of 100,000 calls, twice, with the same result.
import { createHash } from 'node:crypto';
import { Desk } from '../services/routing/matching/desk.js';
import type { WaitingCall } from '../services/routing/matching/matcher.js';
import { Queue } from '../services/routing/queue.js';
import { replay, type ReplayedCall } from '../services/routing/replay/replay.js';
import { percentile, report } from './support/report.js';

const AGENTS = 10_000;
const QUEUES = 500;
const WAITING = 2_000;
const DECISIONS = 20_000;
const DAY_CALLS = 100_000;
/** By then every agent is ready, each since a moment of its own. */
const READY_FROM_MS = 100_000;

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
    // An agent becomes ready, or a busy one ends a call; a new caller keeps the queue long.
    const done = busy.length > AGENTS / 2 ? busy.shift() : undefined;
    const agentId = done?.agentId ?? `a${Math.floor(random() * AGENTS)}`;
    if (done !== undefined) desk.move(agentId, { type: 'call-ended', callId: done.callId, wrapUp: { mode: 'none', ms: 0 } }, now);
    else desk.move(agentId, { type: 'chose', state: 'ready' }, now);
    const since = performance.now();
    // Over all queues, as the service matches at each event.
    const matches = desk.match(now);
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

/** One queue in which everybody serves: finding a free agent must not cost more when more agents are busy. */
function membersOfOneQueue(count: number): { readonly p50: number; readonly p99: number } {
  const desk = new Desk('bench');
  for (let i = 0; i < count; i += 1) {
    desk.signIn(`a${i}`, `a${i}`, 's', 0);
    desk.move(`a${i}`, { type: 'media', up: true }, 0);
  }
  desk.setQueues([Queue.parse({ id: 'q', name: { 'zh-CN': 'x', en: 'x' } })]);
  const times: number[] = [];
  for (let now = 1; now <= 2_000; now += 1) {
    const agentId = `a${(now * 7_919) % count}`;
    desk.move(agentId, { type: 'chose', state: 'ready' }, now);
    desk.enqueue({ callId: `c${now}`, queueId: 'q', priority: 0, waitingSinceMs: now, queuedAtMs: now, skills: {}, avoid: [] });
    const since = performance.now();
    const [match] = desk.match(now, ['q']);
    times.push(performance.now() - since);
    if (match?.offers[0]?.agentId !== agentId) throw new Error('the free agent was not found');
    desk.dequeue(`c${now}`);
    desk.move(agentId, { type: 'connected', callId: `c${now}` }, now);
    desk.move(agentId, { type: 'call-ended', callId: `c${now}`, wrapUp: { mode: 'none', ms: 0 } }, now);
    desk.move(agentId, { type: 'chose', state: 'away' }, now);
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** One queue in which everybody is ready at once, and half have the skill it asks for: a decision must not cost more with more agents. */
function allReadyInOneQueue(count: number): { readonly p50: number; readonly p99: number } {
  const random = seeded(4);
  const desk = new Desk('bench');
  for (let i = 0; i < count; i += 1) {
    desk.signIn(`a${i}`, `a${i}`, 's', 0);
    desk.move(`a${i}`, { type: 'media', up: true }, 0);
    desk.move(`a${i}`, { type: 'chose', state: 'ready' }, Math.floor(random() * READY_FROM_MS));
  }
  desk.setQueues([Queue.parse({ id: 'q', name: { 'zh-CN': 'x', en: 'x' }, skills: { english: 5 } })]);
  desk.setSkills(new Map(Array.from({ length: count }, (_each, i) => [`a${i}`, { english: i % 10 }])));
  const times: number[] = [];
  for (let now = READY_FROM_MS; now < READY_FROM_MS + 2_000; now += 1) {
    const callId = `c${now}`;
    desk.enqueue({ callId, queueId: 'q', priority: 0, waitingSinceMs: now, queuedAtMs: now, skills: {}, avoid: [] });
    const since = performance.now();
    const [match] = desk.match(now, ['q']);
    times.push(performance.now() - since);
    const agentId = match?.offers[0]?.agentId ?? '';
    desk.dequeue(callId);
    desk.move(agentId, { type: 'connected', callId }, now);
    desk.move(agentId, { type: 'call-ended', callId, wrapUp: { mode: 'none', ms: 0 } }, now);
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** What a restarted process does before it matches again: takes up 10,000 agents and 2,000 callers, and matches once. */
function takeUp(): number {
  const random = seeded(3);
  const before = deskOf(AGENTS, QUEUES, random);
  for (let i = 0; i < WAITING; i += 1) before.enqueue(callOf(i, QUEUES, random, i));
  const queues = [...before.queues()];
  const since = performance.now();
  const after = new Desk('again');
  after.restore([...before.agents()], [...before.waitingCalls()]);
  after.setQueues(queues);
  after.match(WAITING);
  return performance.now() - since;
}

/** A day of 100,000 calls at 20 queues and 700 agents, through the simulator that replays stored days; the digest of all outcomes is the result. */
function day(): { readonly digest: string; readonly seconds: number } {
  const random = seeded(2);
  const queues = Array.from({ length: 20 }, (_, i) => `q${i}`);
  const agents = Array.from({ length: 700 }, (_, i) => `a${i}`);
  const calls = Array.from({ length: DAY_CALLS }, (_, i): ReplayedCall => {
    const { callId, queueId, priority, skills, waitingSinceMs } = callOf(i, 20, random, Math.floor((i * 86_400_000) / DAY_CALLS));
    const handledMs = 60_000 + Math.floor(random() * 240_000);
    return { callId, queueId, priority, skills, atMs: waitingSinceMs, handledMs, ...(random() < 0.1 ? { patienceMs: 40_000 } : {}) };
  });
  const shifts = agents.map((agentId, i) => ({ agentId, fromMs: (i % 3) * 14_400_000, toMs: (i % 3) * 14_400_000 + 57_600_000 }));
  const rules = {
    queues: queues.map((id, q) =>
      Queue.parse({ id, name: { 'zh-CN': 'x', en: 'x' }, members: agents.filter((_, i) => [0, 1, 2].some((n) => (i + n * 7) % 20 === q)) }),
    ),
    skills: new Map(),
  };
  const begun = performance.now();
  const steps = replay({ calls, shifts }, rules);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const seconds = (performance.now() - begun) / 1_000;
  return { digest: createHash('sha256').update(JSON.stringify(step.value)).digest('hex'), seconds };
}

decisionLatency();
const few = membersOfOneQueue(100);
for (const members of [1_000, 10_000]) {
  const { p50, p99 } = membersOfOneQueue(members);
  const name = `free agent found among ${members.toLocaleString('en')} members`;
  report({ what: `${name}: p50`, value: p50, unit: 'ms', baseline: { what: '100 members', value: few.p50 } });
  report({ what: `${name}: p99`, value: p99, unit: 'ms', target: '<= 5 ms', baseline: { what: '100 members', value: few.p99 } });
}
const [fewReady, manyReady] = [allReadyInOneQueue(100), allReadyInOneQueue(10_000)];
const whoIsReady = 'decision with 10,000 ready at once in one queue';
report({ what: `${whoIsReady}: p50`, value: manyReady.p50, unit: 'ms', baseline: { what: '100 ready', value: fewReady.p50 } });
report({
  what: `${whoIsReady}: p99`,
  value: manyReady.p99,
  unit: 'ms',
  target: '<= 1 ms',
  baseline: { what: '100 ready', value: fewReady.p99 },
});
report({ what: '10,000 agents and 2,000 callers taken up, first match', value: takeUp(), unit: 'ms', target: '<= 2,000 ms' });
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
