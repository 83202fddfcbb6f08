import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Desk } from './desk.js';
import type { WaitingCall } from './matcher.js';
import { Queue } from '../queue.js';

const AGENTS = ['a1', 'a2', 'a3'];
const CALLS = ['c1', 'c2', 'c3', 'c4'];
const queues = [
  Queue.parse({ id: 'one', name: { 'zh-CN': '一', en: 'One' } }),
  Queue.parse({ id: 'two', name: { 'zh-CN': '二', en: 'Two' }, strategy: 'ring-all', members: ['a1', 'a3'] }),
];

const newDesk = (): Desk => {
  const desk = new Desk('t');
  desk.setQueues(queues);
  return desk;
};

const call = (callId: string, queueId: string, at: number): WaitingCall => ({
  callId,
  queueId,
  priority: 0,
  waitingSinceMs: at,
  queuedAtMs: at,
  skills: {},
  avoid: [],
});

type Act = (desk: Desk, now: number) => void;
const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const wrapUp = { mode: 'fixed', ms: 5, untilDisposed: true } as const;
const agentOf = pick(AGENTS);
const callOf = pick(CALLS);

/** Every possible event, in any order, most of them at the wrong moment. */
const act: fc.Arbitrary<Act> = fc.oneof(
  agentOf.map(
    (id): Act =>
      (desk, now) =>
        void desk.signIn(id, id, 's', now),
  ),
  fc.tuple(agentOf, fc.boolean()).map(
    ([id, up]): Act =>
      (desk, now) =>
        void desk.move(id, { type: 'media', up }, now),
  ),
  fc.tuple(agentOf, pick(['ready', 'away', 'break'] as const)).map(
    ([id, state]): Act =>
      (desk, now) =>
        void desk.move(id, { type: 'chose', state }, now),
  ),
  agentOf.map(
    (id): Act =>
      (desk, now) =>
        void desk.move(id, { type: 'signed-out' }, now),
  ),
  agentOf.map(
    (id): Act =>
      (desk, now) =>
        void desk.move(id, { type: 'clock' }, now),
  ),
  fc.tuple(callOf, pick(['one', 'two'])).map(([id, queueId]): Act => (desk, now) => {
    const taken = [...desk.agents()].some((agent) => agent.callId === id && agent.state !== 'wrap-up');
    if (!taken && desk.waiting(id) === undefined) desk.enqueue(call(id, queueId, now));
  }),
  fc.tuple(callOf, agentOf, pick(['declined', 'no-answer', 'seat-lost'] as const)).map(([callId, agentId, outcome]): Act => (desk, now) => {
    if (desk.move(agentId, { type: 'offer-ended', callId, outcome }, now) !== undefined) desk.offerEnded(callId, agentId, true, now);
  }),
  callOf.map((callId): Act => (desk, now) => {
    const answering = [...desk.agents()].find((agent) => agent.state === 'offered' && agent.callId === callId);
    if (answering === undefined) return;
    desk.dequeue(callId);
    for (const agent of [...desk.agents()])
      if (agent !== answering && agent.state === 'offered' && agent.callId === callId)
        desk.move(agent.agentId, { type: 'offer-ended', callId, outcome: 'withdrawn' }, now);
    desk.move(answering.agentId, { type: 'connected', callId }, now);
  }),
  callOf.map((callId): Act => (desk, now) => {
    desk.dequeue(callId);
    for (const agent of [...desk.agents()])
      if (agent.callId === callId) desk.move(agent.agentId, { type: 'call-ended', callId, wrapUp }, now);
  }),
  callOf.map(
    (callId): Act =>
      (desk) =>
        desk.forgetAvoided(callId),
  ),
  fc.tuple(agentOf, fc.boolean()).map(([id, busy]): Act => (desk, now) => {
    desk.move(id, { type: 'occupied', revision: now, ...(busy ? { by: { as: 'listening', callId: 'x' } } : {}) }, now);
  }),
  fc.tuple(callOf, agentOf).map(
    ([callId, id]): Act =>
      (desk, now) =>
        void desk.move(id, { type: 'disposed', callId }, now),
  ),
  fc.constant<Act>((desk, now) => {
    const busy = new Set([...desk.agents()].filter(({ occupied }) => occupied !== undefined).map(({ agentId }) => agentId));
    for (const { offers } of desk.match(now)) for (const { agentId } of offers) expect(busy).not.toContain(agentId);
  }),
);

function invariants(desk: Desk): void {
  for (const agent of desk.agents()) {
    // A call exactly in the states that have one.
    expect([agent.agentId, agent.state, agent.callId !== undefined]).toEqual([
      agent.agentId,
      agent.state,
      agent.state === 'offered' || agent.state === 'on-call' || agent.state === 'wrap-up',
    ]);
    expect([agent.state, agent.offerId !== undefined]).toEqual([agent.state, agent.state === 'offered']);
    // An agent who is rung is rung for a waiting call.
    if (agent.state === 'offered') expect(desk.waiting(agent.callId ?? '')).toBeDefined();
    // Nobody is ready without media.
    if (agent.state === 'ready') expect(agent.mediaUp).toBe(true);
    // Nobody is ready who owes a result.
    if (agent.state === 'ready') expect(agent.owed).toBeUndefined();
    // No call is with an agent and waiting at the same time.
    if (agent.state === 'on-call') expect(desk.waiting(agent.callId ?? '')).toBeUndefined();
  }
  const talking = [...desk.agents()].filter(({ state }) => state === 'on-call').map(({ callId }) => callId);
  expect(new Set(talking).size).toBe(talking.length);
}

test('no agent in two calls, no call lost or twice: whatever happens in whatever order, restarts included', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(act, fc.boolean()), { maxLength: 80 }), (acts) => {
      let desk = newDesk();
      let now = 0;
      for (const [happens, restarts] of acts) {
        now += 1;
        happens(desk, now);
        invariants(desk);
        if (restarts && now % 17 === 0) {
          const again = newDesk();
          // Ringing calls are back in line after a restart; telephony tells their seats.
          again.restore([...desk.agents()], [...desk.waitingCalls()]);
          for (const agent of [...again.agents()])
            if (agent.state === 'offered')
              again.move(agent.agentId, { type: 'offer-ended', callId: agent.callId ?? '', outcome: 'withdrawn' }, now);
          desk = again;
          invariants(desk);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('whoever waits is matched as soon as somebody is free, the earliest first', () => {
  const desk = newDesk();
  for (const id of ['a1', 'a2']) {
    desk.signIn(id, id, 's', 0);
    desk.move(id, { type: 'media', up: true }, 0);
  }
  desk.enqueue(call('c2', 'one', 20));
  desk.enqueue(call('c1', 'one', 10));
  expect(desk.match(30)).toEqual([]);
  desk.move('a1', { type: 'chose', state: 'ready' }, 40);
  expect(desk.match(50).map(({ decision, offers }) => [decision.callId, offers[0]?.agentId])).toEqual([['c1', 'a1']]);
  expect(desk.position('c2')).toBe(2);
  desk.move('a2', { type: 'chose', state: 'ready' }, 60);
  expect(desk.match(60).map(({ decision }) => decision.callId)).toEqual(['c2']);
});

test('a caller whose agent did not answer is first in line again', () => {
  const desk = newDesk();
  desk.signIn('a1', 'a1', 's', 0);
  desk.move('a1', { type: 'media', up: true }, 0);
  desk.move('a1', { type: 'chose', state: 'ready' }, 0);
  desk.enqueue(call('c1', 'one', 10));
  desk.match(11);
  desk.enqueue(call('c2', 'one', 12));
  desk.move('a1', { type: 'offer-ended', callId: 'c1', outcome: 'no-answer' }, 20);
  desk.offerEnded('c1', 'a1', true, 20);
  expect([desk.position('c1'), desk.position('c2')]).toEqual([1, 2]);
});

test('the first call of a new centre rings: who signs in has the skills that were entered before', () => {
  const desk = new Desk('t');
  desk.setQueues([Queue.parse({ id: 'one', name: { 'zh-CN': '一', en: 'One' }, skills: { after: 5 } })]);
  desk.setSkills(new Map([['a1', { after: 5 }]]));
  desk.signIn('a1', 'a1', 's', 0);
  desk.move('a1', { type: 'media', up: true }, 0);
  desk.move('a1', { type: 'chose', state: 'ready' }, 0);
  desk.enqueue(call('c1', 'one', 10));
  expect(desk.match(10).map(({ offers }) => offers[0]?.agentId)).toEqual(['a1']);
});

test('a new day of the site sets the counters of the day to zero, also of those who were signed in over midnight', () => {
  const desk = newDesk();
  desk.turnTo('2026-11-27');
  desk.signIn('a1', 'a1', 's', 0);
  desk.move('a1', { type: 'connected', callId: 'c1' }, 0);
  desk.move('a1', { type: 'call-ended', callId: 'c1', wrapUp: { mode: 'none', ms: 0 } }, 5_000);
  expect(desk.agent('a1')).toMatchObject({ calls: 1, talkMs: 5_000 });
  expect(desk.turnTo('2026-11-27')).toEqual([]);
  expect(desk.turnTo('2026-11-28')).toMatchObject([{ agentId: 'a1', calls: 0, talkMs: 0 }]);
  // A process that starts on the next day finds yesterday's counters.
  const again = newDesk();
  again.restore([{ ...newAgentOf(desk), calls: 7 }], []);
  expect(again.turnTo('2026-11-28')).toEqual([]);
  expect(again.turnTo('2026-11-29')).toMatchObject([{ calls: 0 }]);
});

const newAgentOf = (desk: Desk) => {
  const agent = desk.agent('a1');
  if (agent === undefined) throw new Error('a1 is not there');
  return agent;
};
