import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Clock } from '../../domain/time/clock.js';
import type { Logger } from './logger.js';

/** So long after its last sign of life a process on another machine has its role. */
export const LEASE_MS = 10_000;
const RENEW_MS = 3_000;
const LOOK_MS = 500;

/** Identifies a process, so that another process on the same machine can tell whether it still runs. */
const Holder = z.object({
  /** The machine since its last start, and the space of its process ids: a container has one of its own. */
  machine: z.string(),
  host: z.string(),
  pid: z.int().positive(),
  /** In clock ticks since the machine's start: a process id is used again. */
  startedAt: z.string(),
});
export type Holder = z.infer<typeof Holder>;

/** Leases by name. Each fails when the store does not answer. */
export interface LeaseStore {
  /** Undefined when it was taken, else who has it. */
  take(name: string, holder: string, ms: number): Promise<string | undefined>;
  /** From exactly this holder; false when it has changed hands meanwhile. */
  takeFrom(name: string, former: string, holder: string, ms: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

/** Said to people as it stands: why a process does not start. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

/**
 * A role that may run once is held by one process. A second one refuses to start, or stands by where `standsBy` says so; the successor of one that died starts at once on the same
 * machine, where it can be seen that nobody holds the role any more, and within `LEASE_MS` on another. Without an answer of the store
 * nobody is refused: it is asked again while the role runs.
 */
export async function holdRole({
  role,
  self,
  store,
  runs,
  standsBy,
  lost,
  clock,
  log,
}: {
  readonly role: string;
  readonly self: Holder;
  readonly store: LeaseStore;
  /** Whether a holder of this machine still runs. */
  readonly runs: (holder: Holder) => boolean;
  /** Of a role that a second process waits for: told once, when another has it. Without it a second process is refused. */
  readonly standsBy?: (holder: Holder) => void;
  /** Another process has the role. */
  readonly lost: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<() => Promise<void>> {
  const name = `proofline:role:${role}`;
  const own = JSON.stringify(self);

  /** Undefined when this process has the role, else who has it. */
  async function attempt(): Promise<Holder | undefined> {
    const found = await store.take(name, own, LEASE_MS);
    if (found === undefined || found === own) return undefined;
    const holder = Holder.safeParse(JSON.parse(found)).data;
    const isOver = holder === undefined || (holder.machine === self.machine && !runs(holder));
    return isOver && (await store.takeFrom(name, found, own, LEASE_MS)) ? undefined : holder;
  }

  const deadlineMs = clock.nowMs() + LEASE_MS + RENEW_MS;
  let known: Holder | undefined;
  for (;;) {
    const holder = await attempt().catch((error: unknown) => {
      log.warn({ err: error, role }, 'it is not known whether another process has this role');
      // Whoever stands by goes on standing by.
      return standsBy === undefined ? undefined : known;
    });
    if (holder === undefined) break;
    if (standsBy !== undefined) {
      if (known === undefined) standsBy(holder);
      known = holder;
    } else if (holder.machine === self.machine || clock.nowMs() > deadlineMs)
      throw new StartRefused(`The role ${role} runs already, as process ${holder.pid} on ${holder.host}, and may run only once.`);
    await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
  }
  let renewing = false;
  const stop = clock.every(RENEW_MS, () => {
    if (renewing) return;
    renewing = true;
    attempt()
      .then(
        (holder) => {
          if (holder !== undefined) lost();
        },
        () => undefined, // The store is away: it is asked again.
      )
      .finally(() => (renewing = false));
  });
  return async () => {
    stop();
    await store.release(name, own).catch(() => undefined);
  };
}

/** This process. */
export function thisProcess(): Holder {
  return {
    machine: `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`,
    host: hostname(),
    pid: process.pid,
    startedAt: startOf(process.pid) ?? '',
  };
}

/** Whether a process of this machine still runs, and is the same one. */
export const stillRuns = ({ pid, startedAt }: Holder): boolean => startOf(pid) === startedAt;

/** When the kernel started it (proc_pid_stat(5), field 22); undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : rest[18];
  } catch {
    return undefined;
  }
}
