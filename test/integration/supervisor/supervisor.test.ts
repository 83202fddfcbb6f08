import { EventEmitter, once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { fork, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureCertificate } from '../../../infra/supervisor/certificates/certificate.js';
import { checkFree, claimBase } from '../../../infra/supervisor/plan/free-ports.js';
import type { Plan, ProcessPlan } from '../../../infra/supervisor/plan/plan.js';
import type { Binding } from '../../../infra/supervisor/plan/ports.js';
import { lookUp, ProcessTable } from '../../../infra/supervisor/processes/process-table.js';
import { ensureSecrets } from '../../../infra/supervisor/plan/secrets.js';
import { StartFailure } from '../../../infra/supervisor/start-failure.js';
import type { ProcessNews } from '../../../infra/supervisor/processes/supervised-process.js';
import { LogArchive } from '../../../infra/supervisor/logs/log-archive.js';
import { Supervisor } from '../../../infra/supervisor/supervisor.js';

let folder: string;
let table: ProcessTable;
let supervisor: Supervisor | undefined;
let news: EventEmitter;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supervisor-'));
  table = new ProcessTable(folder);
  news = new EventEmitter();
  told = [];
});

afterEach(async () => {
  await supervisor?.stop();
  supervisor = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** A process that runs `code`; as a role it has the channel to the supervisor. */
function processOf(name: string, code: string, rest: Partial<ProcessPlan> = {}): ProcessPlan {
  const file = join(folder, `${name}.cjs`);
  writeFileSync(file, code);
  const usual = { env: {}, readiness: { kind: 'role' as const }, stage: 0, readyWithinMs: 10_000, stopWithinMs: 2_000 };
  return { name, command: process.execPath, args: [file], ...usual, ...rest };
}

const wellBehaved = `
  process.on('message', ({ type }) => { if (type === 'health?') process.send({ type: 'health', ok: true }); });
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => { require('node:fs').appendFileSync(process.env.ENDS, process.argv[1] + '\\n'); process.exit(0); });
  process.send({ type: 'ready' });`;

function supervise(processes: readonly ProcessPlan[], pace = { probeEveryMs: 20, healthEveryMs: 50, hungAfterMs: 400 }): Supervisor {
  const plan: Plan = { processes, bindings: [], roleEnv: {}, urls: {} };
  supervisor = new Supervisor({
    plan,
    logFolder: folder,
    archive: new LogArchive({ folder, stateFile: join(folder, 'logs.json'), keepDays: 184, diskBytes: 1_000_000_000 }),
    table,
    cwd: folder,
    pace,
    onNews: (name: string, what: ProcessNews) => {
      told.push(`${name} ${what.kind}`);
      news.emit(`${name} ${what.kind}`, what);
    },
  });
  return supervisor;
}

const pidOf = (name: string): number => supervisor?.running().find(({ plan }) => plan.name === name)?.pid ?? 0;

describe('a process that dies', () => {
  test('is started again, and after the stop nothing is left', async () => {
    const pids: number[] = [];
    news.on('api started', ({ pid }: { pid: number }) => pids.push(pid));
    await supervise([processOf('api', wellBehaved, { env: { ENDS: join(folder, 'ends') } })]).start();
    const again = once(news, 'api ready');
    process.kill(pidOf('api'), 'SIGKILL');
    await again;
    expect(told).toEqual(['api started', 'api ready', 'api died', 'api started', 'api ready']);
    await supervisor?.stop();
    expect(pids).toHaveLength(2);
    expect(pids.map(lookUp)).toEqual([undefined, undefined]);
  });

  test('at its first start ends the start with the reason that it gave', async () => {
    const failing = processOf('cases', `process.stderr.write('The port is already in use.\\n'); process.exit(1);`);
    const start = supervise([processOf('api', wellBehaved, { env: { ENDS: join(folder, 'ends') } }), failing]).start();
    await expect(start).rejects.toMatchObject({ problem: 'process-failed', facts: { name: 'cases', line: 'The port is already in use.' } });
    expect(pidOf('api')).toBe(0);
  });

  test('because it is not installed is told apart', async () => {
    const start = supervise([processOf('relay', '', { command: 'no-such-program-here' })]).start();
    await expect(start).rejects.toMatchObject({ problem: 'program-missing' });
  });
});

test('a role that stands by is ready, and the supervisor knows for what it waits', async () => {
  const standby = `process.on('message', () => undefined); process.send({ type: 'ready', info: { roles: ['api'], standsBy: ['api'] } });`;
  await supervise([processOf('api', standby), processOf('web', wellBehaved, { env: { ENDS: join(folder, 'ends') } })]).start();
  expect(supervisor?.running().map(({ ready, standsBy }) => ({ ready, standsBy }))).toEqual([
    { ready: true, standsBy: ['api'] },
    { ready: true, standsBy: [] },
  ]);
});

test('a role that hangs is ended and started again', async () => {
  const once_ = join(folder, 'hung-once');
  const hanging = `
    const fs = require('node:fs');
    process.on('message', () => process.send({ type: 'health', ok: true }));
    process.send({ type: 'ready' }, () => { if (!fs.existsSync('${once_}')) { fs.writeFileSync('${once_}', ''); for (;;); } });`;
  const again = once(news, 'api hung').then(() => once(news, 'api ready'));
  await supervise([processOf('api', hanging, { stopWithinMs: 200 })]).start();
  await again;
  expect(told).toContain('api hung');
});

test('a check that cannot be made is told like an illness, and ends nothing', async () => {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'secret');
  const store = createServer((socket) => socket.on('data', () => socket.write('+OK\r\n+PONG\r\n')).on('error', () => undefined));
  store.listen(0, '127.0.0.1');
  await once(store, 'listening');
  const readiness = { kind: 'valkey' as const, at: { host: '127.0.0.1', port: (store.address() as AddressInfo).port }, passwordFile };
  await supervise([processOf('valkey', 'setInterval(() => undefined, 1_000);', { readiness })]).start();
  const ill = once(news, 'valkey ill');
  rmSync(passwordFile);
  expect(await ill).toEqual([{ kind: 'ill', reason: 'not checked: ENOENT' }]);
  const well = once(news, 'valkey well');
  writeFileSync(passwordFile, 'secret');
  await well;
  expect(told).not.toContain('valkey died');
  await supervisor?.stop();
  store.close();
});

test('what a role says of its health is told once, and when it is over', async () => {
  const ill = `
    let asked = 0;
    process.on('message', () => process.send(++asked < 4 ? { type: 'health', ok: false, reason: 'spool is full' } : { type: 'health', ok: true }));
    process.send({ type: 'ready' });`;
  const well = once(news, 'api well');
  await supervise([processOf('api', ill)]).start();
  await well;
  expect(told.filter((line) => line === 'api ill')).toHaveLength(1);
});

test('stages start in order and stop in reverse; who does not end in time is ended', async () => {
  const ends = join(folder, 'ends');
  const env = { ENDS: ends };
  const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ type: 'ready' });`;
  await supervise([
    processOf('store', wellBehaved, { env, stage: 0 }),
    processOf('web', wellBehaved, { env, stage: 1 }),
    processOf('stubborn', stubborn, { stage: 1, stopWithinMs: 100 }),
  ]).start();
  expect(told.indexOf('store ready')).toBeLessThan(told.indexOf('web started'));
  const stubbornPid = pidOf('stubborn');
  await supervisor?.stop();
  expect(
    readFileSync(ends, 'utf8')
      .trim()
      .split('\n')
      .map((path) => path.split('/').at(-1)),
  ).toEqual(['web.cjs', 'store.cjs']);
  expect(lookUp(stubbornPid)).toBeUndefined();
});

describe('a supervisor that was killed', () => {
  let other: ChildProcess | undefined;
  afterEach(() => void other?.kill('SIGKILL'));

  test('is found at the next start, and what it left is ended', async () => {
    const file = join(folder, 'left.cjs');
    writeFileSync(file, `setInterval(() => {}, 1000); process.send('up');`);
    other = fork(file, { execArgv: [] });
    await once(other, 'message');
    const left = lookUp(other.pid ?? 0);
    writeFileSync(join(folder, 'processes.json'), JSON.stringify({ supervisor: { pid: 2 ** 22, startedTicks: '1' }, children: [left] }));
    const gone = once(other, 'exit');
    await expect(table.clearStale()).resolves.toBe(1);
    await gone;
  });

  test('is not taken for another process with its id', async () => {
    const mine = { pid: process.ppid, startedTicks: '1' };
    writeFileSync(join(folder, 'processes.json'), JSON.stringify({ supervisor: mine, children: [mine] }));
    await expect(table.clearStale()).resolves.toBe(0);
    expect(lookUp(process.ppid)).toBeDefined();
  });

  test('but one that lives keeps its home', async () => {
    const alive = lookUp(process.ppid);
    writeFileSync(join(folder, 'processes.json'), JSON.stringify({ supervisor: alive, children: [] }));
    await expect(table.clearStale()).rejects.toMatchObject({ problem: 'already-running' });
  });
});

describe('ports', () => {
  test('one that is taken is named with the variable that moves it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const check = checkFree([{ name: 'web', host: '127.0.0.1', port, transport: 'tcp' }]);
    await expect(check).rejects.toMatchObject({ problem: 'port-taken', facts: { port, variable: 'WEB_PORT' } });
    await expect(check).rejects.toBeInstanceOf(StartFailure);
    server.close();
  });

  test('one that no base moves is named, whatever base is tried', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const fixed: Binding = { name: 'dtmfLog', host: '127.0.0.1', port, transport: 'tcp', variable: 'DTMF_LISTEN' };
    await expect(claimBase(() => [fixed])).rejects.toMatchObject({ problem: 'port-taken', facts: { port, variable: 'DTMF_LISTEN' } });
    server.close();
    await once(server, 'close');
    const claim = await claimBase(() => [fixed]);
    claim.release();
  });

  test('two that choose at once get different ones', async () => {
    const claims = await Promise.all(
      Array.from({ length: 5 }, () => claimBase((base) => [{ name: 'web', host: '127.0.0.1', port: base, transport: 'tcp' }])),
    );
    expect(new Set(claims.map(({ base }) => base)).size).toBe(5);
    for (const claim of claims) claim.release();
  });
});

describe('first start', () => {
  test('secrets are made once, each for the owner alone', () => {
    const first = ensureSecrets(folder);
    const password = readFileSync(first.paths.admin, 'utf8');
    expect(first.firstRun).toBe(true);
    expect(password.trim()).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    const second = ensureSecrets(folder);
    expect(second.firstRun).toBe(false);
    expect(readFileSync(second.paths.admin, 'utf8')).toBe(password);
  });

  test('on another machine of a site nobody is told of a password that opens nothing', () => {
    const { paths } = ensureSecrets(folder);
    const other = join(folder, 'other');
    mkdirSync(other);
    for (const file of [paths.drachtio, paths.token, paths.seat, paths.master]) cpSync(file, join(other, basename(file)));
    expect(ensureSecrets(other).firstRun).toBe(false);
  });

  test('a certificate of a local authority covers the names; it is kept until a name is new', async () => {
    const files = await ensureCertificate(folder, ['localhost', '127.0.0.1', '::1']);
    const certificate = new X509Certificate(readFileSync(files.certFile));
    const authority = new X509Certificate(readFileSync(files.authorityFile ?? ''));
    expect(certificate.checkHost('localhost')).toBeDefined();
    expect(certificate.checkIP('::1')).toBeDefined();
    expect(certificate.verify(authority.publicKey)).toBe(true);
    expect(authority.ca).toBe(true);

    await ensureCertificate(folder, ['localhost', '127.0.0.1', '::1']);
    expect(new X509Certificate(readFileSync(files.certFile)).serialNumber).toBe(certificate.serialNumber);
    await ensureCertificate(folder, ['localhost', 'centre.example']);
    const renewed = new X509Certificate(readFileSync(files.certFile));
    expect(renewed.checkHost('centre.example')).toBeDefined();
    expect(renewed.verify(authority.publicKey)).toBe(true);
  });
});
