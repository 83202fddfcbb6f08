import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asked } from '../support/asked.js';
import { newPerson, type Person } from '../support/centre/people.js';
import { until } from '../support/until.js';
import { BareSeat } from '../support/bare-seat.js';
import type { BoardRows } from '../../services/shared/contracts/queues/board.js';
import { BoardPage } from './support/board-page.js';
import { Conversation } from './support/conversation.js';
import { attacked, enter } from './support/tier.js';

// Two clients in one centre: people of one try to reach what belongs to the other or to the whole site.

const stack = attacked();
const OURS = 'attack-ours';
const THEIRS = 'attack-theirs';
const scope = { queues: [], sites: [], clientUnits: [OURS] };

let admin: string;
let compliance: string;
let supervisor: string;
let boss: Person;

const ask = async (token: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> =>
  stack.http(method, `/api${path}`, { token, ...(body === undefined ? {} : { body }) });

const laidOut = async <T = unknown>(token: string, method: string, path: string, body?: unknown): Promise<T> =>
  asked<T>(stack, token, method, `/api${path}`, body);

beforeAll(async () => {
  [admin, compliance, supervisor] = [await stack.signIn('admin'), await stack.signIn('compliance'), await stack.signIn('supervisor')];
  const { numbers } = await laidOut<{ numbers: { number: string; flow: { steps: object } }[] }>(supervisor, 'GET', '/numbers');
  const flow = numbers.find(({ number }) => number === '4001000')?.flow;
  const { queues } = await laidOut<{ queues: { id: string }[] }>(supervisor, 'GET', '/queues');
  const { revision: _revision, ...queue } = (queues.find(({ id }) => id === 'service') ?? {}) as Record<string, unknown>;
  await laidOut(supervisor, 'PUT', '/queues/attack-theirs', { ...queue, name: { 'zh-CN': THEIRS, en: THEIRS } });
  await laidOut(supervisor, 'PUT', '/queues/attack-ours', { ...queue, name: { 'zh-CN': OURS, en: OURS } });
  for (const [number, clientUnit, queueId] of [
    ['4007101', OURS, 'attack-ours'],
    ['4007102', THEIRS, 'attack-theirs'],
  ] as const)
    await laidOut(supervisor, 'PUT', `/numbers/${number}`, {
      name: clientUnit,
      status: 'draft',
      language: 'zh-CN',
      clientUnit,
      flow: { ...flow, start: 'service', steps: { service: { kind: 'queue', queueId, priority: 0, skills: {}, maxWaitMs: 900_000 } } },
    });
  boss = await newPerson(stack, admin, { name: 'attack-boss', roles: ['supervisor'], scope });
}, 60_000);

afterAll(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

describe("a supervisor of one client changes nothing of another's, nor of the whole site", () => {
  test('by writing', async () => {
    const { queues } = await laidOut<{ queues: Record<string, unknown>[] }>(supervisor, 'GET', '/queues');
    const theirs = queues.find(({ id }) => id === 'attack-theirs') ?? {};
    const own = queues.find(({ id }) => id === 'attack-ours') ?? {};
    const { breaks } = await laidOut<{ breaks: unknown }>(supervisor, 'GET', '/routing/breaks');
    const worksheet = (await laidOut<{ worksheets: Record<string, unknown>[] }>(supervisor, 'GET', '/worksheets')).worksheets[0];
    const fraud = await laidOut(supervisor, 'GET', '/outbound/fraud-rules');
    await laidOut(supervisor, 'POST', '/caller-lists', { number: '13900000044', list: 'black', priority: 10, note: 'theirs' });
    await laidOut(supervisor, 'POST', '/do-not-call', { numbers: ['13900000045'], reason: 'other', source: 'x' });
    const tries: readonly (readonly [string, string, unknown?])[] = [
      ['PUT', '/queues/attack-theirs', { ...theirs, overflow: { to: 'number', number: '00881612345678' } }],
      ['PUT', '/queues/attack-theirs', theirs],
      ['DELETE', '/queues/attack-theirs'],
      ['PUT', '/queues/attack-ours', { ...own, overflow: { to: 'queue', queueId: 'attack-theirs' } }],
      ['PUT', '/worksheets/attack-theirs', worksheet],
      ['POST', '/outbound/stops', { scope: 'platform', reason: 'because we can' }],
      ['POST', '/outbound/stops', { scope: 'client', value: THEIRS, reason: 'because we can' }],
      ['POST', '/caller-lists', { number: '13900000046', list: 'black', priority: 10, note: 'x' }],
      ['POST', '/caller-lists/remove', { number: '13900000044' }],
      ['POST', '/do-not-call/withdraw', { number: '13900000045', evidence: 'none' }],
      ['PUT', '/outbound/fraud-rules', fraud],
      ['PUT', '/outbound/rules', { window: { fromMinute: 600, toMinute: 660 }, quiet: [] }],
      ['PUT', '/routing/breaks', { breaks }],
      ['DELETE', '/prompts/zh-CN/notice'],
      ['PUT', '/numbers/4007102', { name: 'x', status: 'draft', language: 'zh-CN', clientUnit: OURS }],
      ['DELETE', '/numbers/4007102'],
      ['POST', '/practice-call', { number: '4007102' }],
      ['POST', '/numbers/emergency', { closed: true, numbers: ['4007102'], reason: 'because we can' }],
      ['PUT', '/trunks/attack-trunk', { name: 'x', addresses: ['127.0.0.66'], enabled: true }],
    ];
    // A body that is refused for its shape would say nothing about the scope.
    const notForTheScope: string[] = [];
    for (const [method, path, body] of tries) {
      const { status } = await ask(boss.token, method, path, body);
      if (status !== 403 && status !== 404) notForTheScope.push(`${method} ${path} was answered ${String(status)}`);
    }
    expect(notForTheScope).toEqual([]);
  });

  test('by deciding on an export of the whole site', async () => {
    const { id } = await laidOut<{ id: string }>(compliance, 'POST', '/exports', {
      kind: 'calls',
      reason: 'for the monthly report',
      query: { from: '2026-01-01', to: '2027-01-01' },
    });
    expect((await ask(boss.token, 'POST', `/exports/${id}/decide`, { approve: true })).status).toBeGreaterThanOrEqual(400);
  });

  test('and sees none of it on the lists of the whole site', async () => {
    await laidOut(supervisor, 'POST', '/outbound/stops', { scope: 'number', value: '4007102', reason: `stopped ${THEIRS}` });
    const shown: string[] = [];
    for (const path of [
      '/exports',
      '/do-not-call',
      '/outbound/consents',
      '/outbound/attempts',
      '/outbound/alarms',
      '/caller-lists',
      '/trunks',
      '/users',
      '/queues',
      '/worksheets',
      '/outbound/rules',
    ]) {
      const { status, body } = await ask(boss.token, 'GET', path);
      const text = JSON.stringify(body);
      if (
        status < 300 &&
        [THEIRS, '4007102', 'carrier-plain', '139****0044', '139****0045', 'monthly report'].some((mark) => text.includes(mark))
      )
        shown.push(path);
    }
    expect(shown).toEqual([]);
  });
});

describe('whoever follows the board of agents with a scope', () => {
  const QUEUE = 'attack-board';
  const UNIT = 'attack-board-unit';
  const SITE = 'attack-board-site';

  test('receives only their own agents, and nothing of a call of another client that one of them is in', async () => {
    const agents = async (): Promise<BoardRows['board:agents'][]> =>
      (await laidOut<{ agents: BoardRows['board:agents'][] }>(supervisor, 'GET', '/agents/board')).agents;
    const other = await BareSeat.open(stack, 'agent2');
    const stranger = (await agents()).find(({ name }) => name === '坐席二')?.agentId ?? '';
    const { users } = await laidOut<{ users: { id: string; name: string }[] }>(admin, 'GET', '/users');
    const shared = users.find(({ name }) => name === 'agent1')?.id ?? '';
    expect([stranger, shared]).not.toContain('');

    const { numbers } = await laidOut<{ numbers: { number: string; flow: object }[] }>(supervisor, 'GET', '/numbers');
    const flow = numbers.find(({ number }) => number === '4007101')?.flow;
    await laidOut(supervisor, 'PUT', `/queues/${QUEUE}`, { name: { 'zh-CN': QUEUE, en: QUEUE }, members: [shared] });
    await laidOut(supervisor, 'PUT', '/numbers/4007103', {
      name: UNIT,
      status: 'draft',
      language: 'zh-CN',
      clientUnit: UNIT,
      site: SITE,
      flow: { ...flow, steps: { service: { kind: 'queue', queueId: QUEUE, priority: 0, skills: {}, maxWaitMs: 900_000 } } },
    });
    const pages: BoardPage[] = [];
    const follow = async (name: string, narrow: object): Promise<BoardPage> => {
      const person = await newPerson(stack, admin, { name: `attack-board-${name}`, roles: ['supervisor'], scope: narrow });
      const page = await BoardPage.open(stack, person.token);
      pages.push(page);
      return page;
    };
    try {
      const scoped = [
        await follow('by-queue', { queues: [QUEUE] }),
        await follow('by-unit', { clientUnits: [UNIT] }),
        await follow('by-site', { sites: [SITE] }),
      ];
      const nowhere = await follow('nowhere', { clientUnits: ['attack-no-unit'] });
      const owner = await follow('owner', { queues: ['service'] });
      await using conversation = await Conversation.begin(stack);
      const stateOf = ({ rows }: BoardPage): string | undefined => rows.find(({ agentId }) => agentId === shared)?.state;
      // Whoever has the queue of the call sees it, so there is something to keep from the others.
      const call = await until(
        async () => owner.rows.find(({ agentId }) => agentId === shared)?.call,
        (shown) => shown?.callId === conversation.callId && shown.state === 'connected',
      );
      for (const page of scoped)
        await until(
          async () => stateOf(page),
          (state) => state === 'on-call',
        );
      const marks = [conversation.callId, call?.callerMasked ?? conversation.callId, stranger, '坐席二', 'service', THEIRS];
      for (const { rows, received } of scoped) {
        expect(rows.map(({ agentId, queues }) => [agentId, queues])).toEqual([[shared, [QUEUE]]]);
        expect(marks.filter((mark) => received.some((text) => text.includes(mark)))).toEqual([]);
      }
      expect(nowhere.rows).toEqual([]);
      expect([...marks, shared].filter((mark) => nowhere.received.some((text) => text.includes(mark)))).toEqual([]);
    } finally {
      for (const page of pages) page[Symbol.dispose]();
      await other.leave();
    }
  }, 120_000);
});

test('nobody approves their own export from a second browser or by another spelling of the name', async () => {
  const { id } = await laidOut<{ id: string }>(compliance, 'POST', '/exports', {
    kind: 'calls',
    reason: 'for the monthly report',
    query: { from: '2026-01-01', to: '2027-01-01' },
  });
  for (const name of ['compliance', 'COMPLIANCE', ' compliance']) {
    const { status, signedIn } = await enter(stack, name, { from: '127.0.0.68' });
    if (status !== 200) continue;
    expect((await ask(signedIn.accessToken, 'POST', `/exports/${id}/decide`, { approve: true })).status).toBeGreaterThanOrEqual(400);
  }
});

test('a scope that is narrowed while a page is open applies to that page at once', async () => {
  const person = await newPerson(stack, admin, { name: 'attack-narrowed', roles: ['supervisor'] });
  expect((await ask(person.token, 'GET', '/queues/board')).status).toBe(200);
  await laidOut(admin, 'PATCH', `/users/${person.userId}`, { scope });
  await until(
    () => ask(person.token, 'GET', '/queues'),
    ({ status, body }) => status === 401 || !JSON.stringify(body).includes('attack-theirs'),
    3_000,
  );
});

describe('accounts', () => {
  let scopedAdmin: Person;
  let plainAdmin: Person;
  beforeAll(async () => {
    scopedAdmin = await newPerson(stack, admin, { name: 'attack-scoped-admin', roles: ['admin'], scope });
    plainAdmin = await newPerson(stack, admin, { name: 'attack-admin', roles: ['admin'] });
  }, 30_000);

  const account = async (id: string): Promise<Record<string, unknown>> => {
    const { users } = await laidOut<{ users: Record<string, unknown>[] }>(admin, 'GET', '/users');
    return users.find((user) => user['id'] === id) ?? {};
  };
  const newcomer = (name: string, more: object): object => ({
    name,
    displayName: name,
    password: 'Given-by-the-office-1',
    ...more,
  });

  test('an administrator of one client neither widens the own scope nor makes anybody of the whole site', async () => {
    const whole = { queues: [], sites: [], clientUnits: [] };
    await ask(scopedAdmin.token, 'PATCH', `/users/${scopedAdmin.userId}`, { scope: whole });
    expect(await account(scopedAdmin.userId)).toMatchObject({ scope });
    for (const [name, more] of [
      ['attack-made-1', { roles: ['compliance'] }],
      ['attack-made-2', { roles: ['compliance'], scope: whole }],
      ['attack-made-3', { roles: ['supervisor'], scope: { ...whole, clientUnits: [THEIRS] } }],
      ['attack-made-4', { roles: ['agent'], scope: { ...whole, clientUnits: [OURS, THEIRS] } }],
    ] as const)
      expect([name, (await ask(scopedAdmin.token, 'POST', '/users', newcomer(name, more))).status]).toEqual([name, 403]);
  });

  test("an administrator of one client changes nobody else's account and sees none of their sessions", async () => {
    const other = await newPerson(stack, admin, { name: 'attack-other', roles: ['supervisor'], scope: { clientUnits: [THEIRS] } });
    const before = await account(other.userId);
    for (const change of [{ password: 'Taken-over-by-me-1', resetTotp: true }, { disabled: true }, { networks: ['10.9.9.9'] }])
      expect((await ask(scopedAdmin.token, 'PATCH', `/users/${other.userId}`, change)).status).toBeGreaterThanOrEqual(400);
    expect((await ask(scopedAdmin.token, 'GET', `/users/${other.userId}/sessions`)).status).toBeGreaterThanOrEqual(400);
    expect(await account(other.userId)).toEqual(before);
    expect((await enter(stack, 'attack-other', { password: 'Taken-over-by-me-1' })).status).not.toBe(200);
  });

  test.each([
    ['a password', { password: 'Stolen-by-a-token-1' }],
    ['the second factor', { resetTotp: true }],
    ['both', { password: 'Stolen-by-a-token-1', resetTotp: true }],
    ['the networks', { networks: ['10.9.9.9'] }],
    ['the end of the account', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['roles', { roles: ['admin', 'supervisor'] }],
    ['the closing', { disabled: true }],
  ])('a stolen access token of an administrator does not change %s of the same person', async (_what, change) => {
    const before = await account(plainAdmin.userId);
    expect((await ask(plainAdmin.token, 'PATCH', `/users/${plainAdmin.userId}`, change)).status).toBeGreaterThanOrEqual(400);
    expect(await account(plainAdmin.userId)).toEqual(before);
    expect((await enter(stack, plainAdmin.name, { password: 'Stolen-by-a-token-1' })).status).not.toBe(200);
  });
});
