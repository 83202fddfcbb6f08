import { fork, type ChildProcess } from 'node:child_process';
import { SEED_FLAGS } from '../build.js';

export interface Asked {
  readonly seed: number;
  readonly profile: string;
}

export interface Shown {
  readonly digest: string;
  /** What does not hold, with its history; empty when all holds. */
  readonly fault: string;
}

interface Task extends Asked {
  readonly tell: (shown: Shown) => void;
}

export interface SeedPool {
  /** Runs a seed when a process is free; resolves with what it has shown, also when the process has died of it. */
  run(asked: Asked): Promise<Shown>;
  close(): void;
}

/** A seed takes one or two seconds: one that takes so long never ends. */
const SEED_WITHIN_MS = 120_000;
/** So much is kept of what a process says, for the case that it dies. */
const LAST_WORDS = 8_000;

/** Processes that run seeds, each one at a time, in the order in which they are asked for. */
export function createSeedPool(program: string, processes: number): SeedPool {
  const waiting: Task[] = [];
  const idle: ((task: Task) => void)[] = [];
  const children = new Set<ChildProcess>();
  let isOpen = true;

  const next = (take: (task: Task) => void): void => {
    const task = waiting.shift();
    if (task === undefined) idle.push(take);
    else take(task);
  };

  function start(): void {
    // The flags of the test that starts it, and its loader, are not for the process.
    const child = fork(program, [], {
      execArgv: ['--enable-source-maps', ...SEED_FLAGS],
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    children.add(child);
    let current: Task | undefined;
    let said = '';
    let limit: NodeJS.Timeout | undefined;
    child.stderr?.on('data', (bytes: Buffer) => (said = `${said}${bytes.toString()}`.slice(-LAST_WORDS)));
    const take = (task: Task): void => {
      current = task;
      limit = setTimeout(() => {
        said += `killed, for it took longer than ${SEED_WITHIN_MS / 1_000} s`;
        child.kill('SIGKILL');
      }, SEED_WITHIN_MS);
      child.send({ seed: task.seed, profile: task.profile } satisfies Asked);
    };
    child.on('message', (shown: Shown) => {
      clearTimeout(limit);
      current?.tell(shown);
      current = undefined;
      next(take);
    });
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      children.delete(child);
      if (!isOpen) return;
      const which = current === undefined ? 'between two seeds' : `in seed ${current.seed} (${current.profile})`;
      const fault = `the process ended ${which} with ${signal ?? code ?? 'nothing'}:\n${said}`;
      // Only a seed that ended its process is a reason for another process.
      if (current === undefined) for (const task of waiting.splice(0)) task.tell({ digest: '', fault });
      else start();
      current?.tell({ digest: '', fault });
    });
    next(take);
  }

  for (let index = 0; index < processes; index += 1) start();
  return {
    run: ({ seed, profile }) =>
      new Promise((tell) => {
        const task = { seed, profile, tell };
        const take = idle.shift();
        if (take === undefined) waiting.push(task);
        else take(task);
      }),
    close() {
      isOpen = false;
      for (const child of children) child.kill();
    },
  };
}
