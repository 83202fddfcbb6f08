import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lookUp } from '../../../infra/supervisor/processes/process-table.js';
import { Stack } from '../../support/stack.js';

let home: string;
let stack: Stack;
let stopped = false;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'proofline-start-'));
  stack = await Stack.start({ layout: 'roles', home, env: { DEMO_DATA: 'no' } });
}, 120_000);
afterAll(async () => {
  if (!stopped) await stack.stop();
  rmSync(home, { recursive: true, force: true });
});

const pids = (): number[] => stack.ready.processes.map(({ pid }) => pid);

test('every role has a process of its own, and the pages are served', async () => {
  expect(stack.ready.processes.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'valkey',
      'documents',
      'objects',
      'rtpengine',
      'sip',
      'telephony',
      'recorder',
      'mixer',
      'routing',
      'api',
      'cases',
    ]),
  );
  expect((await stack.http('GET', '/api/nothing-here')).status).toBe(404);
});

test('a first start without a terminal names the file of the password, and neither it nor the arguments hold a secret', async () => {
  expect(stack.printed()).toContain(join(home, 'secrets', 'admin-password'));
  expect(stack.printed()).not.toContain(stack.password);
  await expect(stack.signIn('admin')).resolves.toMatch(/^ey/);
  const values = readdirSync(join(home, 'secrets')).map((name) => readFileSync(join(home, 'secrets', name), 'utf8').trim());
  for (const pid of pids()) {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    expect(values.filter((value) => line.includes(value))).toEqual([]);
  }
});

test('files of an installation are for its owner alone', () => {
  expect(statSync(join(home, 'secrets')).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(join(home, 'secrets'))) expect(statSync(join(home, 'secrets', name)).mode & 0o077).toBe(0);
});

test('a role that is killed is back with a new process id while the others run on', async () => {
  const before = stack.ready.processes;
  const killed = stack.pidOf('cases');
  process.kill(killed, 'SIGKILL');
  // While a process is down, the file lists it without an id.
  const pidNow = (): number | undefined => stack.ready.processes.find(({ name }) => name === 'cases')?.pid;
  await until(() => ![killed, undefined].includes(pidNow()), 30_000);
  expect(pidNow()).toBeGreaterThan(0);
  const others = (list: typeof before): unknown => list.filter(({ name }) => name !== 'cases');
  expect(others(stack.ready.processes)).toEqual(others(before));
});

test('a stop ends every process, the second start finds its data and prints no password', async () => {
  const password = stack.password;
  const first = pids();
  await stack.stop();
  expect(first.filter((pid) => lookUp(pid) !== undefined)).toEqual([]);
  expect(existsSync(join(home, 'run', 'ready.json'))).toBe(false);

  stack = await Stack.start({ layout: 'one', home, env: { DEMO_DATA: 'no' } });
  expect(stack.printed()).not.toContain(password);
  await expect(stack.signIn('admin')).resolves.toMatch(/^ey/);
}, 120_000);

test('npm that is killed takes the product with it, though its signal reaches only the shell between them', async () => {
  await stack.stop();
  stopped = true;
  const ready = join(home, 'run', 'ready.json');
  const supervisor = join(import.meta.dirname, '..', '..', '..', 'dist', 'infra', 'supervisor', 'main.js');
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${supervisor}"; :`], {
    env: {
      ...process.env,
      PROOFLINE_HOME: home,
      PROOFLINE_PORT_BASE: 'auto',
      PROOFLINE_LAYOUT: 'one',
      npm_lifecycle_event: 'start',
      NODE_OPTIONS: '',
    },
    stdio: 'ignore',
  });
  await until(() => existsSync(ready), 90_000);
  const running = pids();
  shell.kill('SIGTERM');
  await until(() => running.every((pid) => lookUp(pid) === undefined) && !existsSync(join(home, 'run', 'processes.json')), 30_000);
  expect(existsSync(ready)).toBe(false);
}, 130_000);

/** Processes that are not our children and files of others send no event. */
async function until(holds: () => boolean, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`it did not come true within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
