import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { boundToParent } from '../../../services/shared/platform/processes/bound-process.js';
import { isAlive } from '../../support/processes.js';
import { until } from '../../support/until.js';

let folder: string;
let parent: ChildProcess | undefined;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bound-'))));
afterEach(() => {
  parent?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A process that starts `code` bound to itself, and reports the child's process id once that runs. */
async function startedBy(code: string): Promise<{ readonly parent: ChildProcess; readonly pid: number }> {
  const file = join(folder, 'parent.cjs');
  const { args, command } = boundToParent({ command: process.execPath, args: ['-e', code] }, 0);
  writeFileSync(
    file,
    `const args = ${JSON.stringify(args)}.map((each) => (each === '0' ? String(process.pid) : each));
     const child = require('node:child_process').spawn('${command}', args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
     child.stdout.once('data', () => process.send(child.pid));`,
  );
  const started = fork(file, { execArgv: [] });
  parent = started;
  const [pid] = (await once(started, 'message')) as [number];
  return { parent: started, pid };
}

const ended = (pid: number): Promise<boolean> =>
  until(
    () => !isAlive(pid),
    (gone) => gone,
    5_000,
  );

test.each([
  ['does nothing', 'setInterval(() => {}, 1000)'],
  ['never comes back to its event loop', 'setTimeout(() => { for (;;); })'],
  ['refuses to end', `process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {}); setInterval(() => {}, 1000)`],
])('a process that %s ends with the parent that was killed', async (_what, code) => {
  const { parent: killed, pid } = await startedBy(`console.log('up'); ${code}`);
  expect(isAlive(pid)).toBe(true);
  killed.kill('SIGKILL');
  expect(await ended(pid)).toBe(true);
});

test('a process whose parent ended before the kernel was asked does not begin', async () => {
  const mark = join(folder, 'begun');
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  const { command, args } = boundToParent({ command: 'touch', args: [mark] }, gone.pid);
  const [code] = (await once(spawn(command, args), 'exit')) as [number];
  expect(code).toBe(1);
  expect(existsSync(mark)).toBe(false);
});

test('a program that is missing is told apart', async () => {
  const { command, args } = boundToParent({ command: 'no-such-program-here', args: [] });
  const [code] = (await once(spawn(command, args), 'exit')) as [number];
  expect(code).toBe(127);
});
