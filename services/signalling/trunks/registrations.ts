import type { Trunk } from '../../shared/contracts/calls/flow.js';
import { CallCentreError, failureOf } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Ending } from '../../shared/platform/processes/service.js';
import { addressesOf } from '../addresses.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import type { TrunkId } from '../../shared/domain/ids.js';

/** One REGISTER with digest. Resolves with the seconds that the carrier granted; fails with the carrier's refusal. */
export type Register = (wish: {
  readonly uri: string;
  readonly username: string;
  readonly password: string;
  /** 0 removes the registration. */
  readonly expiresS: number;
}) => Promise<number>;

const ASK_S = 300;
const AGAIN_MS = 15_000;
/** Trunks are rarely edited. A change takes effect within this time. */
const LOOK_EVERY_MS = 2_000;
const LEAVE_WITHIN_MS = 1_000;

export interface Registrations {
  start(): void;
  /** Removes every registration, as far as the carriers answer. */
  stop(ending?: Ending): Promise<void>;
  /** Trunks that should be registered, each with its problem; `registered` when there is no problem. */
  state(): Readonly<Record<string, string>>;
  /** The same with the times of the changes. */
  view(): Readonly<Record<string, RegistrationView>>;
}

export interface RegistrationView {
  readonly state: string;
  /** Each state with its beginning, in milliseconds since 1970, oldest first, at most 60; the last is the current one. */
  readonly changes: readonly { readonly state: string; readonly atMs: number }[];
}

interface Kept {
  readonly wish: { readonly uri: string; readonly username: string; readonly password: string };
  state: string;
  changes: RegistrationView['changes'];
  dueMs: number;
  asking: boolean;
}

const KEPT_CHANGES = 60;

/** Keeps trunks registered with their carriers. Each registration is renewed after half of its time. */
export function createRegistrations({
  trunks,
  register,
  nowMs,
  log,
}: {
  readonly trunks: () => readonly Trunk[];
  readonly register: Register;
  readonly nowMs: () => number;
  readonly log: Logger;
}): Registrations {
  const kept = new Map<string, Kept>();
  let stopLooking = (): void => undefined;

  function settle(entry: Kept, state: string): void {
    if (entry.state === state) return;
    entry.state = state;
    entry.changes = [...entry.changes, { state, atMs: nowMs() }].slice(-KEPT_CHANGES);
  }

  async function ask(trunkId: TrunkId, entry: Kept): Promise<void> {
    entry.asking = true;
    try {
      const grantedS = await register({ ...entry.wish, expiresS: ASK_S });
      if (entry.state !== 'registered') log.info({ trunkId, grantedS }, 'registered with the carrier');
      settle(entry, 'registered');
      entry.dueMs = nowMs() + (grantedS * 1_000) / 2;
    } catch (error) {
      settle(entry, failureOf(error));
      entry.dueMs = nowMs() + AGAIN_MS;
      log.warn({ trunkId, code: entry.state }, 'the carrier does not accept the registration, trying again');
    } finally {
      entry.asking = false;
    }
  }

  const leave = ({ wish, state }: Kept): Promise<unknown> =>
    state === 'registered' ? register({ ...wish, expiresS: 0 }).catch(() => undefined) : Promise.resolve();

  function look(): void {
    const wanted = new Map(
      trunks().flatMap((trunk) => {
        const { id, enabled, registers, digest } = trunk;
        const uri = addressesOf(trunk)[0]?.uri;
        return enabled && registers === true && uri !== undefined && digest !== undefined ? [[id, { uri, ...digest }] as const] : [];
      }),
    );
    for (const [trunkId, entry] of kept) {
      const wish = wanted.get(trunkId);
      if (wish !== undefined && JSON.stringify(wish) === JSON.stringify(entry.wish)) continue;
      kept.delete(trunkId);
      void leave(entry);
    }
    for (const [trunkId, wish] of wanted) {
      const entry = kept.get(trunkId) ?? { wish, state: 'new', changes: [{ state: 'new', atMs: nowMs() }], dueMs: 0, asking: false };
      kept.set(trunkId, entry);
      if (!entry.asking && nowMs() >= entry.dueMs) void ask(trunkId, entry);
    }
  }

  return {
    start() {
      look();
      stopLooking = systemClock.every(LOOK_EVERY_MS, look);
    },
    async stop(ending) {
      stopLooking();
      // Calls arrive through the registration. The next process inherits it and renews it.
      if (ending !== 'product') return;
      const all = [...kept.values()];
      kept.clear();
      await Promise.race([Promise.all(all.map(leave)), new Promise((resolve) => setTimeout(resolve, LEAVE_WITHIN_MS).unref())]);
    },
    state: () => Object.fromEntries([...kept].map(([trunkId, { state }]) => [trunkId, state])),
    view: () => Object.fromEntries([...kept].map(([trunkId, { state, changes }]) => [trunkId, { state, changes }])),
  };
}

/** The seconds that a 200 to REGISTER grants: from our Contact, otherwise from Expires (RFC 3261 section 10.2.1.1). */
export function grantedSeconds(contact: string | undefined, expires: string | undefined): number {
  const seconds = Number(/;\s*expires=(\d+)/i.exec(contact ?? '')?.[1] ?? expires ?? ASK_S);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new CallCentreError('service-unavailable', 'The carrier granted a registration of no duration');
  return seconds;
}
