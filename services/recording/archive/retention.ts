import type { Lock } from '../../shared/platform/stores/locked-put.js';

/**
 * How long recordings are kept, by class (regulation items 18-20). `minimumDays` is the legal minimum, which no setting can lower. Where it
 * is not 0, the object is locked in compliance mode for that time, so that nobody can remove it.
 */
export interface RetentionClass {
  readonly minimumDays: number;
  readonly defaultDays: number;
  readonly basis: string;
}

export const retentionClasses = {
  /** MIIT notice on call-centre business (81号): recording, numbers, time and consent of outbound calls. */
  outbound: { minimumDays: 30, defaultDays: 180, basis: '81号: 30 days at least' },
  /** No legal minimum was found; the shortest time that the purpose requires (PIPL article 19). */
  inbound: { minimumDays: 0, defaultDays: 180, basis: 'PIPL art. 19' },
  /** While an appeal is possible: 申诉办法 article 11. */
  complaint: { minimumDays: 730, defaultDays: 730, basis: '申诉办法 art. 11: two years' },
} as const satisfies Record<string, RetentionClass>;

export type RetentionClassName = keyof typeof retentionClasses;
export const isRetentionClass = (name: string): name is RetentionClassName => name in retentionClasses;

export type RetentionDays = Readonly<Record<RetentionClassName, number>>;
export const defaultRetention: RetentionDays = { outbound: 180, inbound: 180, complaint: 730 };

export const DAY_MS = 86_400_000;

/** The classes that a proposed setting would bring below the legal minimum. Empty: the setting is allowed. */
export const belowMinimum = (proposed: Partial<RetentionDays>): RetentionClassName[] =>
  (Object.keys(retentionClasses) as RetentionClassName[]).filter((name) => {
    const days = proposed[name];
    return days !== undefined && days < retentionClasses[name].minimumDays;
  });

export type { Lock };

export interface Keeping {
  readonly keepUntil: Date;
  readonly lock: Lock;
}

/**
 * Times run from the end of the call. The lock lasts for the legal minimum. Without a minimum, the lock is one that an authorised deletion
 * can bypass.
 */
export function keepingOf(name: RetentionClassName, days: RetentionDays, endedAt: Date): Keeping {
  const { minimumDays } = retentionClasses[name];
  const keepUntil = new Date(endedAt.getTime() + Math.max(days[name], minimumDays) * DAY_MS);
  return {
    keepUntil,
    lock:
      minimumDays > 0
        ? { mode: 'COMPLIANCE', until: new Date(endedAt.getTime() + minimumDays * DAY_MS) }
        : { mode: 'GOVERNANCE', until: keepUntil },
  };
}
