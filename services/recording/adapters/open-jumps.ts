import type { Connection } from 'mongoose';
import { createMongoClock } from '../ledger/adapters/mongo-clock.js';
import { createMongoSheets } from '../ledger/adapters/mongo-sheets.js';
import type { OpenJump } from '../ledger/clock-watch.js';
import type { ClockJump } from '../ledger/day-sheet.js';

/** The jumps of the clock that no sheet carries, and where the sheets before a day end. */
export interface OpenJumps {
  readonly open: readonly OpenJump[];
  /** The newest row of the audit log that a sheet before that day names; 0 without one. */
  readonly after: number;
  /** Jumps on that sheet and on those after it, before that day: their rows in the audit log may be younger than `after`. */
  readonly carried: readonly ClockJump[];
}

/** For packs. The jumps are read first: one that a sheet takes up meanwhile is then in both, never in neither. */
export function createOpenJumps(mongo: Connection): (day: string) => Promise<OpenJumps> {
  const [memory, sheets] = [createMongoClock(mongo), createMongoSheets(mongo)];
  return async (day) => {
    const open = await memory.open();
    let after = 0;
    let carried: readonly ClockJump[] = [];
    for await (const sheet of sheets.inOrder()) {
      if (sheet.day >= day) break;
      const jumps = sheet.clock?.jumps ?? [];
      carried = sheet.auditHead === undefined ? [...carried, ...jumps] : jumps;
      after = sheet.auditHead?.number ?? after;
    }
    return { open, after, carried };
  };
}
