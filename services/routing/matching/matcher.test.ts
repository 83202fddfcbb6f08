import { expect, test } from '@jest/globals';
import { newAgent, type Agent } from '../agents/agent-machine.js';
import { beforeInLine, decide as decideAmong, type Decision, type WaitingCall } from './matcher.js';
import { overflowCircle, Queue, type Strategy } from '../queue.js';
import { loweredBy } from './ranking.js';
import { Roster } from './roster.js';

const queue = (change: Record<string, unknown> = {}): Queue => Queue.parse({ id: 'q', name: { 'zh-CN': '队列', en: 'Queue' }, ...change });
const agent = (agentId: string, change: Partial<Agent> = {}): Agent => ({
  ...newAgent(agentId, agentId, 's', 0),
  state: 'ready',
  mediaUp: true,
  ...change,
});
const decide = (wanted: WaitingCall, of: Queue, members: readonly Agent[], nowMs: number): Decision =>
  decideAmong(wanted, new Roster(of, members), nowMs);
const call = (change: Partial<WaitingCall> = {}): WaitingCall => ({
  callId: 'c',
  queueId: 'q',
  priority: 0,
  waitingSinceMs: 0,
  queuedAtMs: 0,
  skills: {},
  avoid: [],
  ...change,
});

const three = [
  agent('a', { idleSinceMs: 30, lastOfferMs: 10, calls: 3, talkMs: 900 }),
  agent('b', { idleSinceMs: 10, lastOfferMs: 30, calls: 2, talkMs: 100 }),
  agent('c', { idleSinceMs: 20, lastOfferMs: 5, calls: 1, talkMs: 500 }),
];

test.each<[Strategy, string[]]>([
  ['longest-idle', ['b']],
  ['round-robin', ['c']],
  ['fewest-calls', ['c']],
  ['least-talk-time', ['b']],
  ['top-down', ['a']],
  ['ring-all', ['b', 'c', 'a']],
])('%s chooses %j', (strategy, chosen) => {
  expect(decide(call(), queue({ strategy }), three, 100).chosen).toEqual(chosen);
});

test('equal scores are decided by the id, whatever the order of the members', () => {
  const equal = [agent('z'), agent('m'), agent('x')];
  expect(decide(call(), queue(), equal, 100).chosen).toEqual(['m']);
  expect(decide(call(), queue(), [...equal].reverse(), 100).chosen).toEqual(['m']);
});

test('every member is accounted for, with the reason of each who was skipped', () => {
  const members = [
    agent('a'),
    agent('b', { state: 'on-call' }),
    agent('c', { mediaUp: false }),
    agent('d'),
    agent('e', { idleSinceMs: 5 }),
    agent('f', { skills: { english: 1 } }),
  ];
  const asks = queue({ skills: {} });
  const decision = decide(call({ avoid: ['d'] }), asks, members, 100);
  expect(Object.fromEntries(decision.considered.map(({ agentId, verdict, reason }) => [agentId, reason ?? verdict]))).toEqual({
    a: 'chosen',
    b: 'not-ready',
    c: 'no-sound',
    d: 'avoided',
    e: 'ranked-lower',
    f: 'ranked-lower',
  });
});

test('levels asked for are lowered with waiting, ring by ring', () => {
  const rings = queue({
    skills: { english: 8 },
    rings: [
      { afterMs: 10_000, lowerBy: 3 },
      { afterMs: 30_000, lowerBy: 8 },
    ],
  });
  const members = [agent('beginner', { skills: { english: 5 } }), agent('none')];
  expect(decide(call(), rings, members, 9_999).chosen).toEqual([]);
  expect(decide(call(), rings, members, 10_000).chosen).toEqual(['beginner']);
  expect(decide(call(), rings, [members[1]!], 30_000).chosen).toEqual(['none']);
  expect([0, 10_000, 29_999, 30_000].map((waited) => loweredBy(rings, waited))).toEqual([0, 3, 3, 8]);
});

test('the preferred agent is waited for, for so long and no longer, and only when there', () => {
  const sticky = queue({ stickyForMs: 15_000 });
  const busy = agent('mine', { state: 'on-call' });
  expect(decide(call({ preferredAgentId: 'mine' }), sticky, [busy, agent('a')], 5_000).chosen).toEqual([]);
  expect(decide(call({ preferredAgentId: 'mine' }), sticky, [busy, agent('a')], 15_000).chosen).toEqual(['a']);
  expect(decide(call({ preferredAgentId: 'mine' }), sticky, [agent('mine', { idleSinceMs: 99 }), agent('a')], 5_000).chosen).toEqual([
    'mine',
  ]);
  expect(decide(call({ preferredAgentId: 'gone' }), sticky, [agent('a')], 5_000).chosen).toEqual(['a']);
});

test("the line: the call's priority, the queue's, who came first, the id", () => {
  const calls = [
    call({ callId: 'late', waitingSinceMs: 9 }),
    call({ callId: 'early', waitingSinceMs: 1 }),
    call({ callId: 'vip', waitingSinceMs: 10, priority: 9 }),
    call({ callId: 'urgent-queue', queueId: 'u', waitingSinceMs: 10 }),
    call({ callId: 'also-early', waitingSinceMs: 1 }),
  ];
  const sorted = calls.sort((a, b) => beforeInLine(a, b, (id) => (id === 'u' ? 80 : 50))).map(({ callId }) => callId);
  expect(sorted).toEqual(['vip', 'urgent-queue', 'also-early', 'early', 'late']);
});

test('an overflow that leads round in a circle is found', () => {
  const into = (id: string, queueId: string): Queue => queue({ id, overflow: { to: 'queue', queueId } });
  const others = new Map([into('b', 'c'), into('c', 'a'), queue({ id: 'd' })].map((each) => [each.id, each]));
  expect(overflowCircle(into('a', 'b'), others)).toEqual(['a', 'b', 'c', 'a']);
  expect(overflowCircle(into('a', 'd'), others)).toBeUndefined();
});

test('rings that do not widen and a queue that overflows into itself are refused', () => {
  expect(
    Queue.safeParse({
      id: 'q',
      name: { 'zh-CN': 'x', en: 'x' },
      rings: [
        { afterMs: 5, lowerBy: 1 },
        { afterMs: 5, lowerBy: 2 },
      ],
    }).success,
  ).toBe(false);
  expect(Queue.safeParse({ id: 'q', name: { 'zh-CN': 'x', en: 'x' }, overflow: { to: 'queue', queueId: 'q' } }).success).toBe(false);
});
