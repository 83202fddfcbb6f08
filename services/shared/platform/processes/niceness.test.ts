import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from '@jest/globals';
import { AFTER_CALLS, makeNice } from './niceness.js';

test('a process and its session come after others; of one that is gone nothing is set', async () => {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const session = `/proc/${pid}/autogroup`;
  const set = await makeNice(pid, AFTER_CALLS);
  expect(getPriority(pid)).toBe(AFTER_CALLS);
  expect(set).toBe(existsSync(session) && readFileSync(session, 'utf8').trim().endsWith(`nice ${AFTER_CALLS}`));
  child.kill();
  await once(child, 'exit');
  expect(await makeNice(pid, AFTER_CALLS)).toBe(false);
});

test('each thread of a process that is up comes after others', async () => {
  const code = "require('node:fs').readFile('/', () => process.stdout.write('up')); setTimeout(() => undefined, 60_000)";
  // A session of its own, so that its autogroup becomes nice as well.
  const child = spawn(process.execPath, ['-e', code], { detached: true });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  await makeNice(pid, AFTER_CALLS);
  const threads = readdirSync(`/proc/${pid}/task`);
  expect(threads.length).toBeGreaterThan(1);
  expect(threads.map((thread) => getPriority(Number(thread)))).toEqual(threads.map(() => AFTER_CALLS));
  child.kill();
  await once(child, 'exit');
});
