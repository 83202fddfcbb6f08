import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivateFile } from '../plan/secrets.js';
import { StartFailure } from '../start-failure.js';

/** A process that cannot be mistaken for a later one of the same id: `startedTicks` is the kernel's start time (proc(5), stat field 22). */
export interface KnownProcess {
  readonly pid: number;
  readonly startedTicks: string;
}

interface Table {
  readonly supervisor: KnownProcess;
  readonly children: readonly KnownProcess[];
}

/** @returns undefined when there is no such process (or it is a zombie) */
export function lookUp(pid: number): KnownProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { pid, startedTicks: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

const isAlive = (known: KnownProcess): boolean => lookUp(known.pid)?.startedTicks === known.startedTicks;

/** `run/processes.json`: who runs in this home, so that a start after a crash finds what was left. */
export class ProcessTable {
  private readonly file: string;

  constructor(runFolder: string) {
    this.file = join(runFolder, 'processes.json');
  }

  write(pids: readonly number[]): void {
    const supervisor = lookUp(process.pid) ?? { pid: process.pid, startedTicks: '' };
    const children = pids.map(lookUp).filter((known) => known !== undefined);
    writePrivateFile(this.file, JSON.stringify({ supervisor, children } satisfies Table));
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }

  /** Ends what a supervisor that was killed has left behind. Throws when that supervisor is alive: one home, one installation. */
  async clearStale(graceMs = 10_000): Promise<number> {
    const table = this.read();
    if (table === undefined) return 0;
    if (isAlive(table.supervisor) && table.supervisor.pid !== process.pid)
      throw new StartFailure('already-running', { pid: table.supervisor.pid });
    const left = table.children.filter(isAlive);
    for (const { pid } of left) kill(pid, 'SIGTERM');
    const untilMs = Date.now() + graceMs;
    while (left.some(isAlive) && Date.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const known of left) if (isAlive(known)) kill(known.pid, 'SIGKILL');
    return left.length;
  }

  private read(): Table | undefined {
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Table;
    } catch {
      return undefined;
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime.
  }
}
