import type { Trunk } from '../../shared/contracts/calls/flow.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { WAITS_MS, type Direction, type TrunkLoad } from './trunk-load.js';
import type { TrunkId } from '../../shared/domain/ids.js';

/** A channel is free this long after its process last confirmed it: the process was killed, or cut off. */
export const HELD_FOR_MS = 6_000;
const RENEW_EVERY_MS = 2_000;
const COMPARE_EVERY_MS = 250;
const ASK_AGAIN_MS = 100;
/** How long a caller waits for a live state that does not answer. */
const ANSWERS_WITHIN_MS = 500;

/** The channels of a trunk that a process holds: one token for each call, which stays the same when another process takes the call over. */
export interface Holding {
  readonly trunkId: TrunkId;
  readonly held: readonly string[];
  /** Channels that were held before and have ended now. */
  readonly over: readonly string[];
}

/** The channels of trunks over all processes. */
export interface SharedChannels {
  /** Takes a channel and a turn for `token` in one step, if all processes together leave one free. */
  take(
    ask: Holding & {
      readonly token: string;
      readonly channels: number | undefined;
      readonly direction: Direction;
      readonly perSecond: number | undefined;
    },
  ): Promise<boolean>;
  /** Confirms what this process holds. Returns the number of calls that all processes have on the trunk. */
  hold(holding: Holding): Promise<number>;
}

interface OfTrunk {
  /** The tokens of calls in set-up. */
  readonly settingUp: Set<string>;
  /** What the live state knows about this process. */
  readonly told: Set<string>;
  toldAtMs: number;
  /** The calls of all processes, as last reported. */
  everywhere: number;
  telling: boolean;
  /** Calls that wait for channels of other processes, and the number of those that gave up. */
  waiting: number;
  refused: number;
}

const isLimited = ({ channels, callsPerSecondIn, callsPerSecondOut }: Trunk): boolean =>
  channels !== undefined || callsPerSecondIn !== undefined || callsPerSecondOut !== undefined;

interface HoldingNeeds {
  readonly channels: SharedChannels;
  /** The ids of the dialogs of a trunk in this process. */
  readonly dialogsOf: (trunkId: TrunkId) => readonly string[];
  readonly trunks: () => readonly Trunk[];
  readonly clock: Pick<Clock, 'nowMs' | 'after' | 'every'>;
  readonly log: Logger;
}

/** Tells the live state what this process holds of each trunk with a limit. */
function createHoldings({ channels: shared, dialogsOf, trunks, clock, log }: HoldingNeeds) {
  const known = new Map<string, OfTrunk>();
  let isAway = false;

  function of(trunkId: TrunkId): OfTrunk {
    const found = known.get(trunkId) ?? {
      settingUp: new Set(),
      told: new Set(),
      toldAtMs: 0,
      everywhere: 0,
      telling: false,
      waiting: 0,
      refused: 0,
    };
    known.set(trunkId, found);
    return found;
  }

  function holdingOf(trunkId: TrunkId): Holding & { readonly now: ReadonlySet<string> } {
    const { settingUp, told } = of(trunkId);
    const now = new Set([...settingUp, ...dialogsOf(trunkId)]);
    return { trunkId, now, held: [...now], over: [...told].filter((token) => !now.has(token)) };
  }

  /** Undefined when the live state did not answer. */
  async function answered<T>(asking: Promise<T>): Promise<T | undefined> {
    let callOff = (): void => undefined;
    const late = new Promise<undefined>((resolve) => (callOff = clock.after(ANSWERS_WITHIN_MS, () => resolve(undefined))));
    const answer = await Promise.race([asking.catch(() => undefined), late]).finally(callOff);
    if (answer === undefined && !isAway) log.warn({}, 'live state does not answer: only this process counts the channels of trunks');
    isAway = answer === undefined;
    return answer;
  }

  async function tell(trunkId: TrunkId): Promise<void> {
    const entry = of(trunkId);
    if (entry.telling) return;
    entry.telling = true;
    const { now: _now, ...holding } = holdingOf(trunkId);
    const everywhere = await answered(shared.hold(holding)).finally(() => (entry.telling = false));
    if (everywhere === undefined) return;
    // Channels taken in the meantime stay: taking them told the live state.
    for (const token of holding.held) entry.told.add(token);
    for (const token of holding.over) entry.told.delete(token);
    entry.toldAtMs = clock.nowMs();
    entry.everywhere = everywhere;
  }

  function compare(): void {
    // Includes trunks whose calls were taken over from an earlier process.
    for (const { id } of trunks().filter(isLimited)) {
      const entry = of(id);
      const { now, over } = holdingOf(id);
      const isChanged = over.length > 0 || now.size !== entry.told.size;
      if (isChanged || clock.nowMs() - entry.toldAtMs >= RENEW_EVERY_MS) void tell(id);
    }
  }

  /** Counts the set-up of a call until it ends; from then on its dialog is counted. */
  function begun(trunkId: TrunkId, token: string, end: () => void): () => void {
    const { settingUp } = of(trunkId);
    settingUp.add(token);
    return () => {
      end();
      if (settingUp.delete(token)) void tell(trunkId);
    };
  }

  async function takeShared(trunk: Trunk, direction: Direction, token: string): Promise<boolean> {
    const { now: _now, ...holding } = holdingOf(trunk.id);
    const perSecond = direction === 'in' ? trunk.callsPerSecondIn : trunk.callsPerSecondOut;
    const free = (await answered(shared.take({ ...holding, token, channels: trunk.channels, direction, perSecond }))) ?? true;
    if (free) of(trunk.id).told.add(token);
    return free;
  }

  return { of, tell, compare, begun, takeShared, known: (trunkId: TrunkId) => known.get(trunkId) };
}

/**
 * The load of this process, within the limits of all processes together. When the live state does not answer, this process applies the
 * limits by itself: no caller is refused because of that.
 */
export function createSharedLoad({
  local,
  newToken,
  ...needs
}: HoldingNeeds & { readonly local: TrunkLoad; readonly newToken: () => string }): TrunkLoad & { start(): void; stop(): void } {
  const { clock } = needs;
  const { of, tell, compare, begun, takeShared, known } = createHoldings(needs);
  let stopComparing = (): void => undefined;

  async function waited(take: () => Promise<boolean>, untilMs: number, signal: AbortSignal | undefined): Promise<boolean> {
    for (;;) {
      if (await take()) return true;
      if (signal?.aborted === true || clock.nowMs() >= untilMs) return false;
      await new Promise<void>((resolve) => clock.after(ASK_AGAIN_MS, resolve));
    }
  }

  return {
    start() {
      stopComparing = clock.every(COMPARE_EVERY_MS, compare);
    },
    stop: () => stopComparing(),
    begin(trunk, direction) {
      const end = local.begin(trunk, direction);
      if (!isLimited(trunk)) return end;
      const over = begun(trunk.id, newToken(), end);
      void tell(trunk.id);
      return over;
    },
    async take(trunk, direction, signal) {
      const untilMs = clock.nowMs() + WAITS_MS;
      const end = await local.take(trunk, direction, signal);
      if (end === undefined || !isLimited(trunk)) return end;
      const token = newToken();
      const entry = of(trunk.id);
      entry.waiting += 1;
      const isFree = await waited(() => takeShared(trunk, direction, token), untilMs, signal);
      entry.waiting -= 1;
      if (isFree && signal?.aborted !== true) return begun(trunk.id, token, end);
      if (!isFree && signal?.aborted !== true) entry.refused += 1;
      // A channel that was taken for a caller who has gone is reported as ended.
      if (isFree) begun(trunk.id, token, end)();
      else end();
      return undefined;
    },
    view(trunkId) {
      const { calls, waiting, refused } = local.view(trunkId);
      const entry = known(trunkId);
      if (entry === undefined) return { calls, waiting, refused };
      return {
        calls: Math.max(calls - entry.waiting, entry.everywhere),
        waiting: waiting + entry.waiting,
        refused: refused + entry.refused,
      };
    },
  };
}
