import type { Trunk } from '../../shared/contracts/calls/flow.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { TrunkId } from '../../shared/domain/ids.js';

/** How long a call waits for a channel, or for its turn, before it is refused or sent another way. */
export const WAITS_MS = 2_000;
const SECOND_MS = 1_000;
const LOOK_EVERY_MS = 25;

export type Direction = 'in' | 'out';

export interface TrunkLoadView {
  /** Calls that are being set up or talk. */
  readonly calls: number;
  readonly waiting: number;
  /** Calls that found no channel or turn, since the start of this process. */
  readonly refused: number;
}

/** How many calls a trunk carries, and whether one more may begin, as agreed with the carrier. */
export interface TrunkLoad {
  /**
   * Resolves when the call may begin, at once if the trunk has room, with the function that ends the set-up; with undefined when there was
   * no room within 2 s or the caller gave up. From its answer on, a call is counted by its dialog.
   */
  take(trunk: Trunk, direction: Direction, signal?: AbortSignal): Promise<(() => void) | undefined>;
  /**
   * Counts a call that waits for nobody: police, fire brigade and ambulance are called even over a full trunk. Returns the function that
   * ends its set-up.
   */
  begin(trunk: Trunk, direction: Direction): () => void;
  view(trunkId: TrunkId): TrunkLoadView;
}

/**
 * Counts an outbound call. Our own count keeps nobody from the police, even if another trunk has room: that one may take nothing at all.
 */
export const takeFor = async (
  load: Pick<TrunkLoad, 'take' | 'begin'>,
  trunk: Trunk,
  { emergency }: Pick<DialPermit, 'emergency'>,
  signal: AbortSignal,
): Promise<(() => void) | undefined> => (emergency === true ? load.begin(trunk, 'out') : load.take(trunk, 'out', signal));

interface Waiter {
  readonly trunk: Trunk;
  readonly direction: Direction;
  readonly untilMs: number;
  readonly signal: AbortSignal | undefined;
  readonly done: (end: (() => void) | undefined) => void;
}

interface OfTrunk {
  settingUp: number;
  refused: number;
  /** When each call of the last second began. */
  readonly begun: Record<Direction, number[]>;
  waiting: Waiter[];
}

export function createTrunkLoad({
  talking,
  every,
  nowMs,
}: {
  /** The dialogs of a trunk in this process, which counts only its own calls; `createSharedLoad` counts those of all processes. */
  readonly talking: (trunkId: TrunkId) => number;
  readonly every: Clock['every'];
  readonly nowMs: () => number;
}): TrunkLoad {
  const known = new Map<string, OfTrunk>();
  let stopLooking: (() => void) | undefined;

  function of(trunkId: TrunkId): OfTrunk {
    const found = known.get(trunkId) ?? { settingUp: 0, refused: 0, begun: { in: [], out: [] }, waiting: [] };
    known.set(trunkId, found);
    return found;
  }

  function hasRoom({ id, channels, callsPerSecondIn, callsPerSecondOut }: Trunk, direction: Direction): boolean {
    const entry = of(id);
    if (channels !== undefined && entry.settingUp + talking(id) >= channels) return false;
    const perSecond = direction === 'in' ? callsPerSecondIn : callsPerSecondOut;
    if (perSecond === undefined) return true;
    const now = nowMs();
    entry.begun[direction] = entry.begun[direction].filter((atMs) => now - atMs < SECOND_MS);
    return entry.begun[direction].length < perSecond;
  }

  function begin(trunk: Trunk, direction: Direction): () => void {
    const entry = of(trunk.id);
    entry.settingUp += 1;
    if ((direction === 'in' ? trunk.callsPerSecondIn : trunk.callsPerSecondOut) !== undefined) entry.begun[direction].push(nowMs());
    let over = false;
    return () => {
      if (!over) entry.settingUp -= 1;
      over = true;
    };
  }

  /** In order of arrival; a call that waits for its turn does not hold up one in the other direction. */
  function serve(): void {
    let left = 0;
    for (const entry of known.values()) {
      entry.waiting = entry.waiting.filter(({ trunk, direction, untilMs, signal, done }) => {
        if (signal?.aborted === true) done(undefined);
        else if (hasRoom(trunk, direction)) done(begin(trunk, direction));
        else if (nowMs() >= untilMs) {
          entry.refused += 1;
          done(undefined);
        } else return true;
        return false;
      });
      left += entry.waiting.length;
    }
    if (left > 0) return;
    stopLooking?.();
    stopLooking = undefined;
  }

  return {
    begin,
    async take(trunk, direction, signal) {
      const entry = of(trunk.id);
      if (entry.waiting.length === 0 && hasRoom(trunk, direction)) return begin(trunk, direction);
      return new Promise((done) => {
        entry.waiting.push({ trunk, direction, untilMs: nowMs() + WAITS_MS, signal, done });
        stopLooking ??= every(LOOK_EVERY_MS, serve);
      });
    },
    view(trunkId) {
      const entry = known.get(trunkId);
      return {
        calls: (entry?.settingUp ?? 0) + talking(trunkId),
        waiting: entry?.waiting.length ?? 0,
        refused: entry?.refused ?? 0,
      };
    },
  };
}
