import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agentStates } from '../shared/domain/agent-state.js';
import { newAgent, type Agent } from './agent-machine.js';
import { decide, LISTED } from './matcher.js';
import { Queue, type Strategy } from './queue.js';
import { Roster } from './roster.js';

const agents = fc.array(
  fc.record({
    state: fc.constantFrom(...agentStates),
    mediaUp: fc.boolean(),
    idleSinceMs: fc.nat(5),
    calls: fc.nat(3),
    skills: fc.constantFrom({}, { english: 5 }),
  }),
  { minLength: 1, maxLength: 40 },
);
const named = (facts: readonly Partial<Agent>[]): Agent[] =>
  facts.map((each, at) => ({ ...newAgent(`a${(at * 7) % facts.length}-${at}`, 'x', 's', 0), ...each }));
const call = { callId: 'c', queueId: 'q', priority: 0, waitingSinceMs: 0, queuedAtMs: 0, skills: {}, avoid: ['a0-0'] };
const queueOf = (strategy: Strategy): Queue =>
  Queue.parse({ id: 'q', name: { 'zh-CN': '队列', en: 'Queue' }, strategy, skills: { english: 3 } });

test('a roster that is kept at each change is the one that is made anew, and decides the same', () => {
  fc.assert(
    fc.property(
      agents,
      agents,
      fc.constantFrom<Strategy>('longest-idle', 'fewest-calls', 'top-down', 'ring-all'),
      (first, later, strategy) => {
        const members = named(first);
        const kept = new Roster(members);
        const now = [...members];
        later.forEach((facts, turn) => {
          const at = (turn * 13) % now.length;
          const changed = { ...now[at]!, ...facts };
          now[at] = changed;
          kept.put(changed);
        });
        const anew = new Roster(now);
        expect(kept.members).toEqual(now);
        expect(kept.ready).toEqual(anew.ready);
        expect(kept.anybodyFree).toBe(now.some(({ state, mediaUp }) => state === 'ready' && mediaUp));
        expect(decide(call, queueOf(strategy), kept, 9)).toEqual(decide(call, queueOf(strategy), anew, 9));
        // Everybody is accounted for, by name or in the counts.
        const { considered, skipped } = decide(call, queueOf(strategy), kept, 9);
        const able = considered.filter(({ verdict }) => verdict !== 'skipped').length;
        expect(able + Object.values(skipped).reduce((sum, count) => sum + count, 0)).toBe(now.length);
      },
    ),
  );
});

test('of very many who are free the best are listed in order, and one who is no member changes nothing', () => {
  const many = Array.from({ length: 1_000 }, (_each, at): Agent => ({
    ...newAgent(`a${at}`, 'x', 's', 0),
    state: 'ready',
    mediaUp: true,
    idleSinceMs: (at * 7_919) % 1_000,
    skills: { english: 5 },
  }));
  const roster = new Roster(many);
  roster.put({ ...newAgent('stranger', 'x', 's', 0), state: 'ready' });
  const { considered, chosen } = decide({ ...call, avoid: [] }, queueOf('longest-idle'), roster, 9);
  const sorted = [...many].sort((a, b) => a.idleSinceMs - b.idleSinceMs).map(({ agentId }) => agentId);
  expect(chosen).toEqual(sorted.slice(0, 1));
  expect(considered.map(({ agentId }) => agentId)).toEqual(sorted.slice(0, LISTED));
});
