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

/** A mark, and by how much the clock was set since the start of the host in steps too small to be noted one by one. */
export interface KeptMark extends ClockMark {
  readonly crept?: number;
}

export interface ClockMemory {
  /** The mark that was kept last, also by a process before this one. */
  mark(): Promise<KeptMark | undefined>;
  keep(mark: KeptMark): Promise<void>;
  /** Keeps a jump; the audit log is owed it from then on. */
  add(jump: ClockJump): Promise<void>;
  /** Jumps that the audit log did not take yet, in the order in which they were seen, also those of a process before this one. */
  owed(): Promise<readonly ClockJump[]>;
  /** The audit log has this jump. */
  audited(jump: ClockJump): Promise<void>;
  /** Jumps that no sheet carries yet, in the order in which they were seen. */
  open(): Promise<readonly OpenJump[]>;
  /** The sheet carries these jumps and those that it counts. */
  carried(sheet: DaySheet): Promise<void>;
}

/** A jump that no sheet carries yet. */
export interface OpenJump extends ClockJump {
  /** The audit log did not take it yet. */
  readonly isOwed?: true;
}

/** The source that sets the clock; wired by the composition root. */
export type TimeSource = () => Promise<Pick<SheetClock, 'source' | 'offsetMs'>>;

const LISTED_JUMPS = 100;

/**
 * How far the clock was set between two marks, and what small settings add up to. A setting beyond the limit is a jump; so are smaller ones
 * as soon as their sum is, however long they took. A clock that is slewed by its time service is no jump at any speed: Linux slews the clock
 * that counts on by as much, so that only a clock that was set parts from it. After a restart of the host nobody knows how long it was off:
 * only a clock that went back is certain then.
 */
export function jumpBetween(before: KeptMark, now: ClockMark, limitMs: number): { readonly byMs?: number; readonly crept: number } {
  const shown = now.wallMs - before.wallMs;
  const isSameBoot = now.boot === before.boot;
  const step = isSameBoot ? shown - (now.steadyMs - before.steadyMs) : Math.min(0, shown);
  const earlier = isSameBoot ? (before.crept ?? 0) : 0;
  if (Math.abs(step) > limitMs) return { byMs: Math.round(step), crept: earlier };
  const crept = earlier + (isSameBoot ? step : 0);
  return Math.abs(crept) > limitMs ? { byMs: Math.round(crept), crept: 0 } : { crept };
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
  let last: KeptMark | undefined;
  return {
    async look() {
      const before = last ?? (await memory.mark());
      const now = read();
      const { byMs, crept } = before === undefined ? { crept: 0 } : jumpBetween(before, now, limitMs);
      const kept = { ...now, crept };
      if (byMs !== undefined) {
        const jump = { at: new Date(now.wallMs).toISOString(), byMs };
        log.warn(jump, 'the clock of this host jumped');
        await memory.add(jump);
      }
      // The jump is noted: whatever fails from here on, the next look begins after it.
      last = kept;
      await memory.keep(kept);
      for (const jump of await memory.owed()) {
        await audit({ who: 'system:recording', what: 'clock.jumped', object: jump.at, success: true, reason: `${jump.byMs} ms` });
        await memory.audited(jump);
      }
    },
  };
}

/** What a sheet that is sealed now says of the clock. */
export async function clockOf(memory: Pick<ClockMemory, 'open'>, source: TimeSource): Promise<SheetClock> {
  const jumps = await memory.open();
  const listed = jumps.slice(0, LISTED_JUMPS).map(({ at, byMs }) => ({ at, byMs }));
  return { ...(await source()), jumps: listed, moreJumps: jumps.length - listed.length };
}
