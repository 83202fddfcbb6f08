import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Clock } from '../../domain/time/clock.js';
import type { Logger } from './logger.js';
import type { Tenure } from './tenure.js';

/** How long after its last sign of life a process on another machine keeps its role. */
export const LEASE_MS = 10_000;

/** For how long a role is held, how often that is renewed, and how often a process that waits for it looks. */
export interface LeaseTerms {
  readonly leaseMs: number;
  readonly renewMs: number;
  readonly lookMs: number;
}
export const USUAL_TERMS: LeaseTerms = { leaseMs: LEASE_MS, renewMs: 3_000, lookMs: 500 };
/**
 * For a role on which calls rest: with what a successor does before it has the calls, they are commanded again within 4 s. Four renewals in a
 * row fail before the role is another's.
 */
export const QUICK_TERMS: LeaseTerms = { leaseMs: 2_000, renewMs: 400, lookMs: 100 };
/** For the web origin: pages wait for it, and a large file may hold its process up for a while, which must not cost it the role. */
export const PATIENT_TERMS: LeaseTerms = { leaseMs: 4_000, renewMs: 800, lookMs: 200 };
/** How often a holder looks whether it may still act. */
const CHECK_MS = 50;
/** The number of lease times for which a process still counts as waiting after it last said so. */
const AWAITED_LEASES = 4;

/** Identifies a process, so that another process on the same machine can tell whether it still runs. */
export const Holder = z.object({
  /** The machine since its last start, and its space of process ids: a container has its own. */
  machine: z.string(),
  host: z.string(),
  pid: z.int().positive(),
  /** In clock ticks since the machine's start: process ids are reused. */
  startedAt: z.string(),
});
export type Holder = z.infer<typeof Holder>;

/** Leases by name. Each fails when the store does not answer. */
export interface LeaseStore {
  /** Undefined when the lease was taken, otherwise its holder. */
  take(name: string, holder: string, ms: number): Promise<string | undefined>;
  /** Takes the lease from exactly this holder; false when it has changed hands in the meantime. */
  takeFrom(name: string, former: string, holder: string, ms: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
  /** The time for which the record says that another process waits for the role. */
  announce(name: string, ms: number): Promise<void>;
  isAwaited(name: string): Promise<boolean>;
}

/** Why a process does not start. The message is shown to people as it is. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

/**
 * A role that may run only once is held by one process. A second one refuses to start, or stands by if `standsBy` is given. The successor
 * of a process that died starts at once on the same machine, where it can be seen that nobody holds the role any more, and within
 * `LEASE_MS` on another. If the store does not answer, nobody is refused: it is asked again while the role runs.
 */
export async function holdRole({
  role,
  self,
  store,
  runs,
  terms = USUAL_TERMS,
  tenure,
  standsBy,
  lost,
  clock,
  log,
}: {
  readonly role: string;
  readonly self: Holder;
  readonly store: LeaseStore;
  /** Whether a holder on this machine still runs. */
  readonly runs: (holder: Holder) => boolean;
  readonly terms?: LeaseTerms;
  /** Of a role whose holder acts no more once another may have it. */
  readonly tenure?: Tenure;
  /** For a role that a second process may wait for: called once, when another process has it. Without it a second process is refused. */
  readonly standsBy?: (holder: Holder) => void;
  /** Called when another process has taken the role. */
  readonly lost: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<() => Promise<void>> {
  const name = `proofline:role:${role}`;
  const own = JSON.stringify(self);
  const { leaseMs, renewMs, lookMs } = terms;

  /** Undefined when this process has the role, otherwise its holder. */
  async function taken(): Promise<Holder | undefined> {
    const found = await store.take(name, own, leaseMs);
    if (found === undefined || found === own) return undefined;
    const holder = holderOf(found);
    const isOver = holder === undefined || hasEnded(found, self, runs);
    return isOver && (await store.takeFrom(name, found, own, leaseMs)) ? undefined : holder;
  }
  async function attempt(): Promise<Holder | undefined> {
    if (tenure === undefined) return taken();
    const askedMs = tenure.nowMs();
    const [holder, isAwaited] = await Promise.all([taken(), store.isAwaited(name)]);
    if (holder === undefined) tenure.confirmed(askedMs, isAwaited);
    return holder;
  }

  const deadlineMs = clock.nowMs() + leaseMs + renewMs;
  let known: Holder | undefined;
  for (;;) {
    const holder = await attempt().catch((error: unknown) => {
      log.warn({ err: error, role }, 'it is not known whether another process has this role');
      // A process that stands by continues to stand by.
      return standsBy === undefined ? undefined : known;
    });
    if (holder === undefined) break;
    if (standsBy !== undefined) {
      if (known === undefined) standsBy(holder);
      known = holder;
      if (tenure !== undefined) await store.announce(name, AWAITED_LEASES * leaseMs).catch(() => undefined);
    } else if (holder.machine === self.machine || clock.nowMs() > deadlineMs)
      throw new StartRefused(`The role ${role} runs already, as process ${holder.pid} on ${holder.host}, and may run only once.`);
    await new Promise<void>((resolve) => clock.after(lookMs, resolve));
  }
  if (known !== undefined) log.warn({ role }, 'this process has the role from now on');
  let renewing = false;
  const stop = clock.every(renewMs, () => {
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
  const stopChecking = tenure === undefined ? () => undefined : clock.every(CHECK_MS, () => tenure.check());
  return async () => {
    stop();
    stopChecking();
    await store.release(name, own).catch(() => undefined);
  };
}

/** Undefined when the text does not name a process in the form of this version. */
function holderOf(text: string): Holder | undefined {
  try {
    return Holder.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Whether the holder of a lease was a process of this machine that runs no more: then nobody has to wait until its lease expires. Two machines
 * may have one host name, as containers in the network of their host do, so the name says nothing.
 */
export function hasEnded(text: string, self: Holder, runs: (holder: Holder) => boolean): boolean {
  const holder = holderOf(text);
  return holder !== undefined && holder.machine === self.machine && !runs(holder);
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
