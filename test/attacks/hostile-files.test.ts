import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { addressOf, sampleOf, type WalkedRoute } from '../support/hostile/route-walk.js';
import { routesOf } from '../support/centre/two-clients.js';
import { hostileFiles } from './support/hostile-files.js';
import { healthDuring, headOf, percentile, sendAndCut, takeAndCut } from './support/raw-web.js';
import { attacked } from './support/tier.js';

const stack = attacked();
const CUT_AFTER_BYTES = 5_000;
/** Two cores are shared with the attacker here; a frozen process shows as seconds. */
const HEALTH_P99_MS = 250;
const HEALTH_WORST_MS = 1_500;

let uploads: readonly WalkedRoute[];
let downloads: readonly WalkedRoute[];
const tokens = new Map<string, string>();
let processes: readonly string[];
let unexpectedBefore: number;

/** All processes of the product as they run now: one that was started again has another id. */
const running = (): string[] => stack.ready.processes.map(({ name, pid }) => `${name} ${pid}`).sort();

/** Unhandled errors in the logs of all processes: one ends a process, or leaves a request unanswered. */
const unexpected = (): number =>
  stack.ready.processes.reduce((sum, { name }) => sum + stack.logOf(name).split('"unexpected error').length - 1, 0);

/** People to try, until one may use the route. */
const holders: readonly string[] = ['compliance', 'supervisor', 'admin', 'agent1', 'auditor'];

async function tokenFor(route: WalkedRoute): Promise<string> {
  for (const name of holders) {
    const token = tokens.get(name) ?? (await stack.signIn(name));
    tokens.set(name, token);
    const { status } = await stack.http('GET', '/api/session/profile', { token });
    if (status !== 200) continue;
    const profile = (await stack.http('GET', '/api/session/profile', { token })).body as { rights: readonly string[] };
    if (route.right === 'public' || profile.rights.includes(route.right)) return token;
  }
  throw new Error(`nobody may use ${route.path}`);
}

/** A demo entry that takes attachments: for an entry that does not exist, no upload is read. */
const ENTRY = { register: 'numbers', key: '4001000' } as const;

/** The route's address with a query that it accepts, naming things that exist as far as that is easy. */
function addressFor({ path, query }: WalkedRoute, fileName: string): string {
  const named = addressOf(path, (name) =>
    name === 'register' ? 'staff' : name === 'language' ? 'zh-CN' : name === 'promptId' ? 'attack' : 'nothing',
  );
  const given = { ...(sampleOf(query) as Readonly<Record<string, string>>), fileName, ...ENTRY, dryRun: 'yes' };
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (name in (query.properties ?? {})) asked.set(name, value);
  return asked.size === 0 ? named : `${named}?${asked.toString()}`;
}

beforeAll(async () => {
  const admin = await stack.signIn('admin');
  const routes = await routesOf(stack, admin);
  uploads = routes.filter(({ uploadBytes }) => uploadBytes !== null);
  downloads = routes.filter(({ method, path }) => method === 'get' && /\.(csv|xlsx)$|audio|download|file$/.test(path));
  processes = running();
  unexpectedBefore = unexpected();
});

afterEach(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
  expect(unexpected()).toBe(unexpectedBefore);
});

test('a hostile file of any kind on any route ends no process and freezes none', async () => {
  expect(uploads.length).toBeGreaterThan(4);
  const wrong: string[] = [];
  const files = hostileFiles();
  const times = await healthDuring(stack, async () => {
    for (const [place, route] of uploads.entries()) {
      const token = await tokenFor(route);
      // Every second file on each route, alternating: all kinds are tried within the time of this tier.
      await Promise.all(
        files
          .filter((_file, i) => (i + place) % 2 === 0)
          .map(async ({ name, bytes }) => {
            const { status } = await stack
              .http(route.method.toUpperCase(), addressFor(route, name), { token, body: bytes })
              .catch(() => ({ status: 0 }));
            if (status === 0 || status >= 500) wrong.push(`${route.path} ${name}: ${status}`);
          }),
      );
    }
  });
  expect(wrong).toEqual([]);
  expect(running()).toEqual(processes);
  expect({
    p99: percentile(times, 0.99) <= HEALTH_P99_MS,
    worst: percentile(times, 1) <= HEALTH_WORST_MS,
    times: times.slice(-3),
  }).toMatchObject({
    p99: true,
    worst: true,
  });
}, 120_000);

test('an upload that is cut, refused or longer than it says ends no process', async () => {
  for (const route of uploads) {
    const token = await tokenFor(route);
    for (const fileName of ['a.txt', 'x.svg', 'x.pdf', 'x.xlsx', 'x.wav', '\u0000.txt'])
      for (const headers of [['Content-Length: 500000'], ['Transfer-Encoding: chunked'], ['Content-Length: 10']]) {
        const head = headOf(route.method.toUpperCase(), addressFor(route, fileName), token, [...headers, 'Content-Type: text/plain']);
        const body =
          headers[0]?.startsWith('Transfer') === true ? `1388\r\n${'a'.repeat(CUT_AFTER_BYTES)}\r\n` : 'a'.repeat(CUT_AFTER_BYTES);
        await sendAndCut(stack, head + body);
      }
  }
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
  expect(running()).toEqual(processes);
}, 60_000);

test('a download that is cut ends no process', async () => {
  expect(downloads.length).toBeGreaterThan(4);
  for (const route of downloads) {
    const token = await tokenFor(route);
    const head = headOf('GET', addressFor(route, 'x'), token, []);
    await Promise.all(Array.from({ length: 5 }, () => takeAndCut(stack, head)));
  }
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
  expect(running()).toEqual(processes);
}, 60_000);
