import { readdirSync, readFileSync } from 'node:fs';

/** Fields of /proc/PID/stat from the state on (proc_pid_stat(5)); none of a process that is gone. */
export function statOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  } catch {
    return [];
  }
}

/** False for a process that has ended but that its parent has not waited for yet. */
export const isAlive = (pid: number): boolean => !['Z', undefined].includes(statOf(pid)[0]);

/** Those that it started itself. */
export const childrenOf = (parent: number): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && statOf(pid)[1] === String(parent));
