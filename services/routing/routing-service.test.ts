import { expect, test } from '@jest/globals';
import type { CommandBus, CommandName } from '../shared/contracts/calls/commands.js';
import { CallCentreError, type FailureCode } from '../shared/domain/failure.js';
import type { EventBus, EventInput, EventName, EventOf } from '../shared/events/catalogue.js';
import { events } from '../shared/events/catalogue.js';
import { silentLogger } from '../shared/platform/processes/logger.js';
import type { Callback } from './callbacks/callback.js';
import { createDayFigures, type BoardVisit } from './waits/day-figures.js';
import { Desk } from './matching/desk.js';
import { createHandlingTimes } from './matching/expected-wait.js';
import { Queue } from './queue.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import { createRoutingService } from './routing-service.js';
import type { WaitEntry } from './waits/wait-log.js';

const name = { 'zh-CN': '队列', en: 'Queue' };

/** The service with its own clock, and with telephony as a list of the commands it received. */
async function office(queues: readonly Record<string, unknown>[], answers: Partial<Record<CommandName, unknown>> = {}) {
  let nowMs = Date.parse('2026-11-25T02:00:00Z');
  const sent: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const told: { readonly name: EventName; readonly event: Record<string, unknown> }[] = [];
  const entries: WaitEntry[] = [];
  const stored = new Map<string, Callback>();
  const remembered = new Map<string, string>();
  const rows: BoardVisit[] = [];
  const names = new Map<string, string>();
  const desk = new Desk('t');
  const commands = {
    send: async (command: string, input: Record<string, unknown>) => {
      sent.push({ name: command, input });
      const answer = answers[command as CommandName];
      if (answer instanceof CallCentreError) throw answer;
      return answer ?? (command === 'calls.live' ? [] : {});
    },
    serve: async () => async () => undefined,
  } as unknown as CommandBus;
  const service = createRoutingService({
    desk,
    figures: createDayFigures(),
    handling: createHandlingTimes(),
    queues: {
      all: async () => queues.map((queue) => Queue.parse({ name, ...queue })),
      skills: async () => new Map(),
      breaks: async () => [{ id: 'lunch', name: { 'zh-CN': '用餐', en: 'Meal' }, limitMs: 60_000, atOnce: 1 }],
    },
    namesOf: async () => names,
    waits: {
      add: (entry) => void entries.push(entry),
      ofCall: async () => entries,
      ofDay: async () => entries,
      flush: async () => undefined,
      aged: { removeBefore: async () => 0 },
    },
    states: { add: () => undefined, between: async () => [], flush: async () => undefined, aged: { removeBefore: async () => 0 } },
    callbacks: {
      joinedTo: async () => [],
      joined: async () => [],
      one: async () => undefined,
      open: async () => [...stored.values()].filter(({ state }) => state === 'waiting' || state === 'dialling'),
      put: async (callback) => void stored.set(callback.callId, callback),
      list: async () => [...stored.values()],
    },
    lastAgents: { of: async (hash) => remembered.get(hash), remember: (hash, agentId) => void remembered.set(hash, agentId) },
    state: {
      load: async () => ({ agents: [], waiting: [] }),
      saveAgent: () => undefined,
      saveWaiting: () => undefined,
      removeWaiting: () => undefined,
    },
    visitRows: {
      async *of() {
        yield rows;
      },
      async *legsSince() {},
      async *transfersSince() {},
    },
    bus: {
      publish: async (event: EventName, what: EventInput<EventName>) => void told.push({ name: event, event: what }),
    } as unknown as EventBus,
    commands,
    seatsPresent: async (ids) => new Set(ids),
    clock: { ...systemClock, nowMs: () => nowMs },
    today: () => '2026-11-25',
    midnightMs: () => Date.parse('2026-11-24T16:00:00Z'),
    newId: () => `id-${entries.length}-${told.length}`,
    onceStored: (work) => work(),
    log: silentLogger,
  });
  await service.readSettings();
  const at = (): string => new Date(nowMs).toISOString();
  const happens = async <N extends EventName>(event: N, what: Omit<EventInput<N>, 'at'>): Promise<void> => {
    await service.handlers[event]?.(events[event].parse({ ...what, at: at() }) as EventOf<N>, 'id');
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    service,
    desk,
    sent: (command: CommandName) => sent.filter((each) => each.name === command).map(({ input }) => input),
    entries,
    rows,
    names,
    stored,
    happens,
    settle,
    async agent(agentId: string): Promise<void> {
      await service.served['agent.sign-in']?.({ agentId, name: agentId, sessionId: 's' });
      await happens('seat.media', { agentId, sessionId: 's', up: true });
      await service.served['agent.set-state']?.({ agentId, state: 'ready' });
      await settle();
    },
    queued: (callId: string, queueId: string, more: Partial<EventInput<'call.queued'>> = {}) =>
      happens('call.queued', {
        callId,
        queueId,
        callerMasked: '',
        called: '',
        language: 'zh-CN',
        priority: 0,
        waitingSince: at(),
        ...more,
      }),
    async passes(ms: number): Promise<void> {
      nowMs += ms;
      service.tick();
      await settle();
    },
  };
}

test('a caller who has waited as long as the queue allows is sent where the queue says, once', async () => {
  const { queued, passes, sent } = await office([
    { id: 'first', maxWaitMs: 30_000, overflow: { to: 'queue', queueId: 'second' } },
    { id: 'second' },
  ]);
  await queued('c1', 'first');
  await passes(29_000);
  expect(sent('call.overflow')).toEqual([]);
  await passes(1_000);
  await passes(250);
  expect(sent('call.overflow')).toEqual([{ callId: 'c1', overflow: { to: 'queue', queueId: 'second' } }]);
});

test('a call that rings does not overflow; one that is refused for now is asked again', async () => {
  const wrong = new CallCentreError('wrong-state', '');
  const { queued, passes, sent, agent, happens } = await office([{ id: 'q', maxWaitMs: 10_000 }], { 'call.overflow': wrong });
  await agent('anna');
  await queued('c1', 'q');
  await passes(11_000);
  expect(sent('call.overflow')).toEqual([]);
  await happens('call.offer-ended', { callId: 'c1', offerId: 'o', agentId: 'anna', outcome: 'no-answer' });
  await passes(250);
  await passes(4_000);
  expect(sent('call.overflow')).toHaveLength(1);
  await passes(1_500);
  expect(sent('call.overflow')).toHaveLength(2);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['a full queue says where to', { maxLength: 1 }, { admitted: false, reason: 'queue-full', overflow: { to: 'message' } }],
  ['a queue with nobody at work too', { maxLength: 9 }, { admitted: false, reason: 'no-agent', overflow: { to: 'message' } }],
])('%s', async (_name, queue, answer) => {
  const { service, queued } = await office([{ id: 'q', overflow: { to: 'message' }, ...queue }]);
  await queued('c1', 'q');
  expect(await service.served['queue.admit']?.({ queueId: 'q', callId: 'c2' })).toMatchObject(answer);
});

test('the agent of the last call is preferred where the queue says so, and not elsewhere', async () => {
  const { queued, happens, desk } = await office([{ id: 'sticky', stickyForMs: 20_000 }, { id: 'plain' }]);
  await queued('c1', 'sticky', { callerHash: 'h' });
  await happens('call.connected', { callId: 'c1', agentId: 'anna', queueId: 'sticky' });
  await happens('call.ended', { callId: 'c1', cause: 'completed', by: 'caller', answered: true });
  await queued('c2', 'sticky', { callerHash: 'h' });
  await queued('c3', 'plain', { callerHash: 'h' });
  expect([desk.waiting('c2')?.preferredAgentId, desk.waiting('c3')?.preferredAgentId]).toEqual(['anna', undefined]);
});

const asks = { callId: 'c1', queueId: 'q', language: 'zh-CN', waitingSince: '2026-11-25T01:50:00.000Z' };

test('a callback keeps the place, is dialled at its turn, and is over when it is answered', async () => {
  const { agent, queued, happens, sent, settle, stored, desk, service } = await office(
    [{ id: 'q', wrapUp: { mode: 'none', ms: 0, extendable: false } }],
    {
      'call.call-back': { callId: 'out' },
    },
  );
  await happens('call.callback-asked', asks);
  await queued('c2', 'q');
  expect(desk.position('c2')).toBe(2);
  await agent('anna');
  expect(sent('call.call-back')).toEqual([{ callId: 'c1', agentId: 'anna', automatic: true }]);
  expect(stored.get('c1')).toMatchObject({ state: 'dialling', tries: 1, outboundId: 'out', agentId: 'anna' });
  expect(await service.served['callback.cancel']({ callId: 'c1' })).toEqual({ cancelled: false });
  await happens('call.connected', { callId: 'out', agentId: 'anna', queueId: 'q' });
  expect(stored.get('c1')?.state).toBe('reached');
  expect(desk.agent('anna')).toMatchObject({ state: 'on-call', callId: 'out' });
  await happens('call.ended', { callId: 'out', queueId: 'q', cause: 'completed', by: 'agent', answered: true });
  await settle();
  expect(sent('call.offer')).toMatchObject([{ callId: 'c2', agentId: 'anna' }]);
});

test('a callback that nobody answers is tried again later, three times, and holds nobody up meanwhile', async () => {
  const { agent, queued, happens, sent, passes, stored, desk } = await office([{ id: 'q' }], { 'call.call-back': { callId: 'out' } });
  await agent('anna');
  await happens('call.callback-asked', asks);
  await passes(0);
  for (const wait of [10, 60]) {
    await happens('call.ended', { callId: 'out', cause: 'completed', by: 'far-party', answered: false });
    expect(stored.get('c1')?.state).toBe('waiting');
    expect(desk.agent('anna')?.state).toBe('ready');
    await passes(wait * 60_000);
  }
  await happens('call.ended', { callId: 'out', cause: 'completed', by: 'far-party', answered: false });
  expect(sent('call.call-back')).toHaveLength(3);
  expect(stored.get('c1')?.state).toBe('not-reached');
  await queued('c2', 'q');
  expect(sent('call.offer')).toMatchObject([{ callId: 'c2' }]);
});

test.each<[FailureCode, Partial<Callback>, string]>([
  ['not-allowed', { state: 'waiting', tries: 0 }, 'ready'],
  ['seat-lost', { state: 'waiting', tries: 0 }, 'away'],
  ['not-found', { state: 'waiting', tries: 0 }, 'ready'],
])('a callback that cannot be dialled (%s) stays promised and costs no try', async (code, left, state) => {
  const { agent, happens, passes, stored, desk } = await office([{ id: 'q' }], { 'call.call-back': new CallCentreError(code, '') });
  await agent('anna');
  await happens('call.callback-asked', asks);
  await passes(0);
  expect(stored.get('c1')).toMatchObject(left);
  expect(desk.agent('anna')?.state).toBe(state);
});

test('after a restart a promised callback is in line again, and one whose call is gone counts as missed', async () => {
  const { service, stored, desk, passes } = await office([{ id: 'q' }]);
  const promised = {
    callId: 'a',
    queueId: 'q',
    askedAt: new Date(0),
    waitingSince: new Date(0),
    priority: 0,
    skills: {},
    state: 'waiting',
    tries: 0,
    notBefore: new Date(0),
  } as const;
  stored.set('a', promised);
  stored.set('b', { ...promised, callId: 'b', state: 'dialling', tries: 1, outboundId: 'gone', agentId: 'anna' });
  await service.reconcile();
  await passes(0);
  expect(desk.position('callback-a')).toBe(1);
  expect(stored.get('b')).toMatchObject({ state: 'waiting', tries: 1 });
  expect(await service.served['callback.cancel']({ callId: 'a' })).toEqual({ cancelled: true });
  expect(desk.waiting('callback-a')).toBeUndefined();
});

test('why a caller waited is written down: the entry, each look, the offer, the end', async () => {
  const { agent, queued, happens, passes, entries, service } = await office([{ id: 'q', members: ['anna', 'bert'] }]);
  await agent('anna');
  await service.served['agent.set-state']?.({ agentId: 'anna', state: 'break', reason: 'lunch' });
  await queued('c1', 'q');
  await passes(250);
  await passes(3_000);
  await passes(3_000);
  await service.served['agent.set-state']?.({ agentId: 'anna', state: 'ready' });
  await happens('call.connected', { callId: 'c1', agentId: 'anna', queueId: 'q' });
  expect(entries.map(({ what }) => what)).toEqual(['queued', 'waits', 'waits', 'offered', 'left']);
  expect(entries[1]).toMatchObject({ ahead: 0, skipped: { 'not-ready:break': 1 } });
  expect(entries.at(-1)).toMatchObject({ outcome: 'answered', agentId: 'anna', waitedMs: 6_250 });
});

test('a break that is full is refused, and the wrap-up is made longer only where the queue lets it', async () => {
  const { agent, queued, happens, service } = await office([{ id: 'q', wrapUp: { mode: 'fixed', ms: 5_000, extendable: false } }]);
  await agent('anna');
  await agent('bert');
  await service.served['agent.set-state']?.({ agentId: 'anna', state: 'break', reason: 'lunch' });
  await expect(service.served['agent.set-state']?.({ agentId: 'bert', state: 'break', reason: 'lunch' })).rejects.toMatchObject({
    code: 'break-full',
  });
  await queued('c1', 'q');
  await happens('call.connected', { callId: 'c1', agentId: 'bert', queueId: 'q' });
  await happens('call.ended', { callId: 'c1', queueId: 'q', cause: 'completed', by: 'caller', answered: true });
  await expect(service.served['agent.extend-wrap-up']?.({ agentId: 'bert', byMs: 1_000 })).rejects.toMatchObject({ code: 'wrong-state' });
});

test('an offer that a busy seat refuses goes to the next agent at once, and not back to that seat', async () => {
  const answers: Partial<Record<CommandName, unknown>> = { 'call.offer': new CallCentreError('busy', 'busy') };
  const room = await office([{ id: 'one' }], answers);
  await room.agent('a1');
  await room.agent('a2');
  await room.queued('c1', 'one');
  await room.settle();
  await room.settle();
  expect(room.sent('call.offer').map(({ agentId }) => agentId)).toEqual(['a1', 'a2']);
  for (let tick = 0; tick < 8; tick += 1) {
    await room.passes(250);
  }
  expect(room.sent('call.offer')).toHaveLength(2);
});

test('a seat that rings for a consultation or listens is not offered a call, and is when it is free again', async () => {
  const room = await office([{ id: 'one' }]);
  await room.agent('a1');
  await room.happens('seat.occupied', { agentId: 'a1', revision: 5, by: { as: 'ringing', callId: 'other' } });
  await room.queued('c1', 'one');
  await room.settle();
  expect(room.sent('call.offer')).toEqual([]);
  await room.happens('seat.occupied', { agentId: 'a1', revision: 6 });
  await room.settle();
  expect(room.sent('call.offer').map(({ agentId }) => agentId)).toEqual(['a1']);
});

test('callers may wait while agents are signed in, also when all of them are away for a moment', async () => {
  const room = await office([{ id: 'one' }]);
  expect(await room.service.served['queue.admit']?.({ queueId: 'one', callId: 'c1' })).toMatchObject({ reason: 'no-agent' });
  await room.service.served['agent.sign-in']?.({ agentId: 'a1', name: 'a1', sessionId: 's' });
  expect(await room.service.served['queue.admit']?.({ queueId: 'one', callId: 'c1' })).toMatchObject({ admitted: true });
});

test('a caller who comes back to the queue after a conversation is one caller: answered, and not abandoned as well', async () => {
  const { service, agent, queued, happens } = await office([{ id: 'q' }]);
  const visit = {
    callId: 'c1',
    queueId: 'q',
    direction: 'inbound',
    class: 'service',
    trunkId: 't',
    called: '1',
    priority: 0,
    skills: {},
  } as const;
  const times = { fromMs: Date.parse('2026-11-25T02:00:00Z'), toMs: Date.parse('2026-11-25T02:00:00Z'), waitMs: 0, offers: 1 };
  await agent('anna');
  await queued('c1', 'q', { visitId: 'c1-1' });
  await happens('call.visit-ended', { ...visit, ...times, visitId: 'c1-1', place: 1, returned: false, outcome: 'answered' });
  await happens('call.connected', { callId: 'c1', agentId: 'anna', queueId: 'q' });
  await happens('call.agent-left', { callId: 'c1', agentId: 'anna', reason: 'seat-lost' });
  await queued('c1', 'q', { visitId: 'c1-2', returned: true });
  await happens('call.dequeued', { callId: 'c1', queueId: 'q', reason: 'abandoned' });
  await happens('call.visit-ended', { ...visit, ...times, visitId: 'c1-2', place: 2, returned: true, outcome: 'abandoned' });
  const one = { entered: { value: 1 }, answered: { value: 1 }, abandoned: { value: 0 }, waiting: { value: 0 } };
  expect(await service.served['queues.list']?.({})).toMatchObject([{ today: one, lately: one }]);
});

test('calls out and test calls are in no figure of the wallboard', async () => {
  const { service, queued } = await office([{ id: 'q' }]);
  await queued('c1', 'q', { visitId: 'c1-1', direction: 'outbound' });
  await queued('c2', 'q', { visitId: 'c2-1', class: 'test' });
  expect(await service.served['queues.list']?.({})).toMatchObject([
    { waiting: 2, today: { entered: { value: 0 }, waiting: { value: 0 } } },
  ]);
});

test('stored visits are counted after a start, and decide against what events said', async () => {
  const { service, rows, queued } = await office([{ id: 'q' }]);
  const enteredAtMs = Date.parse('2026-11-25T02:00:00Z');
  await queued('c1', 'q', { visitId: 'c1-1' });
  rows.push({ visitId: 'c0-1', queueId: 'q', enteredAtMs, thresholdMs: 20_000, outcome: 'answered', waitMs: 5_000 });
  rows.push({ visitId: 'c1-1', queueId: 'q', enteredAtMs, thresholdMs: 20_000, outcome: 'abandoned', waitMs: 9_000 });
  await service.readVisits();
  const today = { entered: { value: 2 }, answered: { value: 1 }, abandoned: { value: 1 }, 'sl.strict': { value: 50 }, asa: { value: 5 } };
  expect(await service.served['queues.list']?.({})).toMatchObject([{ today }]);
});

test('levels are lowered by the waiting in this queue, not by a conversation before it', async () => {
  const { agent, queued, sent, settle, passes } = await office([
    { id: 'q', skills: { billing: 5 }, rings: [{ afterMs: 60_000, lowerBy: 5 }] },
  ]);
  await agent('novice');
  const longAgo = new Date(Date.parse('2026-11-25T02:00:00Z') - 600_000).toISOString();
  await queued('c1', 'q', { waitingSince: longAgo, returned: true });
  await settle();
  expect(sent('call.offer')).toEqual([]);
  await passes(60_000);
  expect(sent('call.offer')).toHaveLength(1);
});

test('a callback keeps the priority and the skills of the call that asked for it, and takes no place of a caller on the line', async () => {
  const { service, desk, happens } = await office([{ id: 'q', maxLength: 1, admitWithoutAgents: true }]);
  const asked = { queueId: 'q', language: 'zh-CN', waitingSince: '2026-11-25T01:59:00.000Z', priority: 7, skills: { billing: 3 } };
  await happens('call.callback-asked', { callId: 'c1', ...asked });
  expect(desk.waiting('callback-c1')).toMatchObject({ priority: 7, skills: { billing: 3 } });
  expect(await service.served['queue.admit']?.({ queueId: 'q', callId: 'c2' })).toMatchObject({ admitted: true });
});

test('an agent is reserved for a call out when nobody waits for one, rings for no caller meanwhile, and is free again', async () => {
  const room = await office([
    { id: 'one', members: ['a1'] },
    { id: 'other', members: ['a1'] },
  ]);
  const reserve = (callId: string, agentId?: string) =>
    room.service.served['agent.reserve']?.({ queueId: 'one', callId, holdForMs: 60_000, ...(agentId === undefined ? {} : { agentId }) });
  expect(await reserve('out1')).not.toHaveProperty('agentId');
  await room.agent('a1');
  await room.agent('a2');
  expect(await reserve('out1', 'a2')).not.toHaveProperty('agentId');
  expect(await reserve('out1')).toMatchObject({ agentId: 'a1' });
  expect(await reserve('out2')).not.toHaveProperty('agentId');
  await room.queued('c1', 'other');
  await room.settle();
  expect(room.sent('call.offer')).toEqual([]);
  await room.service.served['agent.release']?.({ agentId: 'a1', callId: 'out1', outcome: 'withdrawn' });
  await room.settle();
  // The waiting caller is served before the reservation.
  expect(room.sent('call.offer')).toMatchObject([{ callId: 'c1', agentId: 'a1' }]);
  expect(await reserve('out3')).not.toHaveProperty('agentId');
});

test('a reservation that nobody uses ends by itself; one whose call was dialled is the call, with the wrap-up of its queue', async () => {
  const room = await office([{ id: 'one', wrapUp: { mode: 'fixed', ms: 30_000, extendable: false } }]);
  const reserve = (callId: string) => room.service.served['agent.reserve']?.({ queueId: 'one', callId, holdForMs: 60_000 });
  await room.agent('a1');
  await reserve('out1');
  expect(room.desk.agent('a1')?.state).toBe('offered');
  await room.passes(60_000);
  expect(room.desk.agent('a1')?.state).toBe('ready');
  await reserve('out2');
  await room.happens('call.dialled', { callId: 'out2', agentId: 'a1' });
  await room.service.served['agent.release']?.({ agentId: 'a1', callId: 'out2', outcome: 'withdrawn' });
  await room.passes(61_000);
  expect(room.desk.agent('a1')).toMatchObject({ state: 'on-call', callId: 'out2' });
  await room.happens('call.ended', { callId: 'out2', cause: 'completed', by: 'caller', answered: true, direction: 'outbound' });
  expect(room.desk.agent('a1')?.state).toBe('wrap-up');
  await room.passes(29_000);
  expect(room.desk.agent('a1')?.state).toBe('wrap-up');
  await room.passes(1_000);
  expect(room.desk.agent('a1')?.state).toBe('ready');
});

test('a display name that is changed during a sign-in is the one of every list; without the accounts the old one stays', async () => {
  const { service, desk, agent, names } = await office([{ id: 'q' }]);
  await agent('anna');
  names.set('anna', 'Anna Wang');
  await service.readSettings();
  expect(desk.agent('anna')).toMatchObject({ name: 'Anna Wang', state: 'ready' });
  names.get = () => {
    throw new Error('the store is down');
  };
  await service.readSettings();
  expect(desk.agent('anna')?.name).toBe('Anna Wang');
});
