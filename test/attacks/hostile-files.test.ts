import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { addressOf, sampleOf, type WalkedRoute } from '../support/hostile/route-walk.js';
import { routesOf } from '../support/centre/two-clients.js';
import { hostileFiles } from './support/hostile-files.js';
import { STRANGER } from './support/carrier.js';
import { frameAndCut, healthDuring, headOf, percentile, sendAndCut, takeAndCut } from './support/raw-web.js';
import { attacked } from './support/tier.js';

const stack = attacked();
const CUT_AFTER_BYTES = 5_000;
/** The product shares two cores with the attacker and with the processes that parse files. */
const HEALTH_P99_MS = 100;
const HEALTH_WORST_MS = 1_500;
const CALM_MS = 1_500;
/** An attack of short requests is repeated for so long: a percentile of a few answers says nothing. */
const CUTS_MS = 2_500;

let uploads: readonly WalkedRoute[];
let downloads: readonly WalkedRoute[];
const tokens = new Map<string, string>();
let processes: readonly string[];
let unexpectedBefore: number;
/** On this machine without an attack, before and after them: what other programs take from it is not the product's fault. */
const calm: number[] = [];
const seen: [attack: string, times: readonly number[]][] = [];

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
  await stayCalm();
});

const stayCalm = async (): Promise<unknown> => calm.push(percentile(await healthDuring(stack, () => pause(CALM_MS)), 0.99));

/** Attacks, while somebody else asks for health all the time. No process was started again, and none stood still. */
async function attackedBy(what: string, attack: () => Promise<void>): Promise<void> {
  const times = await healthDuring(stack, attack);
  seen.push([what, times]);
  expect(running()).toEqual(processes);
  expect(percentile(times, 1)).toBeLessThanOrEqual(HEALTH_WORST_MS);
}

/** Again and again, for so long that the answers meanwhile can be judged. */
async function cutFor(round: () => Promise<void>): Promise<void> {
  const since = performance.now();
  do await round();
  while (performance.now() - since < CUTS_MS);
}

afterEach(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
  expect(unexpected()).toBe(unexpectedBefore);
});

test('a hostile file of any kind on any route ends no process and freezes none', async () => {
  expect(uploads.length).toBeGreaterThan(4);
  const wrong: string[] = [];
  const files = hostileFiles();
  await attackedBy('files', async () => {
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
}, 120_000);

test('an upload that is cut, refused or longer than it says ends no process', async () => {
  await attackedBy('cut uploads', async () => {
    for (const route of uploads) {
      const token = await tokenFor(route);
      const requests = ['a.txt', 'x.svg', 'x.pdf', 'x.xlsx', 'x.wav', '\u0000.txt'].flatMap((fileName) =>
        ['Content-Length: 500000', 'Transfer-Encoding: chunked', 'Content-Length: 10'].map((length) => {
          const headers = [length, 'Content-Type: text/plain'];
          const body = 'a'.repeat(CUT_AFTER_BYTES);
          return (
            headOf(route.method.toUpperCase(), addressFor(route, fileName), token, headers) +
            (length.startsWith('Transfer') ? `1388\r\n${body}\r\n` : body)
          );
        }),
      );
      await Promise.all(requests.map((request) => sendAndCut(stack, request)));
    }
  });
}, 60_000);

test('a download that is cut ends no process', async () => {
  expect(downloads.length).toBeGreaterThan(4);
  const heads: string[] = [];
  for (const route of downloads) heads.push(headOf('GET', addressFor(route, 'x'), await tokenFor(route), []));
  await attackedBy('cut downloads', () =>
    cutFor(async () => {
      for (const head of heads) await Promise.all(Array.from({ length: 5 }, () => takeAndCut(stack, head)));
    }),
  );
}, 60_000);

test('control sockets that send anything and are cut end no process', async () => {
  const token = await stack.signIn('agent1');
  const frames: readonly (readonly (string | Uint8Array)[])[] = [
    ['40{"token":"nobody"}'],
    ['40/wall,{"token":"nobody"}'],
    [`40${JSON.stringify({ token })}`],
    [`40${JSON.stringify({ token })}`, '42["seat:sync",{}]', '41'],
    [`40${JSON.stringify({ token })}`, `421["board:agents",${'['.repeat(30_000)}`],
    ['40', '40', '40/__proto__,', '45999-["page:ping"]', '4', '9', ''],
    [`4${'2'.repeat(60_000)}`],
    ['b'.repeat(70_000)],
    [new Uint8Array(60_000)],
  ];
  await attackedBy('cut sockets', () =>
    cutFor(async () => {
      await Promise.all(frames.flatMap((each) => [frameAndCut(stack, each, STRANGER), frameAndCut(stack, each, STRANGER)]));
    }),
  );
}, 60_000);

test('meanwhile the health check answers within 100 ms, 99 times in 100', async () => {
  await stayCalm();
  const limit = HEALTH_P99_MS + Math.max(...calm);
  const timesOf = (is: (attack: string) => boolean): readonly number[] =>
    seen.flatMap(([attack, times]) => (is(attack) ? times : [])).sort((a, b) => a - b);
  const [files, cuts] = [timesOf((attack) => attack === 'files'), timesOf((attack) => attack.startsWith('cut'))];
  const told = seen.map(([attack, times]) => `${attack} ${percentile(times, 0.99).toFixed(0)} (${times.length})`);
  const both = `files ${percentile(files, 0.99).toFixed(0)}, cuts ${percentile(cuts, 0.99).toFixed(0)}`;
  process.stdout.write(`GET /api/health, p99 in ms: ${both}; calm ${calm.map((ms) => ms.toFixed(0)).join(' and ')}; ${told.join(', ')}\n`);
  expect(seen).toHaveLength(4);
  for (const times of [files, cuts]) expect(percentile(times, 0.99)).toBeLessThanOrEqual(limit);
});
