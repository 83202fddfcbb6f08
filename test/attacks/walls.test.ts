import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { WALL_NAMESPACE, type WallRow } from '../../services/shared/contracts/queues/wall.js';
import { newPerson, type Person } from '../support/centre/people.js';
import { routesOf } from '../support/centre/two-clients.js';
import { until } from '../support/until.js';
import { attacked } from './support/tier.js';

// What the token of a wall opens, and to whom: a screen of the hall can be photographed, its computer taken away.

const stack = attacked();
const layout = { screens: [{ tiles: [{ kind: 'queues' }, { kind: 'agents' }] }] };
/** A cut comes with the next look at the wall, some seconds later. */
const CUT_WITHIN_MS = 20_000;

let admin: string;
let maker: Person;
let token: string;
const sockets: Socket[] = [];

async function makeWall(person: Person, id: string, body: object = { name: id, layout }): Promise<{ status: number; token: string }> {
  const put = await stack.http('PUT', `/api/walls/${id}`, { token: person.token, body });
  const made = await stack.http('POST', `/api/walls/${id}/address`, { token: person.token });
  return { status: put.status, token: (made.body as { token?: string }).token ?? '' };
}

const supervisor = (name: string, scope: object = {}): Promise<Person> => newPerson(stack, admin, { name, roles: ['supervisor'], scope });

/** What becomes of a socket: `heard` is the first thing that it receives. */
async function tryWall(given: unknown, namespace = WALL_NAMESPACE): Promise<{ socket: Socket; heard: string; rows: readonly WallRow[] }> {
  const socket = io(`${stack.web}${namespace}`, {
    auth: { token: given },
    transports: ['websocket'],
    rejectUnauthorized: false,
    reconnection: false,
    forceNew: true,
  });
  sockets.push(socket);
  return new Promise((resolve) => {
    socket.once('wall:picture', ({ rows }: { rows: readonly WallRow[] }) => resolve({ socket, heard: 'picture', rows }));
    socket.once('wall:over', () => resolve({ socket, heard: 'over', rows: [] }));
    socket.once('disconnect', () => resolve({ socket, heard: 'cut', rows: [] }));
    socket.once('connect_error', ({ message }) => resolve({ socket, heard: message, rows: [] }));
  });
}
const untilCut = (socket: Socket): Promise<boolean> =>
  until(
    async () => socket.disconnected,
    (isCut) => isCut,
    CUT_WITHIN_MS,
  );

beforeAll(async () => {
  admin = await stack.signIn('admin');
  maker = await supervisor('wall-maker');
  ({ token } = await makeWall(maker, 'attacked-wall'));
}, 60_000);
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

test('the token opens its wall and no route: everything that is not public answers 401', async () => {
  expect((await tryWall(token)).heard).toBe('picture');
  const guarded = (await routesOf(stack, admin)).filter(({ right }) => right !== 'public');
  expect(guarded.length).toBeGreaterThan(100);
  const wrong: string[] = [];
  for (const { method, path } of guarded) {
    const { status } = await stack.http(method.toUpperCase(), `/api${path.replaceAll(/:\w+/g, 'x')}`, { token });
    if (status !== 401) wrong.push(`${method} ${path} ${status}`);
  }
  expect(wrong).toEqual([]);
}, 120_000);

test('it opens no page at the other sockets, and the token of a session opens no wall', async () => {
  expect((await tryWall(token, '')).heard).toBe('not-signed-in');
  expect((await tryWall(maker.token)).heard).toBe('over');
  for (const given of ['', undefined, { $ne: '' }, ['a'], 'A'.repeat(43), 'x'.repeat(60_000)])
    expect((await tryWall(given)).heard).toBe('over');
});

test('nothing that a wall sends has an effect', async () => {
  const { socket } = await tryWall(token);
  for (const name of ['board:agents', 'seat:sync', 'call:monitor', 'agent:set-state', 'page:ping'])
    await expect(socket.timeout(700).emitWithAck(name, { on: true })).rejects.toThrow();
  expect(socket.connected).toBe(true);
});

test('it shows no name of an agent and no number of a caller', async () => {
  const { rows } = await tryWall(token);
  const text = JSON.stringify(rows);
  expect(text).toContain('queue:service');
  for (const hidden of ['坐席一', 'callerMasked', 'agentId', 'callId']) expect(text).not.toContain(hidden);
});

test('a revoked token is disconnected and opens nothing again; nor does the token of an earlier address', async () => {
  const made = await makeWall(maker, 'withdrawn-wall');
  const { socket } = await tryWall(made.token);
  const { body } = await stack.http('POST', '/api/walls/withdrawn-wall/address', { token: maker.token });
  await untilCut(socket);
  expect((await tryWall(made.token)).heard).toBe('over');
  const next = await tryWall((body as { token: string }).token);
  expect(next.heard).toBe('picture');
  expect((await stack.http('DELETE', '/api/walls/withdrawn-wall/address', { token: maker.token })).status).toBe(204);
  await untilCut(next.socket);
  const listed = await stack.http('GET', '/api/walls', { token: maker.token });
  expect(JSON.stringify(listed.body)).not.toMatch(/hash|[\w-]{43}/);
}, 60_000);

test('a wall shows what its maker may see now: a narrower scope takes rows away, a lost right and a closed account end it', async () => {
  const person = await supervisor('wall-narrowed');
  const made = await makeWall(person, 'narrowed-wall');
  const wide = await tryWall(made.token);
  expect(wide.rows.map(({ id }) => id)).toContain('queue:service');
  const change = (body: object) => stack.http('PATCH', `/api/users/${person.userId}`, { token: admin, body });
  expect((await change({ scope: { queues: ['nowhere'], sites: [], clientUnits: [] } })).status).toBeLessThan(300);
  await until(
    async () => {
      // Each connection closes before the next opens: a wall may be shown only so often at once.
      const looked = await tryWall(made.token);
      looked.socket.disconnect();
      return looked;
    },
    ({ rows }) => rows.length > 0 && !rows.some(({ of }) => of === 'queue'),
    CUT_WITHIN_MS,
  );
  expect((await change({ roles: ['agent'] })).status).toBeLessThan(300);
  await untilCut(wide.socket);
  expect((await tryWall(made.token)).heard).toBe('over');

  const leaver = await supervisor('wall-leaver');
  const left = await tryWall((await makeWall(leaver, 'left-wall')).token);
  expect(left.heard).toBe('picture');
  expect((await stack.http('PATCH', `/api/users/${leaver.userId}`, { token: admin, body: { disabled: true } })).status).toBeLessThan(300);
  await untilCut(left.socket);
}, 120_000);

test('nobody reads, changes or creates the address of another person’s wall, and nobody names a queue out of reach', async () => {
  const other = await supervisor('wall-other', { queues: ['service'] });
  const as = (method: string, path: string, body?: object) =>
    stack.http(method, `/api/walls/${path}`, { token: other.token, ...(body === undefined ? {} : { body }) });
  expect((await as('PUT', 'attacked-wall', { name: 'mine', layout })).status).toBe(404);
  expect((await as('POST', 'attacked-wall/address')).status).toBe(404);
  expect((await as('DELETE', 'attacked-wall/address')).status).toBe(404);
  expect((await as('DELETE', 'attacked-wall')).status).toBe(404);
  const foreign = { screens: [{ tiles: [{ kind: 'waiting', queueId: 'of-another-client' }] }] };
  expect((await as('PUT', 'foreign-wall', { name: 'foreign', layout: foreign })).status).toBe(404);
  expect((await stack.http('GET', '/api/walls', { token: other.token })).body).toEqual({ walls: [] });
  const whole = await supervisor('wall-whole');
  expect((await stack.http('POST', '/api/walls/attacked-wall/address', { token: whole.token })).status).toBe(404);
  expect(
    (await stack.http('PUT', '/api/walls/agent-wall', { token: await stack.signIn('agent1'), body: { name: 'a', layout } })).status,
  ).toBe(403);
}, 60_000);

test('walls at once and wrong tokens a minute are limited for each address', async () => {
  const made = await makeWall(maker, 'many-wall');
  const heard: string[] = [];
  for (let i = 0; i < 25; i += 1) heard.push((await tryWall(made.token)).heard);
  expect(heard.filter((each) => each === 'picture')).toHaveLength(20);
  expect(heard.at(-1)).toBe('cut');
  const guesses: string[] = [];
  for (let i = 0; i < 40; i += 1) guesses.push((await tryWall(`guess-${i}`)).heard);
  expect(guesses.at(-1)).toBe('cut');
}, 60_000);
