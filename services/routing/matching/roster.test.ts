import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agentStates } from '../../shared/domain/people/agent-state.js';
import { newAgent, type Agent } from '../agents/agent-machine.js';
import { decide, decideIfAny, LISTED, type Considered, type Decision, type SkipReason, type WaitingCall } from './matcher.js';
import { Queue, strategies } from '../queue.js';
import { loweredBy, score, type Skills } from './ranking.js';
import { Roster } from './roster.js';

const skills = fc.constantFrom<Skills>({}, { english: 2 }, { english: 5 }, { english: 5, billing: 3 }, { billing: 9 });
const facts = fc.record({
  // Ready more often than not, so that there is something to choose from.
  state: fc.oneof(fc.constant('ready' as const), fc.constantFrom(...agentStates)),
  mediaUp: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  idleSinceMs: fc.nat(5),
  lastOfferMs: fc.nat(5),
  calls: fc.nat(3),
  talkMs: fc.nat(3),
  skills,
});
/** Members whose ids are not in the order of the queue's list. */
const named = (all: readonly Partial<Agent>[]): Agent[] =>
  all.map((each, at) => ({ ...newAgent(`a${(at * 7) % all.length}-${at}`, 'x', 's', 0), ...each }));

const rules = fc
  .record({
    strategy: fc.constantFrom(...strategies),
    skills,
    rings: fc.constantFrom(
      [],
      [{ afterMs: 5, lowerBy: 2 }],
      [
        { afterMs: 3, lowerBy: 1 },
        { afterMs: 8, lowerBy: 9 },
      ],
    ),
    stickyForMs: fc.constantFrom(0, 6),
  })
  .map((change) => Queue.parse({ id: 'q', name: { 'zh-CN': '队列', en: 'Queue' }, ...change }));
const asks = fc.record({
  skills,
  avoid: fc.array(fc.nat(400), { maxLength: 4 }),
  preferred: fc.option(fc.nat(400)),
  callback: fc.boolean(),
  waitedMs: fc.nat(10),
});
const plainCall: WaitingCall = { callId: 'c', queueId: 'q', priority: 0, waitingSinceMs: 0, queuedAtMs: 0, skills: {}, avoid: [] };

function callOf(
  ask: { skills: Skills; avoid: number[]; preferred: number | null; callback: boolean },
  members: readonly Agent[],
): WaitingCall {
  const idOf = (at: number): string => members[at % members.length]?.agentId ?? '';
  return {
    ...plainCall,
    skills: ask.skills,
    avoid: [...ask.avoid.map(idOf), 'stranger'],
    ...(ask.preferred === null ? {} : { preferredAgentId: idOf(ask.preferred) }),
    ...(ask.callback ? { callbackOf: 'earlier' } : {}),
  };
}

/** The same decision made by examining everybody, one by one, as docs/routing.md describes it. */
function plainScan(call: WaitingCall, queue: Queue, members: readonly Agent[], nowMs: number): Decision {
  const waitedMs = nowMs - call.waitingSinceMs;
  const lowered = loweredBy(queue, waitedMs);
  const has = (agent: Agent, asked: Skills): boolean =>
    Object.entries(asked).every(([skill, level]) => level - lowered <= 0 || (agent.skills[skill] ?? 0) >= level - lowered);
  const preferred = members.find(({ agentId }) => agentId === call.preferredAgentId);
  const waits =
    preferred !== undefined &&
    waitedMs < queue.stickyForMs &&
    (['ready', 'offered', 'on-call', 'wrap-up'] as readonly string[]).includes(preferred.state);
  const reasonOf = (agent: Agent): SkipReason | undefined => {
    if (agent.state !== 'ready') return 'not-ready';
    if (!agent.mediaUp) return 'no-sound';
    if (call.avoid.includes(agent.agentId)) return 'avoided';
    if (!has(agent, queue.skills) || !has(agent, call.skills)) return 'skill-missing';
    return waits && agent !== preferred ? 'waiting-for-preferred' : undefined;
  };
  const able = members
    .map((agent, place) => ({ agent, score: score(queue.strategy, agent, place) }))
    .filter(({ agent }) => reasonOf(agent) === undefined)
    .sort((a, b) => {
      if (a.agent === preferred || b.agent === preferred) return a.agent === preferred ? -1 : 1;
      return a.score - b.score || (a.agent.agentId < b.agent.agentId ? -1 : 1);
    });
  const chosen = queue.strategy === 'ring-all' && call.callbackOf === undefined ? able : able.slice(0, 1);
  const skipped: Record<string, number> = {};
  const passed: Considered[] = [];
  for (const agent of members) {
    const reason = reasonOf(agent);
    if (reason === undefined) continue;
    const { agentId, state } = agent;
    const counted = reason === 'not-ready' ? `${reason}:${state}` : reason;
    skipped[counted] = (skipped[counted] ?? 0) + 1;
    passed.push({ agentId, verdict: 'skipped', reason, ...(reason === 'not-ready' ? { state } : {}) });
  }
  const ranked = able.map(({ agent: { agentId }, score: compared }): Considered => ({
    agentId,
    verdict: chosen.some(({ agent }) => agent.agentId === agentId) ? 'chosen' : 'ranked-lower',
    score: compared,
  }));
  return {
    callId: call.callId,
    queueId: queue.id,
    waitedMs,
    loweredBy: lowered,
    chosen: chosen.map(({ agent }) => agent.agentId),
    considered: [...ranked.slice(0, LISTED), ...passed].slice(0, LISTED),
    skipped,
  };
}

test.each([
  ['a few members', 12, 400],
  ['more members than are listed', LISTED + 100, 60],
])('the kept order decides as looking at everybody does, whatever changes in between: %s', (_name, atMost, numRuns) => {
  fc.assert(
    fc.property(
      fc.array(facts, { minLength: 1, maxLength: atMost, size: 'max' }),
      fc.array(fc.tuple(fc.nat(atMost), facts, asks), { minLength: 1, maxLength: 25, size: 'max' }),
      rules,
      (first, changes, queue) => {
        const now = named(first);
        const kept = new Roster(queue, now);
        for (const [at, change, ask] of changes) {
          const before = now[at % now.length];
          if (before === undefined) throw new Error('there is a member at each place');
          now[at % now.length] = { ...before, ...change };
          kept.put({ ...before, ...change });
          const call = callOf(ask, now);
          const decided = decide(call, kept, ask.waitedMs);
          expect(decided).toEqual(plainScan(call, queue, now, ask.waitedMs));
          expect(decideIfAny(call, kept, ask.waitedMs)).toEqual(decided.chosen.length > 0 ? decided : undefined);
          // Everybody is accounted for, by name or in the counts.
          const taken = decided.considered.filter(({ verdict }) => verdict !== 'skipped').length;
          const counted = Object.values(decided.skipped).reduce((sum, count) => sum + count, 0);
          if (taken < LISTED) expect(taken + counted).toBe(now.length);
        }
        expect(kept.members).toEqual(now);
        expect(kept.free).toBe(now.filter(({ state, mediaUp }) => state === 'ready' && mediaUp).length);
      },
    ),
    { numRuns },
  );
});

test('of very many who are free the best are listed in order, and one who is no member changes nothing', () => {
  const many = Array.from({ length: 1_000 }, (_each, at): Agent => ({
    ...newAgent(`a${at}`, 'x', 's', 0),
    state: 'ready',
    mediaUp: true,
    idleSinceMs: (at * 7_919) % 1_000,
  }));
  const roster = new Roster(Queue.parse({ id: 'q', name: { 'zh-CN': '队列', en: 'Queue' } }), many);
  roster.put({ ...newAgent('stranger', 'x', 's', 0), state: 'ready', mediaUp: true });
  const { considered, chosen, skipped } = decide(plainCall, roster, 9);
  const sorted = [...many].sort((a, b) => a.idleSinceMs - b.idleSinceMs).map(({ agentId }) => agentId);
  expect(chosen).toEqual(sorted.slice(0, 1));
  expect(considered.map(({ agentId }) => agentId)).toEqual(sorted.slice(0, LISTED));
  expect(skipped).toEqual({});
});

test('a decision looks at no more of ten thousand who are free than of a thousand', () => {
  const looksOf = (members: number): number => {
    let looks = 0;
    const counted = (agent: Agent): Agent =>
      new Proxy(agent, { get: (target, key) => ((looks += 1), Reflect.get(target, key) as unknown) });
    const all = Array.from({ length: members }, (_each, at) =>
      counted({ ...newAgent(`a${at}`, 'x', 's', 0), state: 'ready', mediaUp: true, idleSinceMs: at, skills: { english: at % 9 } }),
    );
    const asking = Queue.parse({ id: 'q', name: { 'zh-CN': '队列', en: 'Queue' }, skills: { english: 4 } });
    const roster = new Roster(asking, all);
    decide(plainCall, roster, 9);
    looks = 0;
    decide({ ...plainCall, avoid: ['a5', 'a9'], preferredAgentId: 'a7' }, roster, 9);
    return looks;
  };
  expect(looksOf(10_000)).toBe(looksOf(1_000));
});
