import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Queue } from '../queue.js';
import { replay, type ReplayedCall, type ReplayedDay, type ReplayOutcome, type ReplayRules } from './replay.js';

const name = { 'zh-CN': '队列', en: 'Queue' };
const S = 1_000;
const rulesOf = (queues: readonly Record<string, unknown>[], skills: Record<string, Record<string, number>> = {}): ReplayRules => ({
  queues: queues.map((queue) => Queue.parse({ name, wrapUp: { mode: 'none', ms: 0, extendable: false }, ...queue })),
  skills: new Map(Object.entries(skills)),
});
function run(day: ReplayedDay, rules: ReplayRules): ReplayOutcome[] {
  const steps = replay(day, rules);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}
const call = (callId: string, atS: number, more: Partial<ReplayedCall> = {}): ReplayedCall => ({
  callId,
  queueId: 'q',
  atMs: atS * S,
  priority: 0,
  skills: {},
  handledMs: 60 * S,
  ...more,
});
const shift = (agentId: string, fromS: number, toS: number) => ({ agentId, fromMs: fromS * S, toMs: toS * S });
const told = (outcomes: readonly ReplayOutcome[]): string[] =>
  outcomes.map(({ callId, outcome, waitedMs, agentId = '-' }) => `${callId} ${outcome} ${waitedMs / S} ${agentId}`);

test('one agent, one line: each waits for the talk before; who gives up first leaves the line', () => {
  const day = {
    calls: [call('c1', 0), call('c2', 10), call('c3', 20, { patienceMs: 30 * S }), call('c4', 30)],
    shifts: [shift('anna', 0, 500)],
  };
  expect(told(run(day, rulesOf([{ id: 'q' }])))).toEqual([
    'c1 answered 0 anna',
    'c3 abandoned 30 -',
    'c2 answered 50 anna',
    'c4 answered 90 anna',
  ]);
});

test('a wrap-up holds the next caller back', () => {
  const day = { calls: [call('c1', 0), call('c2', 10)], shifts: [shift('anna', 0, 500)] };
  const rules = rulesOf([{ id: 'q', wrapUp: { mode: 'fixed', ms: 15 * S, extendable: false } }]);
  expect(told(run(day, rules))).toEqual(['c1 answered 0 anna', 'c2 answered 65 anna']);
});

test('levels that relax let the caller through at their time', () => {
  const day = { calls: [call('c1', 0)], shifts: [shift('anna', 0, 500)] };
  const asked = { id: 'q', skills: { english: 5 } };
  const skills = { anna: { english: 3 } };
  expect(told(run(day, rulesOf([asked], skills)))).toEqual(['c1 overflowed 600 -']);
  expect(told(run(day, rulesOf([{ ...asked, rings: [{ afterMs: 40 * S, lowerBy: 2 }] }], skills)))).toEqual(['c1 answered 40 anna']);
});

test('a full queue and one that is too slow send callers on, and full queues in a circle do not turn for ever', () => {
  const day = { calls: [call('c1', 0), call('c2', 1), call('c3', 2)], shifts: [shift('anna', 0, 500)] };
  const queues = [
    { id: 'q', members: ['bert'], maxLength: 1, maxWaitMs: 20 * S, overflow: { to: 'queue', queueId: 'back' } },
    { id: 'back', members: ['anna'], maxLength: 1, overflow: { to: 'queue', queueId: 'q' } },
  ];
  // c1 waits in vain for Bert, overflows after 20 s and finds the other queue full as well; c2 and c3 find this one full.
  expect(told(run(day, rulesOf(queues)))).toEqual(['c2 answered 0 anna', 'c1 overflowed 20 -', 'c3 answered 59 anna']);
});

test('nobody takes calls before or after the shift', () => {
  const day = { calls: [call('c1', 0), call('c2', 200)], shifts: [shift('anna', 30, 100)] };
  expect(told(run(day, rulesOf([{ id: 'q', maxWaitMs: 300 * S }])))).toEqual(['c1 answered 30 anna', 'c2 overflowed 300 -']);
});

const anyCall = fc.record({
  atS: fc.nat(3_600),
  queueId: fc.constantFrom('q', 'vip'),
  priority: fc.nat(3),
  patienceS: fc.option(fc.nat(120), { nil: undefined }),
  handledS: fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
});
const anyDay: fc.Arbitrary<ReplayedDay> = fc
  .record({
    calls: fc.array(anyCall, { maxLength: 60 }),
    shifts: fc.array(fc.tuple(fc.constantFrom('a1', 'a2', 'a3', 'a4'), fc.nat(1_800), fc.integer({ min: 1, max: 1_800 })), {
      maxLength: 4,
    }),
  })
  .map(({ calls, shifts }) => ({
    calls: calls.map(({ atS, queueId, priority, patienceS, handledS }, i) => ({
      ...call(`c${i}`, atS, { queueId, priority }),
      ...(patienceS === undefined ? {} : { patienceMs: patienceS * S }),
      ...(handledS === undefined ? {} : { handledMs: handledS * S }),
    })),
    shifts: shifts.map(([agentId, fromS, forS]) => shift(agentId, fromS, fromS + forS)),
  }));
const anyRules = fc
  .record({
    strategy: fc.constantFrom('longest-idle', 'round-robin', 'fewest-calls', 'least-talk-time', 'top-down', 'ring-all'),
    maxLength: fc.integer({ min: 1, max: 20 }),
    wrapUpS: fc.nat(60),
    stickyForMs: fc.constantFrom(0, 20 * S),
  })
  .map(({ wrapUpS, ...rest }) =>
    rulesOf([
      { id: 'q', ...rest, overflow: { to: 'queue', queueId: 'vip' }, wrapUp: { mode: 'fixed', ms: wrapUpS * S, extendable: false } },
      { id: 'vip', priority: 80, members: ['a1', 'a2'] },
    ]),
  );

test('whatever the day and the rules: the same result each time, each call ends once, no agent in two calls, nobody waits past patience', () => {
  fc.assert(
    fc.property(anyDay, anyRules, (day, rules) => {
      const outcomes = run(day, rules);
      expect(run(day, rules)).toEqual(outcomes);
      expect(outcomes.map(({ callId }) => callId).sort()).toEqual(day.calls.map(({ callId }) => callId).sort());
      const calls = new Map(day.calls.map((each) => [each.callId, each]));
      const freeAt = new Map<string, number>();
      for (const { callId, waitedMs, outcome, agentId = '' } of outcomes) {
        const { atMs, patienceMs = Infinity, handledMs = 1 } = calls.get(callId) ?? call('', 0);
        expect(waitedMs).toBeGreaterThanOrEqual(0);
        expect(waitedMs).toBeLessThanOrEqual(patienceMs);
        if (outcome !== 'answered') continue;
        const beganMs = atMs + waitedMs;
        expect(beganMs).toBeGreaterThanOrEqual(freeAt.get(agentId) ?? 0);
        freeAt.set(agentId, beganMs + handledMs);
      }
    }),
    { numRuns: 200 },
  );
});
