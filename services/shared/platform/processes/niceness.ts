import { readdir, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** For work that may wait: it gets the processor time that calls leave. Its weight is 110, where a niceness of 0 has 1,024. */
export const AFTER_CALLS: number = constants.priority.PRIORITY_BELOW_NORMAL;

/** Without the permission to change it at any time, Linux allows the niceness of a session to be changed ten times a second. */
const AGAIN_MS = 150;
const ATTEMPTS = 20;

/**
 * Makes a process and its session yield to those of a lower niceness. Where Linux first divides the processors among sessions (autogroups,
 * sched(7)), the niceness of a process only counts within its session. False where the system has or allows neither: the process then gets
 * an equal share.
 */
export async function makeNice(pid: number, niceness: number): Promise<boolean> {
  try {
    // Set for each thread; a thread that is started later inherits it from the thread that started it.
    for (const thread of await readdir(`/proc/${pid}/task`)) setOfThread(Number(thread), niceness);
    await setOfSession(pid, niceness);
    return true;
  } catch {
    return false;
  }
}

function setOfThread(thread: number, niceness: number): void {
  try {
    setPriority(thread, niceness);
  } catch (error) {
    const isGone = error instanceof Error && 'info' in error && (error.info as { code?: string }).code === 'ESRCH';
    if (!isGone) throw error;
  }
}

async function setOfSession(pid: number, niceness: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await writeFile(`/proc/${pid}/autogroup`, String(niceness));
      return;
    } catch (error) {
      const again = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!again || attempt === ATTEMPTS) throw error;
      await pause(AGAIN_MS);
    }
  }
}
