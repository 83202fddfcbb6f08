import type { Queue } from '../shared/contracts/queues/queue.js';

export { Queue, strategies, type Strategy } from '../shared/contracts/queues/queue.js';

/** Follows the overflow from `queue`; returns the ids of a loop when there is one, because a caller could then wait for ever. */
export function overflowCircle(queue: Queue, others: ReadonlyMap<string, Queue>): string[] | undefined {
  const seen = [queue.id];
  for (let at: Queue | undefined = queue; at?.overflow.to === 'queue';) {
    const next: string = at.overflow.queueId;
    if (seen.includes(next)) return [...seen, next];
    seen.push(next);
    at = others.get(next);
  }
  return undefined;
}
