import type { AlarmCode } from '../../domain/alarm.js';
import type { EventBus, EventInput } from '../../events/catalogue.js';

/** How often a lasting condition is published again, so that a person who cleared the alarm too early sees it again. */
const AGAIN_MS = 10 * 60_000;

type Raised = Omit<EventInput<'notice.raised'>, 'at' | 'code' | 'subject'>;

export interface AlarmCondition {
  /**
   * Sets the current state: the text of the alarm, or undefined when nothing is wrong. Changes are published, and the first state in any
   * case.
   */
  is(raised: Raised | undefined): Promise<void>;
}

/**
 * A condition that its own part watches. The first state after a start is always published, because an earlier alarm may have ended while
 * nobody watched. What could not be published is published at the next check.
 */
export function createAlarmCondition({
  bus,
  code,
  subject = '',
  nowMs = Date.now,
}: {
  readonly bus: Pick<EventBus, 'publish'>;
  readonly code: AlarmCode;
  readonly subject?: string;
  readonly nowMs?: () => number;
}): AlarmCondition {
  let published: { readonly what: string; readonly atMs: number } | undefined;
  return {
    async is(raised) {
      const atMs = nowMs();
      const what = raised === undefined ? '' : JSON.stringify(raised);
      if (published?.what === what && (raised === undefined || atMs - published.atMs < AGAIN_MS)) return;
      const at = new Date(atMs).toISOString();
      if (raised === undefined) await bus.publish('notice.cleared', { at, code, subject });
      else await bus.publish('notice.raised', { at, code, subject, ...raised });
      published = { what, atMs };
    },
  };
}
