import type { QueueSnapshot } from '../../../../services/shared/contracts/calls/commands.js';

export type QueueAlarm = 'too-long' | 'nobody' | 'below-target';

/** A service level is judged only from this many callers on. */
const JUDGED_FROM = 10;

/** The one thing about a queue that somebody must act on. Alarms are rare. */
export function alarmOf(queue: QueueSnapshot): QueueAlarm | null {
  const there = (queue.states.ready ?? 0) + (queue.states.offered ?? 0) + (queue.states['on-call'] ?? 0) + (queue.states['wrap-up'] ?? 0);
  if (queue.waiting > 0 && there === 0) return 'nobody';
  if (queue.waiting > 0 && queue.longestWaitMs > 2 * queue.serviceLevel.thresholdMs) return 'too-long';
  const { value, denominator } = queue.today[queue.serviceLevel.formula];
  if (value !== null && denominator >= JUDGED_FROM && value < queue.serviceLevel.targetPercent) return 'below-target';
  return null;
}
