import { connect as connectTls } from 'node:tls';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { hostileFiles, type HostileFile } from '../../support/hostile/hostile-files.js';
import type { WalkedRoute } from '../../support/hostile/route-walk.js';
import { Stack } from '../../support/stack.js';
import { routesOf } from '../../support/centre/two-clients.js';

// What people and strangers send as files, to every route that takes one, whole and cut off: the web answers others all the while, and no
// process ends.

jest.setTimeout(300_000);

/** How much longer others may wait for an answer (99th percentile) than they do on this machine when nothing is sent. */
const SERVED_WITHIN_MS = 100;

let stack: Stack;
let uploads: readonly WalkedRoute[];
const tokens = new Map<string, string>();
let caseId: string;
let consentId: string;
let campaignId: string;
let pids: readonly number[];
const files = hostileFiles();

const pidsNow = (): number[] => stack.ready.processes.map(({ pid }) => pid);

/** Who sends to each route, and the rest of its address. A route that is not here fails the first test. */
const senders: Readonly<Record<string, (fileName: string) => readonly [person: string, path: string]>> = {
  'post /registry/attachments': (fileName) => [
    'compliance',
    `/api/registry/attachments?register=numbers&key=4001000&fileName=${encodeURIComponent(fileName)}`,
  ],
  'post /registry/:register/import': () => ['compliance', '/api/registry/staff/import?dryRun=yes'],
  'post /complaints/import': () => ['supervisor', '/api/complaints/import'],
  'post /complaints/mail': () => ['supervisor', '/api/complaints/mail'],
  'post /complaints/:id/files': (fileName) => ['supervisor', `/api/complaints/${caseId}/files?fileName=${encodeURIComponent(fileName)}`],
  'post /outbound/consents/:id/original': (fileName) => [
    'supervisor',
    `/api/outbound/consents/${consentId}/original?fileName=${encodeURIComponent(fileName)}`,
  ],
  'post /outbound/consents/import': (fileName) => [
    'supervisor',
    `/api/outbound/consents/import?fileName=${encodeURIComponent(fileName)}&commit=yes`,
  ],
  'post /campaigns/:id/import': (fileName) => [
    'supervisor',
    `/api/campaigns/${campaignId}/import?fileName=${encodeURIComponent(fileName)}&commit=yes`,
  ],
  'post /customers/import': (fileName) => ['supervisor', `/api/customers/import?fileName=${encodeURIComponent(fileName)}&commit=yes`],
  'post /users/import': (fileName) => ['admin', `/api/users/import?fileName=${encodeURIComponent(fileName)}&commit=yes`],
  'put /prompts/:language/:promptId': () => ['supervisor', '/api/prompts/en/hostile'],
};
const senderOf = ({ method, path }: WalkedRoute, fileName: string): readonly [token: string, path: string] => {
  const [person, address] = senders[`${method} ${path}`]?.(fileName) ?? [];
  return [tokens.get(person ?? '') ?? '', address ?? ''];
};

beforeAll(async () => {
  stack = await Stack.start();
  for (const name of ['admin', 'compliance', 'supervisor']) tokens.set(name, await stack.signIn(name));
  uploads = (await routesOf(stack, tokens.get('admin') ?? '')).filter(({ uploadBytes }) => uploadBytes !== null);
  const opened = await stack.http('POST', '/api/complaints', {
    token: tokens.get('supervisor') ?? '',
    body: { kind: 'other', text: 'files', number: '13800000001' },
  });
  caseId = (opened.body as { id: string }).id;
  const agreed = await stack.http('POST', '/api/outbound/consents', {
    token: tokens.get('supervisor') ?? '',
    body: { number: '13800000001', purposes: ['enquiry'], channel: 'paper', givenAt: new Date().toISOString(), evidence: 'form' },
  });
  consentId = (agreed.body as { id: string }).id;
  expect(consentId).toEqual(expect.any(String));
  const made = await stack.http('POST', '/api/campaigns', {
    token: tokens.get('supervisor') ?? '',
    body: { name: 'files', from: '4001000', purpose: 'enquiry', queueId: 'service' },
  });
  campaignId = (made.body as { id: string }).id;
  expect(campaignId).toEqual(expect.any(String));
  pids = pidsNow();
});

afterAll(async () => {
  const unexpected = stack
    .logOf('roles')
    .split('\n')
    .filter((line) => line.includes('unexpected error') || line.includes('request failed'));
  if (unexpected.length > 0) process.stdout.write(`${unexpected.slice(0, 5).join('\n')}\n`);
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

/** The rounds in which others must have been served once: a file that blocks the web does so in each, a pause of the machine does not. */
const ROUNDS = 3;

/** Does `work` again while others are not served within `limitMs` (99th percentile), at most `ROUNDS` times; the fastest round. */
async function servedWithin(limitMs: number, work: () => Promise<unknown>): Promise<Awaited<ReturnType<typeof servedDuring>>> {
  let best = await servedDuring(work());
  for (let round = 1; round < ROUNDS && best.p99Ms > limitMs; round += 1) {
    const next = await servedDuring(work());
    if (next.p99Ms < best.p99Ms) best = next;
  }
  return best;
}

/** Polls the health of the web until `work` is done; the 99th percentile of the response times, and how many there were. */
async function servedDuring(work: Promise<unknown>): Promise<{ readonly p99Ms: number; readonly answers: number }> {
  const times: number[] = [];
  let done = false;
  const finished = work.finally(() => (done = true));
  while (!done) {
    const from = performance.now();
    const { status } = await stack.http('GET', '/api/health');
    times.push(performance.now() - from);
    expect(status).toBe(200);
    await pause(10);
  }
  await finished;
  return { p99Ms: times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Infinity, answers: times.length };
}

async function inTurns<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
    }),
  );
}

/** Opens a connection, sends this, and goes. Resolves when the connection is closed. */
function sendAndGo(bytes: Buffer): Promise<void> {
  const { hostname, port } = new URL(stack.web);
  return new Promise((resolve) => {
    const socket = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      socket.write(bytes, () => socket.destroy());
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

/** The head and half of the body. */
function halfOf(route: WalkedRoute, { name, bytes }: HostileFile): Buffer {
  const [token, path] = senderOf(route, name);
  const head = `${route.method.toUpperCase()} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes.subarray(0, Math.min(bytes.length >> 1, 100_000))]);
}

describe('on every route that takes a file', () => {
  let idle: number;

  beforeAll(async () => {
    idle = (await servedDuring(pause(3_000))).p99Ms;
  });

  test('each is tried', () => {
    expect(uploads.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(senders).sort());
  });

  test('hostile files are refused or kept unread; others are served, no process ends', async () => {
    const answers: string[] = [];
    const tried = uploads.flatMap((route) => files.map((file) => ({ route, file })));
    const { p99Ms, answers: served } = await servedWithin(idle + SERVED_WITHIN_MS, () =>
      inTurns(tried, 4, async ({ route, file }) => {
        const [token, path] = senderOf(route, file.name);
        const { status } = await stack
          .http(route.method.toUpperCase(), path, { token, body: new Uint8Array(file.bytes) })
          .catch((error: unknown) => ({ status: String(error) }));
        if (typeof status === 'string' || status >= 500) answers.push(`${route.path} ${file.name} ${status}`);
      }),
    );
    process.stdout.write(
      `${tried.length} files; ${served} answers, p99 ${p99Ms.toFixed(0)} ms (${idle.toFixed(0)} ms when nothing is sent)\n`,
    );
    expect(answers).toEqual([]);
    expect(p99Ms).toBeLessThanOrEqual(idle + SERVED_WITHIN_MS);
    expect(pidsNow()).toEqual(pids);
  });

  test('uploads that are cut off end nothing', async () => {
    const tried = uploads.flatMap((route) => files.map((file) => ({ route, file })));
    const twice = [...tried, ...tried];
    // The cost of as many connections alone, from clients that ask for little and leave.
    const little = Buffer.from('GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n');
    const { p99Ms: connectionsMs } = await servedDuring(inTurns(twice, 4, () => sendAndGo(little)));
    const { p99Ms } = await servedWithin(connectionsMs + SERVED_WITHIN_MS, () =>
      inTurns(twice, 4, ({ route, file }) => sendAndGo(halfOf(route, file))),
    );
    process.stdout.write(
      `${twice.length} cut uploads; p99 ${p99Ms.toFixed(0)} ms (${connectionsMs.toFixed(0)} ms of as many connections)\n`,
    );
    expect(p99Ms).toBeLessThanOrEqual(connectionsMs + SERVED_WITHIN_MS);
    expect(pidsNow()).toEqual(pids);
  });

  test('the limit that a sheet passes is named', async () => {
    const token = tokens.get('compliance') ?? '';
    for (const [name, limit] of [
      ['corner.xlsx', 'columns'],
      ['long.xlsx', 'rows'],
      ['lying.xlsx', 'inflated'],
      ['rows.csv', 'rows'],
    ]) {
      const bytes = files.find((file) => file.name === name)?.bytes ?? Buffer.alloc(0);
      const answer = await stack.http('POST', '/api/registry/staff/import?dryRun=yes', { token, body: new Uint8Array(bytes) });
      expect([name, answer.status, answer.body]).toMatchObject([name, 413, { code: 'too-large', details: { limit } }]);
    }
  });

  test('a good file is taken afterwards, and a refusal is heard although the rest is still being sent', async () => {
    const token = tokens.get('compliance') ?? '';
    const address = (name: string): string => `/api/registry/attachments?register=numbers&key=4001000&fileName=${name}`;
    const kept = await stack.http('POST', address('letter.pdf'), { token, body: new Uint8Array(Buffer.from('%PDF-1.7 letter')) });
    expect(kept).toMatchObject({ status: 200, body: { sizeBytes: 15 } });
    const refused = await stack.http('POST', address('letter.pdf'), { token, body: new Uint8Array(20_000_000) });
    expect(refused).toMatchObject({ status: 400, body: { details: { file: 'kind' } } });
  });
});
