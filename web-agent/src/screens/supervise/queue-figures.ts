import { serviceLevels } from '../../../../services/shared/domain/service-level.js';
import type { QueueSnapshot } from '../../../../services/shared/contracts/commands.js';

export type QueueAlarm = 'too-long' | 'nobody' | 'below-target';

/** By the formula that the queue's target is judged by; null before any call has an end. */
export const serviceLevelOf = ({ today, serviceLevel }: QueueSnapshot): number | null => serviceLevels(today)[serviceLevel.formula];

/** The one thing of a queue that somebody must act on. Alarms are rare: a level is judged once ten calls have ended. */
export function alarmOf(queue: QueueSnapshot): QueueAlarm | null {
  const there = (queue.states.ready ?? 0) + (queue.states.offered ?? 0) + (queue.states['on-call'] ?? 0) + (queue.states['wrap-up'] ?? 0);
  if (queue.waiting > 0 && there === 0) return 'nobody';
  if (queue.waiting > 0 && queue.longestWaitMs > 2 * queue.serviceLevel.thresholdMs) return 'too-long';
  const level = serviceLevelOf(queue);
  if (level !== null && queue.today.answered + queue.today.abandoned >= 10 && level < queue.serviceLevel.targetPercent)
    return 'below-target';
  return null;
}
