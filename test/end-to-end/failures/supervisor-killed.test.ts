import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isAlive } from '../../support/processes.js';
import { until } from '../../support/until.js';

const GONE_WITHIN_MS = 5_000;
const root = join(import.meta.dirname, '..', '..', '..');

let home: string;
let load: readonly ChildProcess[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'proofline-killed-'));
  // Each start shares the processors with as many busy loops.
  load = Array.from({ length: availableParallelism() }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
});

afterAll(() => {
  for (const each of load) each.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

/** Processes of this installation and their descendants: all inherit the variable that names its home. */
const processesOf = (folder: string): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isAlive(pid) && environmentOf(pid).includes(`PROOFLINE_HOME=${folder}`));

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // The process is gone meanwhile, or is another user's.
    return [];
  }
}

/** Starts the product and kills its supervisor `afterMs` after it printed `words`; how many processes ran then. */
async function killedAfter(words: RegExp, afterMs: number): Promise<number> {
  const supervisor = spawn(process.execPath, [join(root, 'dist', 'infra', 'supervisor', 'main.js')], {
    cwd: root,
    env: {
      ...process.env,
      PROOFLINE_HOME: home,
      PROOFLINE_PORT_BASE: 'auto',
      PROOFLINE_LAYOUT: 'roles',
      LANG: 'C.UTF-8',
      NODE_OPTIONS: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const reached = new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (words.test(printed)) resolve();
    };
    supervisor.stdout.on('data', take);
    supervisor.stderr.on('data', take);
    supervisor.once('exit', () => reject(new Error(`the supervisor ended by itself: ${printed}`)));
  });
  await reached;
  // The moment itself is under test, and no event marks it.
  await pause(afterMs);
  const running = processesOf(home).length;
  supervisor.kill('SIGKILL');
  await once(supervisor, 'exit');
  return running;
}

test.each([
  ['while the stores and the SIP server start', /Starting: .*documents/, 0, 1],
  ['a moment later', /Starting: .*documents/, 60, 2],
  ['while the relay starts', /Starting: .*rtpengine/, 0, 4],
  ['while recorder, mixer and routing start', /Starting: .*recorder/, 400, 6],
  ['while telephony and api start', /Starting: .*telephony/, 900, 8],
  ['while cases starts', /Starting: .*cases/, 900, 10],
  ['when all is ready', /Proofline is ready/, 0, 11],
])(
  'a supervisor killed %s, on a machine that is full, leaves no process behind',
  async (_moment, words, afterMs, atLeast) => {
    expect(await killedAfter(words, afterMs)).toBeGreaterThanOrEqual(atLeast);
    const left = await until(
      () => processesOf(home),
      (pids) => pids.length === 0,
      GONE_WITHIN_MS,
    );
    expect(left).toEqual([]);
  },
  180_000,
);
