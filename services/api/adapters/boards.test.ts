import { beforeEach, expect, test } from '@jest/globals';
import type { AgentHelp, AgentRow } from '../../shared/contracts/queues/board.js';
import { AgentSnapshot, LiveCall, type CommandBus } from '../../shared/contracts/calls/commands.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { boardAfter, type BoardChange } from '../../shared/domain/board.js';
import type { Scope } from '../../shared/domain/people/rights.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createPlaceReach } from '../../shared/platform/reach/place-reach.js';
import { createReach } from '../../shared/platform/reach/reach.js';
import { createBoards, type LiveBoards } from './boards.js';
import type { PageServer, PageSocket } from './page-server.js';

const AT = '2026-11-25T02:00:00Z';
const flowInto = (...queueIds: string[]) => ({ steps: Object.fromEntries(queueIds.map((queueId, i) => [`q${i}`, { queueId }])) });
const numbers = [
  { number: '4001', clientUnit: 'unit-a', site: 'site-a', flow: flowInto('a') },
  { number: '4002', clientUnit: 'unit-b', site: 'site-b', flow: flowInto('b') },
];
const agent = (agentId: string, queues: readonly string[], more: object = {}): AgentSnapshot =>
  AgentSnapshot.parse({ agentId, name: agentId, state: 'on-call', since: AT, queues, ...more });
const call = (callId: string, queueId: string, called: string): LiveCall =>
  LiveCall.parse({
    callId,
    queueId,
    called,
    state: 'connected',
    direction: 'inbound',
    callerMasked: `138****${callId}`,
    since: AT,
    listeners: [{ agentId: `listens-to-${callId}`, mode: 'listen' }],
  });

/** The current answers of the owners; an error is thrown, a promise is awaited. */
let answers: { agents: unknown; calls: unknown; queues: unknown; thresholds: unknown; figures: unknown; trunks?: unknown };
let nowMs: number;
let sent: { readonly room: string; readonly change: BoardChange }[];
let rooms: Map<string, Set<string>>;
let faces: Map<string, PageSocket>;
let boards: LiveBoards;
let helps: ReadonlyMap<string, AgentHelp>;

beforeEach(() => {
  answers = {
    agents: [
      agent('anna', ['a'], { callId: 'c1' }),
      agent('bert', ['b'], { callId: 'c2' }),
      agent('both', ['a', 'b'], { callId: 'c3' }),
      agent('done', ['a', 'b'], { state: 'wrap-up', callId: 'c4', undisposedCallId: 'c4' }),
    ],
    calls: [call('c1', 'a', '4001'), call('c2', 'b', '4002'), call('c3', 'b', '4002')],
    queues: [{ queueId: 'a' }, { queueId: 'b' }],
    thresholds: [],
    figures: [],
  };
  nowMs = Date.parse(AT);
  sent = [];
  rooms = new Map();
  faces = new Map();
  helps = new Map();
  const commands = {
    send: async (name: string) => {
      const answer = await {
        'agents.list': answers.agents,
        'calls.live': answers.calls,
        'queues.list': answers.queues,
        'thresholds.list': answers.thresholds,
        'figures.list': answers.figures,
        'trunks.state': answers.trunks,
      }[name];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as CommandBus;
  const io = {
    to: (room: string) => ({ emit: (_name: string, change: BoardChange) => void sent.push({ room, change }) }),
    sockets: { adapter: { rooms }, sockets: faces },
  } as unknown as PageServer;
  const numbersOf = async () => numbers;
  const queuesOf = async () => ['a', 'b'].map((id) => ({ id, overflow: { to: 'hang-up' } }));
  boards = createBoards({
    io,
    commands,
    places: createPlaceReach({ numbersOf, queuesOf }),
    reachOf: createReach(numbersOf),
    openHelp: () => helps,
    clock: { nowMs: () => nowMs, after: () => () => undefined, every: () => () => undefined },
    log: silentLogger,
  });
  for (const [agentId, callId] of [
    ['anna', 'c1'],
    ['bert', 'c2'],
    ['both', 'c3'],
  ] as const)
    boards.measured({ agentId, callId, at: AT, lossPercent: 1, jitterMs: 2, roundTripMs: 3, mos: 4.21 });
});

function page(scope: Partial<Scope> = {}, id = 'page'): PageSocket {
  const whole = { queues: [], sites: [], clientUnits: [], ...scope };
  const face = {
    id,
    data: { principal: { userId: id, name: id, sessionId: id, roles: ['supervisor'], scope: whole }, from: '' },
    join: (room: string) => void rooms.set(room, (rooms.get(room) ?? new Set()).add(id)),
    leave: (room: string) => void rooms.get(room)?.delete(id),
    emit: (_name: string, change: BoardChange) => void sent.push({ room: id, change }),
  } as unknown as PageSocket;
  faces.set(id, face);
  return face;
}

async function seenBy(scope: Partial<Scope>): Promise<Map<string, AgentRow>> {
  const { rows } = await boards.follow(page(scope), 'board:agents');
  return new Map(rows.map((row) => [row.agentId, row]));
}

test.each<[string, Partial<Scope>]>([
  ['a queue', { queues: ['a'] }],
  ['a client unit', { clientUnits: ['unit-a'] }],
  ['a site', { sites: ['site-a'] }],
  ['all three', { queues: ['a'], clientUnits: ['unit-a'], sites: ['site-a'] }],
])('a scope by %s shows its agents, of a shared agent not the call of others, and nothing else', async (_by, scope) => {
  const rows = await seenBy(scope);
  expect([...rows.keys()]).toEqual(['anna', 'both', 'done']);
  expect(rows.get('anna')).toMatchObject({
    callId: 'c1',
    call: { callId: 'c1', callerMasked: '138****c1', listeners: [{ agentId: 'listens-to-c1' }] },
    quality: { mos: 4.2, lossPercent: 1, side: 'caller', source: 'browser' },
  });
  expect(rows.get('both')).toEqual({ agentId: 'both', name: 'both', state: 'on-call', since: AT, queues: ['a'] });
  // It is no longer known whose call this was.
  expect(rows.get('done')).toEqual({ agentId: 'done', name: 'done', state: 'wrap-up', since: AT, queues: ['a'] });
  const queues = await boards.follow(page(scope), 'board:queues');
  expect(queues.rows.map(({ queueId }) => queueId)).toEqual(['a']);
});

test('a board of numbers has the rows within the scope, and a trunk is for whoever sees all', async () => {
  answers.figures = ['4001', '4002'].map((id) => ({ of: 'number', id, today: {}, lately: {} }));
  const idsOf = async (scope: Partial<Scope>, name: 'board:numbers' | 'board:trunks'): Promise<string[]> =>
    (await boards.follow(page(scope), name)).rows.map(({ id }) => id);
  expect(await idsOf({}, 'board:numbers')).toEqual(['4001', '4002']);
  expect(await idsOf({ clientUnits: ['unit-a'] }, 'board:numbers')).toEqual(['4001']);
  expect(await idsOf({ queues: ['a'] }, 'board:numbers')).toEqual([]);
  answers.figures = [{ of: 'trunk', id: 'carrier', today: {}, lately: {} }];
  expect(await idsOf({}, 'board:trunks')).toEqual(['carrier']);
  expect(await idsOf({ clientUnits: ['unit-a'] }, 'board:trunks')).toEqual([]);
});

test('a row of a trunk has the channels in use; while telephony is away the row stands without them', async () => {
  answers.figures = [{ of: 'trunk', id: 'carrier', today: {}, lately: {} }];
  answers.trunks = [{ trunkId: 'carrier', calls: 3, channels: 30 }];
  const rows = async () => (await boards.follow(page({}), 'board:trunks')).rows;
  expect(await rows()).toMatchObject([{ id: 'carrier', channels: { busy: 3, most: 30 } }]);
  answers.trunks = new Error('nobody listens');
  nowMs += 60_000;
  await boards.publish();
  expect((await rows()).map((each) => 'channels' in each)).toEqual([false]);
});

test('thresholds of the own queue, number and client unit are shown; of the whole centre and of one agent to whoever sees all', async () => {
  const scopes = ['site ', 'queue a', 'queue b', 'number 4001', 'number 4002', 'client-unit unit-a', 'client-unit unit-b', 'agent anna'];
  answers.thresholds = scopes.map((scope) => {
    const [of, id] = scope.split(' ');
    return { thresholdId: scope, scope: { of, id }, figure: 'waiting', window: 'today', level: 'ok', value: 0, denominator: 1 };
  });
  const shownTo = async (scope: Partial<Scope>): Promise<string[]> =>
    (await boards.follow(page(scope), 'board:thresholds')).rows.map(({ thresholdId }) => thresholdId);
  expect(await shownTo({})).toEqual(scopes);
  expect(await shownTo({ clientUnits: ['unit-a'] })).toEqual(['queue a', 'number 4001', 'client-unit unit-a']);
  expect(await shownTo({ queues: ['b'] })).toEqual(['queue b']);
});

test('who asks for help is shown to whoever reaches the agent, also where the call is not', async () => {
  helps = new Map([
    ['both', { id: 'h1', at: AT, reason: 'question', takenBy: 'Boss' }],
    ['bert', { id: 'h2', at: AT }],
  ]);
  const own = await seenBy({ clientUnits: ['unit-a'] });
  expect([own.get('both')?.help, own.get('both')?.call, own.has('bert')]).toEqual([helps.get('both'), undefined, false]);
  expect((await seenBy({})).get('bert')?.help).toEqual({ id: 'h2', at: AT });
});

test('without a scope everybody is shown with each call', async () => {
  const rows = await seenBy({});
  expect([...rows.values()].map(({ agentId, call: shown, quality }) => [agentId, shown?.callId, quality?.lossPercent])).toEqual([
    ['anna', 'c1', 1],
    ['bert', 'c2', 1],
    ['both', 'c3', 1],
    ['done', undefined, undefined],
  ]);
  expect((await boards.follow(page(), 'board:queues')).rows).toHaveLength(2);
});

test('a scope that leads nowhere shows nobody', async () => {
  expect((await seenBy({ clientUnits: ['unit-c'] })).size).toBe(0);
  expect((await seenBy({ clientUnits: ['unit-a'], sites: ['site-b'] })).size).toBe(0);
  expect((await seenBy({ queues: ['b'], clientUnits: ['unit-a'] })).size).toBe(0);
});

test('pages share a picture by the whole scope, in whatever order it is written', async () => {
  await boards.follow(page({ queues: ['a', 'b'] }, 'p1'), 'board:agents');
  await boards.follow(page({ queues: ['b', 'a'] }, 'p2'), 'board:agents');
  await boards.follow(page({ queues: ['a', 'b'], sites: ['site-a'] }, 'p3'), 'board:agents');
  await boards.follow(page({ clientUnits: ['a', 'b'] }, 'p4'), 'board:agents');
  expect([...rooms.values()].map((members) => [...members])).toEqual([['p1', 'p2'], ['p3'], ['p4']]);
});

test('what changes later is cut to the scope as well', async () => {
  const first = await boards.follow(page({ clientUnits: ['unit-a'] }), 'board:agents');
  sent.length = 0;
  answers.calls = [call('c1', 'b', '4002'), call('c2', 'b', '4002'), call('c3', 'a', '4001')];
  await boards.publish();
  expect(sent).toHaveLength(1);
  const change = sent[0]?.change ?? { version: 0, put: [], gone: [] };
  expect(change.version).toBe(first.version + 1);
  const rows = boardAfter(new Map(first.rows.map((row) => [row.agentId, row])), change);
  expect([...rows.values()].map(({ agentId, callId, call: shown, quality }) => [agentId, callId, shown?.callId, quality])).toEqual([
    ['anna', undefined, undefined, undefined],
    ['both', 'c3', 'c3', { mos: 4.2, lossPercent: 1, side: 'caller', source: 'browser' }],
    ['done', undefined, undefined, undefined],
  ]);
});

test('of several directions the worst is shown, with who is heard and where it was measured', async () => {
  boards.lineMeasured({ agentId: 'anna', callId: 'c1', side: 'caller', lossPercent: 0, jitterMs: 2, mos: 4.4 });
  boards.lineMeasured({ agentId: 'anna', callId: 'c1', side: 'agent', lossPercent: 22, jitterMs: 2, mos: 2.54 });
  expect((await seenBy({})).get('anna')?.quality).toEqual({ mos: 2.5, lossPercent: 22, side: 'agent', source: 'relay' });
});

test('the sound of the call before is not shown as that of the next', async () => {
  answers.agents = [agent('anna', ['a'], { callId: 'c2' })];
  expect((await seenBy({})).get('anna')).toMatchObject({ call: { callId: 'c2' } });
  expect((await seenBy({})).get('anna')?.quality).toBeUndefined();
  boards.measured({ agentId: 'anna', callId: 'c2', at: AT, lossPercent: 7, jitterMs: 2, roundTripMs: 3 });
  expect((await seenBy({})).get('anna')?.quality).toEqual({ lossPercent: 7, side: 'caller', source: 'browser' });
  nowMs += 10_001;
  expect((await seenBy({})).get('anna')?.quality).toBeUndefined();
});

test('when telephony does not answer, agents are shown without their calls', async () => {
  answers.calls = new CallCentreError('timed-out', 'telephony');
  const whole = await seenBy({});
  expect([...whole.values()].map(({ agentId, call: shown }) => [agentId, shown])).toEqual([
    ['anna', undefined],
    ['bert', undefined],
    ['both', undefined],
    ['done', undefined],
  ]);
  // It cannot be told whose calls these are.
  const own = await seenBy({ queues: ['a'] });
  expect([...own.values()].map(({ agentId, callId }) => [agentId, callId])).toEqual([
    ['anna', undefined],
    ['both', undefined],
    ['done', undefined],
  ]);
});

test('when routing does not answer, no picture is given', async () => {
  answers.agents = new CallCentreError('timed-out', 'routing');
  await expect(boards.follow(page(), 'board:agents')).rejects.toMatchObject({ code: 'timed-out' });
});

test('a page that stops to look while its picture is read is in no room afterwards', async () => {
  let answer: (agents: unknown) => void = () => undefined;
  answers.agents = new Promise((resolve) => (answer = resolve));
  const looking = page();
  const followed = boards.follow(looking, 'board:agents');
  await boards.leave(looking, 'board:agents');
  answer([]);
  await followed;
  expect([...rooms.values()].flatMap((members) => [...members])).toEqual([]);
});

test('whoever is in a call is shown by no picture and no change of the board who listens to it', async () => {
  // Three people with the same scope: one talks to the caller, one is in the conference, one only supervises.
  answers.agents = [agent('anna', ['a'], { callId: 'c1' }), agent('carl', ['a'], { callId: 'c1' }), agent('bert', ['b'], { callId: 'c2' })];
  const listenersOf = (rows: Iterable<readonly [string, object]>): unknown[] =>
    [...rows].map(([id, fields]) => [id, (fields as AgentRow).call?.listeners?.map((each) => each.agentId)]);
  const own = [
    ['anna', undefined],
    ['carl', undefined],
    ['bert', ['listens-to-c2']],
  ];
  const all = [
    ['anna', ['listens-to-c1']],
    ['carl', ['listens-to-c1']],
    ['bert', ['listens-to-c2']],
  ];
  for (const [who, shown] of [
    ['anna', own],
    ['carl', own],
    ['boss', all],
  ] as const)
    expect(listenersOf((await boards.follow(page({}, who), 'board:agents')).rows.map((row) => [row.agentId, row]))).toEqual(shown);
  sent.length = 0;
  answers.calls = [
    { ...call('c1', 'a', '4001'), held: true, heldSince: AT },
    { ...call('c2', 'b', '4002'), held: true, heldSince: AT },
  ];
  await boards.publish();
  expect(new Map(sent.map(({ room, change }) => [room, listenersOf(change.put)]))).toEqual(
    new Map([
      ['anna', own],
      ['carl', own],
      ['boss', all],
    ]),
  );
});
