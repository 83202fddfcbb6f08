import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../services/shared/platform/mongo.js';
import { newPerson } from '../support/people.js';
import { addressOf, type WalkedRoute } from '../support/route-walk.js';
import { Stack } from '../support/stack.js';

// Two clients in one centre: what the supervisor of one sees on every list and every figure has nothing of the other.

jest.setTimeout(180_000);

/** Stands in whatever belongs to a client, so that it is found wherever it comes out. */
const MARKS = { ours: 'OURSMARK', theirs: 'THEIRSMARK' } as const;
type Client = keyof typeof MARKS;
const number = (client: Client): string => (client === 'ours' ? '4007001' : '4007002');

let stack: Stack;
let mongo: Connection;
let routes: readonly WalkedRoute[];
const tokens = new Map<string, string>();

function call(client: Client): Record<string, unknown> & { readonly _id: string } {
  const at = new Date(Date.now() - 3_600_000);
  return {
    _id: `call-of-${MARKS[client]}`,
    direction: 'inbound',
    callerNumber: '13900000001',
    callerMasked: '139****0001',
    callerHash: 'hash',
    called: number(client),
    queueId: `queue-${MARKS[client]}`,
    agentIds: [`agent-${MARKS[client]}`],
    cause: 'served',
    by: 'caller',
    history: [],
    offers: [],
    talks: [],
    holds: [],
    pauses: [],
    choices: [],
    media: [],
    invitedAt: at,
    answeredAt: at,
    endedAt: new Date(at.getTime() + 60_000),
  };
}

beforeAll(async () => {
  stack = await Stack.start();
  const admin = await stack.signIn('admin');
  mongo = await connectMongo(stack.config);
  const { body: listed } = await stack.http('GET', '/api/numbers', { token: admin });
  const [sample] = (listed as { numbers: { flow: unknown }[] }).numbers;
  for (const client of ['ours', 'theirs'] as const) {
    const { status } = await stack.http('PUT', `/api/numbers/${number(client)}`, {
      token: admin,
      body: {
        name: `name-${MARKS[client]}`,
        status: 'draft',
        language: 'zh-CN',
        clientUnit: `unit-${MARKS[client]}`,
        site: `site-${MARKS[client]}`,
        flow: sample?.flow,
      },
    });
    expect(status).toBe(200);
    await mongo.collection<{ _id: string }>('calls').insertOne(call(client));
  }
  const scopes = {
    whole: {},
    unit: { clientUnits: [`unit-${MARKS.ours}`] },
    site: { sites: [`site-${MARKS.ours}`] },
    queue: { queues: [`queue-${MARKS.ours}`] },
  };
  for (const [name, scope] of Object.entries(scopes))
    tokens.set(name, (await newPerson(stack, admin, { name: `boss-${name}`, roles: ['supervisor'], scope })).token);
  const elsewhere = { clientUnits: [`unit-${MARKS.theirs}`], queues: [`queue-${MARKS.theirs}`], sites: [`site-${MARKS.theirs}`] };
  await newPerson(stack, admin, { name: 'boss-elsewhere', roles: ['supervisor'], scope: elsewhere });
  const { body } = await stack.http('GET', '/api/system/routes?schemas=yes', { token: admin });
  routes = (body as { routes: WalkedRoute[] }).routes;
});

afterAll(async () => {
  await (mongo as Connection | undefined)?.close();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString();

/** Every list and figure without a part that names an object, with a period around now. Answers which told of a client. */
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
  expect(ours).toEqual(theirs);
});

test.each(['unit', 'site', 'queue'])('a supervisor with a scope by %s is told of the own client, and nowhere of the other', async (by) => {
  const token = tokens.get(by) ?? '';
  expect(await tellOf(MARKS.ours, token)).toContain('/calls');
  // Of queues a number knows nothing: whoever has a scope of queues alone sees the numbers.
  expect((await tellOf(MARKS.theirs, token)).filter((path) => by !== 'queue' || path !== '/numbers')).toEqual([]);
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
