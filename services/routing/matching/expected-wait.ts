import type { QueueId } from '../../shared/domain/ids.js';
const RECENT = 20;
/** With fewer handled calls than this, no expected wait is meaningful. */
const ENOUGH = 5;

/**
 * The wait that a caller is told. Formula: place in line x mean handling time of the queue's last 20 calls / agents at work. Handling is
 * talk and wrap-up. Nothing is told (undefined) with fewer than five handled calls or with nobody at work: no promise is better than a
 * broken one. With a free agent the wait is 0.
 */
export function expectedWaitMs(facts: {
  /** From 1. */
  readonly place: number;
  readonly handledMs: readonly number[];
  /** Members who take calls of this queue: ready, ringing, talking or in wrap-up. */
  readonly atWork: number;
  readonly free: number;
}): number | undefined {
  const { place, handledMs, atWork, free } = facts;
  if (free >= place) return 0;
  if (handledMs.length < ENOUGH || atWork === 0) return undefined;
  const mean = handledMs.reduce((sum, ms) => sum + ms, 0) / handledMs.length;
  return Math.round((place * mean) / atWork);
}

/** The last handling times of each queue. */
export function createHandlingTimes(): { add(queueId: QueueId, ms: number): void; of(queueId: QueueId): readonly number[] } {
  const times = new Map<string, number[]>();
  return {
    add: (queueId, ms) => void times.set(queueId, [...(times.get(queueId) ?? []), ms].slice(-RECENT)),
    of: (queueId) => times.get(queueId) ?? [],
  };
}
