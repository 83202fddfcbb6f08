import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import type { FigureReport } from '../../../services/shared/contracts/api/figures/figures.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { addressOf, type WalkedRoute } from '../../support/hostile/route-walk.js';
import { asked } from '../../support/asked.js';
import { Stack } from '../../support/stack.js';
import {
  clientNumber as number,
  day,
  layOutForeign,
  layOutTwoClients,
  layOutTwoTeams,
  MARKS,
  peopleOfEveryKind,
  routesOf,
} from '../../support/centre/two-clients.js';

const siteToday = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

// Two clients in one centre: whoever works for one sees nothing of the other on any list, and changes nothing of the other or of the site.

jest.setTimeout(300_000);

let stack: Stack;
let mongo: Connection;
let routes: readonly WalkedRoute[];
const tokens = new Map<string, string>();
let foreignExport: string;

beforeAll(async () => {
  stack = await Stack.start();
  const admin = await stack.signIn('admin');
  mongo = await connectMongo(stack.config);
  await layOutTwoClients(stack, mongo, admin);
  for (const { by, token } of await peopleOfEveryKind(stack, admin, ['supervisor'])) tokens.set(by, token);
  const { foreign, theirs } = await layOutForeign(stack, admin, tokens.get('whole') ?? '');
  tokens.set('theirs', theirs);
  foreignExport = foreign.export;
  routes = await routesOf(stack, admin);
});

afterAll(async () => {
  await (mongo as Connection | undefined)?.close();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

/** Asks for every list and figure whose path names no object, with a period around now. Resolves with those that told of a client. */
async function tellOf(mark: string, token: string): Promise<string[]> {
  const told: string[] = [];
  for (const { method, path, query } of routes) {
    if (method !== 'get' || path.includes(':') || path.includes('/session')) continue;
    const fields = query.properties ?? {};
    const asked = new URLSearchParams();
    if ('from' in fields) asked.set('from', fields['from']?.format === 'date' ? day(-1).slice(0, 10) : day(-1));
    if ('to' in fields) asked.set('to', fields['to']?.format === 'date' ? day(1).slice(0, 10) : day(1));
    const answer = await stack.http('GET', `${addressOf(path, () => 'x')}?${asked.toString()}`, { token });
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    if (answer.status === 200 && text.includes(mark)) told.push(path);
  }
  return told;
}

test('whoever sees the whole centre is told of both clients: the walk reaches what it is about', async () => {
  const [ours, theirs] = [await tellOf(MARKS.ours, tokens.get('whole') ?? ''), await tellOf(MARKS.theirs, tokens.get('whole') ?? '')];
  expect(theirs).toEqual(expect.arrayContaining(['/calls', '/numbers', '/users']));
  // An export, a case and a customer exist for the other client alone.
  const alone = ['/exports', '/customers'];
  expect(ours).toEqual(theirs.filter((path) => !alone.includes(path) && !path.startsWith('/complaints')));
});

test.each(['unit', 'site', 'queue'])('a supervisor with a scope by %s is told of the own client, and nowhere of the other', async (by) => {
  const token = tokens.get(by) ?? '';
  expect(await tellOf(MARKS.ours, token)).toEqual(expect.arrayContaining(['/calls', '/numbers', '/queues']));
  expect(await tellOf(MARKS.theirs, token)).toEqual([]);
});

test('every kind of reach is declared, and what is common to all only reads', () => {
  const kinds = new Set(routes.map(({ reach }) => reach.kind));
  expect([...kinds].sort()).toEqual(['common', 'filtered', 'object', 'objects', 'public', 'restraint', 'self', 'site']);
  for (const { right, reach, path } of routes) expect([path, right === 'public']).toEqual([path, reach.kind === 'public']);
  // Such a route only computes something from what it is sent; nothing of it is kept.
  expect(routes.filter(({ method, reach }) => method !== 'get' && reach.kind === 'common').map(({ path }) => path)).toEqual([
    '/hours/preview',
  ]);
  expect(routes.filter(({ reach }) => reach.kind === 'restraint').map(({ path }) => path)).toEqual(['/do-not-call']);
});

const period = { withinMinutes: 60, limit: 5, atLeast: 1, stops: false, on: false };
/** Each with a body that would be taken from somebody without a scope. */
const writes: readonly (readonly [string, string, unknown, number])[] = [
  ['PUT', `/queues/queue-${MARKS.theirs}`, { name: { 'zh-CN': 'x', en: 'x' }, overflow: { to: 'number', number: '00881612345678' } }, 404],
  ['PUT', '/queues/a-new-one', { name: { 'zh-CN': 'x', en: 'x' } }, 404],
  [
    'PUT',
    `/queues/queue-${MARKS.ours}`,
    { name: { 'zh-CN': 'x', en: 'x' }, overflow: { to: 'queue', queueId: `queue-${MARKS.theirs}` } },
    404,
  ],
  ['DELETE', `/queues/queue-${MARKS.theirs}`, undefined, 404],
  ['PUT', `/worksheets/queue-${MARKS.theirs}`, { script: '', fields: [], dispositions: [] }, 404],
  ['POST', '/outbound/stops', { scope: 'platform', reason: 'all of it' }, 403],
  ['POST', '/outbound/stops', { scope: 'client', value: `unit-${MARKS.theirs}`, reason: 'theirs' }, 404],
  ['POST', '/outbound/stops', { scope: 'number', value: number('theirs'), reason: 'theirs' }, 404],
  ['POST', '/caller-lists', { number: '13900000003', list: 'black' }, 403],
  ['POST', '/caller-lists/remove', { number: '13900000003' }, 403],
  ['POST', '/do-not-call/withdraw', { number: '13900000003', evidence: 'said so' }, 403],
  ['PUT', '/outbound/fraud-rules', { rules: { 'short-calls': period }, shortCallMs: 6_000, watchedPrefixes: [] }, 403],
  ['PUT', '/outbound/rules', { window: { fromMinute: 600, toMinute: 660 } }, 403],
  ['PUT', '/routing/breaks', { breaks: [] }, 403],
  ['DELETE', '/prompts/zh-CN/notice', undefined, 403],
  ['POST', '/numbers/emergency', { closed: true, reason: 'theirs', numbers: [number('theirs')] }, 404],
  ['POST', '/practice-call', { number: number('theirs') }, 404],
];

test.each(['unit', 'site', 'queue', 'team'])(
  'a supervisor with a scope by %s changes nothing of the other client and nothing of the site, and each try is in the audit log',
  async (by) => {
    const token = tokens.get(by) ?? '';
    for (const [method, path, body, status] of writes) {
      // A scope of queues reaches no client unit; making a queue of a name in the scope is another matter, since the scope names queues.
      const answer = await stack.http(method, `/api${path}`, { token, ...(body === undefined ? {} : { body }) });
      expect([method, path, answer.status, (answer.body as { code?: string } | undefined)?.code]).toEqual([
        method,
        path,
        status,
        status === 403 ? 'outside-scope' : 'not-found',
      ]);
    }
    const decided = await stack.http('POST', `/api/exports/${foreignExport}/decide`, { token, body: { approve: true } });
    expect(decided.status).toBe(404);
    const auditor = await stack.signIn('auditor');
    const { body } = await stack.http('GET', '/api/audit?what=access.denied&limit=100', { token: auditor });
    const denied = new Set((body as { rows: { object: string }[] }).rows.map(({ object }) => object));
    for (const object of ['put /queues/:queueId', 'post /outbound/stops', 'post /exports/:id/decide'])
      expect([...denied]).toContain(object);
  },
);

test('nothing of it was changed, and the own part is', async () => {
  const admin = tokens.get('whole') ?? '';
  const { body } = await stack.http('GET', '/api/queues', { token: admin });
  const { queues } = body as { queues: { id: string; overflow: { to: string } }[] };
  expect(queues.find(({ id }) => id === `queue-${MARKS.theirs}`)?.overflow.to).toBe('hang-up');
  expect(queues.map(({ id }) => id)).not.toContain('a-new-one');
  for (const by of ['unit', 'site', 'queue']) {
    const own = { token: tokens.get(by) ?? '', body: { name: { 'zh-CN': '我们', en: 'ours' } } };
    expect([by, (await stack.http('PUT', `/api/queues/queue-${MARKS.ours}`, own)).status]).toEqual([by, 200]);
  }
  const stop = { token: tokens.get('unit') ?? '', body: { scope: 'client', value: `unit-${MARKS.ours}`, reason: 'ours' } };
  const { status, body: stopped } = await stack.http('POST', '/api/outbound/stops', stop);
  expect(status).toBe(200);
  const lift = `/api/outbound/stops/${(stopped as { id: string }).id}`;
  expect((await stack.http('DELETE', lift, { token: tokens.get('theirs') ?? '' })).status).toBe(404);
  expect((await stack.http('DELETE', lift, { token: tokens.get('unit') ?? '' })).status).toBe(204);
});

test.each(['unit', 'site'])(
  'a supervisor with a scope by %s neither reads nor changes a number of the other client, nor takes one over',
  async (by) => {
    const token = tokens.get(by) ?? '';
    const { body } = await stack.http('GET', '/api/numbers', { token });
    const [own] = (body as { numbers: { flow: unknown }[] }).numbers;
    const change = {
      name: 'x',
      status: 'draft',
      language: 'zh-CN',
      clientUnit: `unit-${MARKS.ours}`,
      site: `site-${MARKS.ours}`,
      flow: own?.flow,
    };
    const put = (to: string, given: object): Promise<{ status: number }> => stack.http('PUT', `/api/numbers/${to}`, { token, body: given });
    expect((await put(number('theirs'), change)).status).toBe(404);
    expect((await stack.http('GET', `/api/numbers/${number('theirs')}/flows`, { token })).status).toBe(404);
    expect((await stack.http('DELETE', `/api/numbers/${number('theirs')}`, { token })).status).toBe(404);
    const given = by === 'unit' ? { clientUnit: `unit-${MARKS.theirs}` } : { site: `site-${MARKS.theirs}` };
    expect((await put('4007009', { ...change, ...given })).status).toBe(403);
  },
);

test('a supervisor with a scope by team is told of the members and their calls of those days, and nowhere of another team', async () => {
  const [token, admin] = [tokens.get('team') ?? '', await stack.signIn('admin')];
  const { ours, theirs } = await layOutTwoTeams(stack, mongo, admin);
  expect(await tellOf(MARKS.ours, token)).toEqual(expect.arrayContaining(['/calls', '/teams', '/users', '/users/names']));
  expect(await tellOf(MARKS.theirs, token)).toEqual([]);
  const seen = async (): Promise<readonly number[]> =>
    Promise.all([MARKS.ours, MARKS.theirs].map(async (mark) => (await stack.http('GET', `/api/calls/teamcall${mark}`, { token })).status));
  const put = async (team: string, userIds: readonly string[]): Promise<unknown> =>
    stack.http('PUT', `/api/teams/team-${team}/members`, { token: admin, body: { userIds } });
  expect(await seen()).toEqual([200, 404]);
  // Whoever moves takes the calls of the day along, and brings them back.
  await put(MARKS.theirs, [ours, theirs]);
  expect(await seen()).toEqual([404, 404]);
  await put(MARKS.ours, [ours]);
  expect(await seen()).toEqual([200, 404]);
});

test('a shared report asks anew for whoever opens it: what is within the own scope, in the lines, the total and the file', async () => {
  const whole = tokens.get('whole') ?? '';
  const { users } = await asked<{ users: { id: string; name: string }[] }>(stack, await stack.signIn('admin'), 'GET', '/api/users');
  const enteredAt = new Date();
  for (const [client, answered] of [
    ['ours', 1],
    ['theirs', 2],
  ] as const)
    for (let visit = 1; visit <= answered; visit += 1) {
      const callId = `shared-${String(visit)}-${client}`;
      const agentId = users.find(({ name }) => name === `seat-${MARKS[client]}`)?.id ?? '';
      const row = {
        ...{ _id: `${callId}-1`, callId, queueId: `queue-${MARKS[client]}`, enteredAt, leftAt: enteredAt, waitMs: 0, agentId },
        ...{ outcome: 'answered', offers: 1, thresholdMs: 20_000, returned: false, direction: 'inbound', class: 'service' },
        ...{ trunkId: 't1', called: number(client), clientUnit: `unit-${MARKS[client]}`, priority: 0, skills: {}, notedAt: enteredAt },
      };
      await mongo.collection<{ _id: string }>('visits').insertOne(row);
    }
  const kept = { name: 'Who answers', period: 'today', interval: 'whole', figures: ['answered'], isShared: true };
  const today = siteToday();
  for (const by of ['queue', 'agent', 'team'] as const) {
    const { id } = await asked<{ id: string }>(stack, whole, 'POST', '/api/figures/saved', { ...kept, by });
    const query = `from=${today}&to=${today}&interval=whole&by=${by}`;
    const opened = async (token: string) => {
      const { reports } = await asked<{ reports: { id: string; by: string }[] }>(stack, token, 'GET', '/api/figures/saved');
      expect(reports).toContainEqual(expect.objectContaining({ id, by, isOwn: false }));
      const report = await asked<FigureReport>(stack, token, 'GET', `/api/figures/report?${query}`);
      const file = await stack.http('GET', `/api/figures/report/file?${query}&figures=answered&form=csv`, { token });
      expect(file.status).toBe(200);
      return { report, file: String(file.body) };
    };
    const all = await asked<FigureReport>(stack, whole, 'GET', `/api/figures/report?${query}`);
    expect([by, all.total.figures['answered']?.value]).toEqual([by, 3]);
    const foreign = by === 'queue' ? `queue-${MARKS.theirs}` : by === 'team' ? `team-${MARKS.theirs}` : `seat-${MARKS.theirs}`;
    const foreignId = users.find(({ name }) => name === foreign)?.id ?? foreign;
    expect(all.rows.map(({ scope }) => scope)).toContain(foreignId);
    for (const scope of ['unit', 'site', 'queue', 'team']) {
      const { report, file } = await opened(tokens.get(scope) ?? '');
      // A team's leader has a line for a queue too: what the team's members answered there.
      expect([by, scope, report.total.figures['answered']?.value]).toEqual([by, scope, 1]);
      expect([by, scope, report.rows.map((row) => row.scope).includes(foreignId)]).toEqual([by, scope, false]);
      expect([by, scope, file.includes(foreignId), file.includes(foreign)]).toEqual([by, scope, false, false]);
    }
    // Nobody else changes or removes it.
    const token = tokens.get('team') ?? '';
    expect((await stack.http('DELETE', `/api/figures/saved/${id}`, { token })).status).toBe(404);
  }
});
