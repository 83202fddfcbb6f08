import type { Model } from 'mongoose';
import { seesCase, type CaseScope } from '../cases/case-scope.js';
import type { Complaint } from '../cases/complaint.js';
import type { BoardCounts } from '../ports.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';

/** The fields that the board counts by. */
export type OnBoard = Pick<Complaint, 'kind' | 'clientUnit' | 'queueId' | 'againstAgentId' | 'state' | 'joinedInto'> & {
  readonly _id: string;
  readonly dueAt?: Date;
  /** When the row was last written. */
  readonly changedAt?: Date;
};

interface Bounds {
  readonly now: Date;
  readonly todayEnd: Date;
  readonly weekEnd: Date;
}

const fields = { kind: 1, clientUnit: 1, queueId: 1, againstAgentId: 1, state: 1, dueAt: 1, joinedInto: 1 } as const;
/** The largest difference between the clocks of the writing machines, together with the time until a write is visible. */
const OVERLAP_MS = 2_000;
const BATCH = 5_000;

/**
 * The open cases in memory, as the board counts them: read completely once, then only what was written since. Counting them in the store
 * would read thousands of cases for each view of the board.
 */
export function createBoardIndex<T extends OnBoard>(complaints: Model<T>) {
  const open = new Map<string, OnBoard>();
  let readUntilMs: number | undefined;
  let going: Promise<unknown> = Promise.resolve();
  let next: Promise<void> | undefined;

  async function read(): Promise<void> {
    const startedMs = systemClock.nowMs();
    const changed =
      readUntilMs === undefined
        ? { state: { $in: ['open', 'in-hand', 'answered'] } }
        : { changedAt: { $gte: new Date(readUntilMs - OVERLAP_MS) } };
    const rows = complaints.find(changed, fields).lean<OnBoard[]>().cursor({ batchSize: BATCH });
    for await (const row of rows as AsyncIterable<OnBoard>)
      if (row.state === 'closed') open.delete(row._id);
      else open.set(row._id, row);
    readUntilMs = startedMs;
  }

  /** A reader must see everything written before its request, and a read that is already running began too early for that. */
  function brought(): Promise<void> {
    next ??= going.then(() => {
      next = undefined;
      return read();
    });
    going = next.catch(() => undefined);
    return next;
  }

  return {
    async count(scope: CaseScope, { now, todayEnd, weekEnd }: Bounds): Promise<Omit<BoardCounts, 'wasOverdue'>> {
      await brought();
      const counted = { overdue: 0, today: 0, week: 0, later: 0, answered: 0 };
      const groups = { byKind: {}, byClient: {}, byAgent: {} } as Record<'byKind' | 'byClient' | 'byAgent', Record<string, number>>;
      const add = (group: keyof typeof groups, value: string | undefined): void => {
        if (value !== undefined) groups[group][value] = (groups[group][value] ?? 0) + 1;
      };
      for (const row of open.values()) {
        if (!seesCase(scope, row)) continue;
        const { dueAt } = row;
        if (row.state === 'answered') counted.answered += 1;
        if (dueAt !== undefined) counted[dueAt < now ? 'overdue' : dueAt <= todayEnd ? 'today' : dueAt <= weekEnd ? 'week' : 'later'] += 1;
        if (row.joinedInto !== undefined) continue;
        add('byKind', row.kind);
        add('byClient', row.clientUnit);
        add('byAgent', row.againstAgentId);
      }
      return { ...counted, ...groups };
    },
  };
}
