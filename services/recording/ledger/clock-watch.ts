import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { ClockJump, DaySheet, SheetClock } from './day-sheet.js';

/** The host's clock beside one that only counts on and cannot be set. */
export interface ClockMark {
  readonly wallMs: number;
  readonly steadyMs: number;
  /** Changes with each start of the host: the steady clock counts from there. */
  readonly boot: string;
}

export interface ClockMemory {
  /** The mark that was kept last, also by a process before this one. */
  mark(): Promise<ClockMark | undefined>;
  keep(mark: ClockMark): Promise<void>;
  add(jump: ClockJump): Promise<void>;
  /** Jumps that no sheet carries yet, in the order in which they were seen. */
  open(): Promise<readonly ClockJump[]>;
  /** The sheet carries these jumps and those that it counts. */
  carried(sheet: DaySheet): Promise<void>;
}

/** The source that sets the clock; wired by the composition root. */
export type TimeSource = () => Promise<Pick<SheetClock, 'source' | 'offsetMs'>>;

const LISTED_JUMPS = 100;

/**
 * How far the clock was set between two marks; undefined when it ran on. After a restart of the host nobody knows how long it was off: only
 * a clock that went back is certain then.
 */
export function jumpBetween(before: ClockMark, now: ClockMark, limitMs: number): number | undefined {
  const shown = now.wallMs - before.wallMs;
  const byMs = now.boot === before.boot ? shown - (now.steadyMs - before.steadyMs) : Math.min(0, shown);
  return Math.abs(byMs) > limitMs ? Math.round(byMs) : undefined;
}

/** Looks at the clock again and again; each jump is kept for the next sheet and recorded in the audit log. */
export function createClockWatch({
  memory,
  read,
  limitMs,
  audit,
  log,
}: {
  readonly memory: ClockMemory;
  readonly read: () => ClockMark;
  readonly limitMs: number;
  readonly audit: Audit;
  readonly log: Logger;
}): { look(): Promise<void> } {
  let last: ClockMark | undefined;
  return {
    async look() {
      const before = last ?? (await memory.mark());
      const now = read();
      const byMs = before === undefined ? undefined : jumpBetween(before, now, limitMs);
      if (byMs !== undefined) {
        const jump = { at: new Date(now.wallMs).toISOString(), byMs };
        log.warn(jump, 'the clock of this host jumped');
        await memory.add(jump);
        await audit({ who: 'system:recording', what: 'clock.jumped', object: jump.at, success: true, reason: `${byMs} ms` });
      }
      await memory.keep(now);
      last = now;
    },
  };
}

/** What a sheet that is sealed now says of the clock. */
export async function clockOf(memory: Pick<ClockMemory, 'open'>, source: TimeSource): Promise<SheetClock> {
  const jumps = await memory.open();
  const listed = jumps.slice(0, LISTED_JUMPS).map(({ at, byMs }) => ({ at, byMs }));
  return { ...(await source()), jumps: listed, moreJumps: jumps.length - listed.length };
}
