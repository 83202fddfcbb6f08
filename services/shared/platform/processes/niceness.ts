import { readdir, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/** For work that may wait: it gets the processors that calls leave. Of 1,024 parts at a niceness of 0 it has 110. */
export const AFTER_CALLS: number = constants.priority.PRIORITY_BELOW_NORMAL;

/** Without the right to do it at any time, Linux lets the niceness of a session be changed ten times a second. */
const AGAIN_MS = 150;
const ATTEMPTS = 20;

/**
 * Makes a process, and its session, come after those of a lower niceness: where Linux shares processors among sessions first (autogroups,
 * sched(7)), the niceness of a process counts within its session only. False where the system has or allows neither: it shares alike, then.
 */
export async function makeNice(pid: number, niceness: number): Promise<boolean> {
  try {
    // Set for each thread; a thread that is started later inherits it from the thread that starts it.
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
