import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { createMongoVisits, VISITS } from '../../../services/figures/adapters/mongo-visits.js';
import { createSiteDays } from '../../../services/figures/adapters/site-days.js';
import { createListRoutes } from '../../../services/figures/lists/http.js';
import { createAllReads } from '../../../services/main/reads.js';
import { api } from '../../../services/shared/contracts/api/api.js';
import type { Reach } from '../../../services/shared/platform/reach/reach.js';
import type { StoredCall } from '../../../services/shared/records/call.js';
import { callRow } from '../../support/centre/call-row.js';
import { temporaryStore } from '../documents/documents-support.js';

const days = createSiteDays('Asia/Shanghai');
const DAY = { from: '2026-11-10', to: '2026-11-10' };
const { span } = days.daysOf(DAY.from, DAY.to);
const now = (): Date => new Date(span.untilMs + 3 * 86_400_000);
const at = (minutes: number): Date => new Date(span.fromMs + minutes * 60_000);
const HOLDERS = {
  whole: { queues: [], numbers: undefined },
  service: { queues: ['service'], numbers: undefined },
  leader: { queues: [], numbers: [], members: [{ teamId: 'north', agentId: 'anna', fromMs: 0 }] },
} as const;

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: Connection;

const abandoned = (callId: string, minutes: number, queueId: string) => ({
  ...{
    _id: `${callId}-1`,
    callId,
    queueId,
    enteredAt: at(minutes),
    leftAt: at(minutes + 1),
    waitMs: 60_000,
    outcome: 'abandoned',
    offers: 1,
  },
  ...{ thresholdMs: 20_000, returned: false, direction: 'inbound', class: 'service', trunkId: 't1', called: '4001000' },
  ...{ priority: 0, skills: {}, notedAt: at(minutes + 1) },
});
const call = (_id: string, minutes: number, more: Partial<StoredCall>): StoredCall =>
  callRow(_id, {
    called: '4001000',
    queueId: 'service',
    invitedAt: at(minutes),
    endedAt: at(minutes + 2),
    agentAnsweredAt: undefined,
    ...more,
  });

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  createMongoVisits(mongo);
  const visits = [
    abandoned('gone', 10, 'service'),
    abandoned('back', 20, 'service'),
    abandoned('elsewhere', 30, 'service'),
    abandoned('withheld', 40, 'sales'),
  ];
  const transfer = (agentId: string, queueId: string, minutes: number) =>
    ({ atMs: at(minutes).getTime(), what: 'transferred', agentId, detail: 'queue', queueId }) as const;
  const visitIn = (queueId: string, minutes: number): StoredCall['visits'][number] => ({
    ...{ place: 1, queueId, fromMs: at(minutes).getTime(), toMs: at(minutes).getTime() + 1, waitMs: 1, offers: 1, returned: false },
    ...{ priority: 0, skills: {}, outcome: 'answered' },
  });
  const calls = [
    call('gone', 10, { callerHash: 'h-gone' }),
    call('back', 20, { callerHash: 'h-back' }),
    // Called back by an agent, and the person answered.
    call('rung', 60, { callerHash: 'h-back', calledHash: 'h-back', direction: 'outbound', answeredAt: at(61) }),
    call('elsewhere', 30, { callerHash: 'h-else' }),
    // An agent of another queue talked with the person.
    call('other-queue', 70, { callerHash: 'h-else', queueId: 'sales', agentAnsweredAt: at(71) }),
    call('withheld', 40, { callerHash: undefined, callerMasked: 'anonymous' }),
    call('moved', 100, { visits: [visitIn('service', 100)], history: [transfer('anna', 'sales', 101)] }),
    call('moved-too', 110, { visits: [visitIn('sales', 110)], history: [transfer('bert', 'service', 111)] }),
    // On the next day, each asks a colleague, who takes the call: anna of bert, bert of anna.
    ...(['anna', 'bert'] as const).map((agentId, place) => {
      const [other, ms] = [place === 0 ? 'bert' : 'anna', at(1_500 + place).getTime()];
      const asked = { atMs: ms - 1, what: 'consult-answered', agentId: other } as const;
      return call(`asked-by-${agentId}`, 1_490, { history: [asked, { atMs: ms, what: 'transferred', agentId, detail: 'seat' }] });
    }),
    // Began the day before; what an agent did then belongs to that day.
    call('yesterday', -10, { visits: [visitIn('service', -10)], history: [transfer('anna', 'sales', -5), transfer('bert', 'sales', 5)] }),
  ];
  const states = ['anna', 'bert'].flatMap((agentId, place) => [
    { _id: `${agentId}-1`, agentId, at: at(-60), untilAt: at(60), state: 'ready' },
    { _id: `${agentId}-2`, agentId, at: at(60), untilAt: at(90 + place), state: 'break', reason: 'by-supervisor' },
    { _id: `${agentId}-3`, agentId, at: at(100), untilAt: at(110), state: 'on-call', callId: 'moved' },
  ]);
  const scope = { queues: [], sites: [], clientUnits: [] };
  const users = ['anna', 'bert'].map((_id) => ({ _id, name: _id, displayName: _id, roles: ['agent'], scope, disabled: false }));
  const shifts = (['anna', 'bert'] as const).map((account) => ({
    ...{
      _id: `shifts/S-${account}`,
      register: 'shifts',
      key: `S-${account}`,
      values: { account, on: DAY.from, from: '00:00', until: '02:00' },
    },
  }));
  const unknown = { ...shifts[0], _id: 'shifts/S-x', key: 'S-x', values: { ...shifts[0]?.values, account: 'nobody' } };
  for (const [name, rows] of Object.entries({
    ...{ [VISITS]: visits, calls, evidence_agent_states: states, users },
    registry_entries: [...shifts, unknown],
  }))
    await mongo.collection<{ _id: string }>(name).insertMany(rows);
}, 60_000);
afterAll(async () => {
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

/** As a person with this part of the centre; the answer is compared with the contract. */
async function ask(holder: keyof typeof HOLDERS, key: keyof typeof api & `GET /figures/${string}`, query: object): Promise<unknown> {
  const reach: Reach = HOLDERS[holder];
  const routes = createListRoutes({
    ...{ reads: createAllReads(mongo), days, now, reachOf: async () => reach, audit: async () => undefined },
    makeFile: () => Promise.reject(new Error('no file is asked for')),
    places: { agents: async () => (agent) => reach.queues.length === 0 || agent.queues.some((queueId) => reach.queues.includes(queueId)) },
    commands: {
      send: async () =>
        [
          { agentId: 'anna', queues: ['service'] },
          { agentId: 'bert', queues: ['sales'] },
        ] as never,
    },
  });
  const route = routes.find(({ path }) => `GET ${path}` === key);
  const principal = { userId: 'u', name: 'u', sessionId: 's', roles: [], scope: { queues: reach.queues, sites: [], clientUnits: [] } };
  const answer = await route?.handle({ principal, query: route.query?.parse(query), params: {}, body: {} } as never);
  const { answer: declared } = api[key] as { readonly answer: { parse(value: unknown): unknown } };
  return declared.parse(JSON.parse(JSON.stringify(answer)));
}

interface Abandoned {
  readonly total: number;
  readonly counts: Record<string, number>;
  readonly rows: readonly { readonly callId: string; readonly followUp: string; readonly callerMasked: string | null }[];
}

test('each caller who gave up has one follow-up, the counts add up, and each count opens its rows', async () => {
  const all = (await ask('whole', 'GET /figures/abandoned', DAY)) as Abandoned;
  expect(all.rows.map(({ callId, followUp }) => [callId, followUp])).toEqual([
    ['withheld', 'withheld'],
    ['elsewhere', 'reached'],
    ['back', 'reached'],
    ['gone', 'open'],
  ]);
  expect(all.counts).toEqual({ open: 1, rung: 0, again: 0, withheld: 1, reached: 2 });
  for (const [followUp, count] of Object.entries(all.counts)) {
    const some = (await ask('whole', 'GET /figures/abandoned', { ...DAY, followUp, limit: 1 })) as Abandoned;
    expect([some.total, some.rows.length]).toEqual([count, Math.min(count, 1)]);
    expect(some.counts).toEqual(all.counts);
  }
});

test('a call to another part of the centre is not known to whoever sees this one alone', async () => {
  const { rows, counts } = (await ask('service', 'GET /figures/abandoned', DAY)) as Abandoned;
  expect(rows.map(({ callId, followUp }) => [callId, followUp])).toEqual([
    ['elsewhere', 'open'],
    ['back', 'reached'],
    ['gone', 'open'],
  ]);
  expect(counts).toEqual({ open: 2, rung: 0, again: 0, withheld: 0, reached: 1 });
});

interface Cells {
  readonly total: number;
  readonly cells: readonly { readonly from: string; readonly target: string; readonly to: string; readonly count: number }[];
}

test('the matrix counts what was handed on within the day and the scope, and each cell opens as many', async () => {
  const expected = {
    whole: { queue: 3, agent: 3 },
    // Bert's transfer out of sales is outside this part; the one that came in yesterday is inside.
    service: { queue: 2, agent: 2 },
  } as const;
  for (const holder of ['whole', 'service'] as const)
    for (const by of ['queue', 'agent'] as const) {
      const { total, cells } = (await ask(holder, 'GET /figures/transfers', { ...DAY, by })) as Cells;
      expect([holder, by, total]).toEqual([holder, by, expected[holder][by]]);
      for (const { from: source, target, to: targetId, count } of cells) {
        const behind = (await ask(holder, 'GET /figures/transfers/calls', { ...DAY, by, source, target, targetId })) as {
          readonly total: number;
          readonly rows: readonly unknown[];
        };
        expect([behind.total, behind.rows.length]).toEqual([count, count]);
      }
    }
});

test('whoever leads a team sees its transfers, and of a colleague in another team that there was one', async () => {
  const day = { from: '2026-11-11', to: '2026-11-11' };
  const from = { source: 'anna', target: 'agent' } as const;
  expect(((await ask('whole', 'GET /figures/transfers', { ...day, by: 'agent' })) as Cells).cells).toEqual([
    { from: 'anna', target: 'agent', to: 'bert', count: 1 },
    { from: 'bert', target: 'agent', to: 'anna', count: 1 },
  ]);
  const own = (await ask('leader', 'GET /figures/transfers', { ...day, by: 'agent' })) as Cells;
  expect(own.cells).toEqual([{ from: 'anna', target: 'agent', to: '', count: 1 }]);
  const behind = await ask('leader', 'GET /figures/transfers/calls', { ...day, by: 'agent', ...from });
  expect([JSON.stringify(behind).includes('asked-by-anna'), JSON.stringify(behind).includes('bert')]).toEqual([true, false]);
  // Asking for bert by name finds nothing, so names cannot be guessed.
  expect(await ask('leader', 'GET /figures/transfers/calls', { ...day, by: 'agent', ...from, targetId: 'bert' })).toMatchObject({
    total: 0,
  });
});

test('the tiles of a day: whoever has a scope sees the agents of its queues, and no calls', async () => {
  interface Tiles {
    readonly total: number;
    readonly agents: readonly {
      readonly agentId: string;
      readonly signedInMs: number;
      readonly overlapMs: number;
      readonly tiles: readonly { readonly callId: string | null; readonly reason: string | null }[];
    }[];
  }
  const whole = (await ask('whole', 'GET /figures/agent-states', { date: DAY.from })) as Tiles;
  expect(whole.agents.map(({ agentId, signedInMs, overlapMs }) => [agentId, signedInMs / 60_000, overlapMs])).toEqual([
    ['anna', 100, 0],
    ['bert', 101, 0],
  ]);
  expect(whole.agents[0]?.tiles.map(({ callId, reason }) => [callId, reason])).toEqual([
    [null, null],
    [null, 'by-supervisor'],
    ['moved', null],
  ]);
  const own = (await ask('service', 'GET /figures/agent-states', { date: DAY.from })) as Tiles;
  expect([own.total, own.agents.map(({ agentId }) => agentId)]).toEqual([1, ['anna']]);
  expect(own.agents.flatMap(({ tiles }) => tiles.map(({ callId }) => callId))).toEqual([null, null, null]);
});

test('adherence to the shifts of the register: a reader with a scope sees its agents, and no row that belongs to nobody', async () => {
  interface Adherence {
    readonly total: number;
    readonly sums: { readonly plannedMs: number };
    readonly rows: readonly {
      readonly agentId: string;
      readonly plannedMs: number;
      readonly presentMs: number;
      readonly absentMs: number;
    }[];
    readonly faults: readonly unknown[];
  }
  const whole = (await ask('whole', 'GET /figures/adherence', DAY)) as Adherence;
  // Signed in until 01:30 (anna) and 01:31 (bert), from 01:40 to 01:50, then no more.
  expect(
    whole.rows.map(({ agentId, plannedMs, presentMs, absentMs }) => [
      agentId,
      ...[plannedMs, presentMs, absentMs].map((ms) => ms / 60_000),
    ]),
  ).toEqual([
    ['anna', 120, 100, 10],
    ['bert', 120, 101, 9],
  ]);
  expect([whole.sums.plannedMs / 60_000, whole.faults]).toEqual([240, [{ shiftId: 'S-x', why: 'account' }]]);
  const own = (await ask('service', 'GET /figures/adherence', DAY)) as Adherence;
  expect([own.total, own.rows.map(({ agentId }) => agentId), own.faults]).toEqual([1, ['anna'], []]);
});

test('more than a month of a list is refused', async () => {
  const year = { from: '2026-01-01', to: '2026-11-10' };
  for (const key of ['GET /figures/abandoned', 'GET /figures/transfers', 'GET /figures/adherence'] as const)
    await expect(ask('whole', key, year)).rejects.toMatchObject({ code: 'invalid-request', details: { limit: 'list-days', most: 31 } });
});
