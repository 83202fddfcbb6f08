import type { Logger } from '../shared/platform/processes/logger.js';
import type { Audit } from '../shared/platform/http/route.js';
import type { ChainVerdict } from './chain.js';
import type { AnchorStore, AuditStore } from './ports.js';

const DAY_MS = 86_400_000;

export interface AuditKeeperDependencies {
  readonly store: AuditStore;
  readonly anchors: AnchorStore;
  readonly audit: Audit;
  readonly check: () => Promise<ChainVerdict>;
  /** Called when the daily check finds the chain broken. */
  readonly broken: (verdict: ChainVerdict) => Promise<void>;
  readonly keepDays: number;
  readonly log: Logger;
  readonly now: () => Date;
}

/**
 * The scheduled work on the chain: its head is anchored each hour, the whole chain is checked each day, and rows past their retention are
 * removed.
 */
export function createAuditKeeper({ store, anchors, audit, check, broken, keepDays, log, now }: AuditKeeperDependencies) {
  let anchored = 0;
  return {
    async anchor(): Promise<void> {
      const head = await store.newest();
      if (head === undefined || head.number === anchored) return;
      await anchors.write({ number: head.number, hash: head.hash, at: now().toISOString() });
      anchored = head.number;
    },

    async checkDay(): Promise<ChainVerdict> {
      const verdict = await check();
      const whole = verdict.integrity.ok && verdict.completeness.ok;
      await audit({ who: 'system:audit', what: 'audit.checked', success: whole });
      if (!whole) {
        log.error({ integrity: verdict.integrity, completeness: verdict.completeness }, 'the audit chain is broken');
        await broken(verdict);
      }
      return verdict;
    },

    /**
     * Removes rows past their retention, up to the newest row that was anchored before then. That row stays and is recorded first, so that
     * the check still knows where the chain begins. Returns the number of removed rows.
     */
    async letGo(): Promise<number> {
      const before = now().getTime() - keepDays * DAY_MS;
      const old = (await anchors.all()).filter(({ at }) => Date.parse(at) < before).sort((a, b) => b.number - a.number);
      const [first] = old;
      if (first === undefined) return 0;
      const oldest = await store.oldest();
      if (oldest === undefined || oldest.number >= first.number) return 0;
      const at = now().toISOString();
      await audit({ who: 'system:audit', what: 'audit.let-go', object: `${oldest.number}-${first.number - 1}`, success: true });
      await anchors.writeFirstKept({ number: first.number, hash: first.hash, at });
      return store.removeBelow(first.number);
    },
  };
}
export type AuditKeeper = ReturnType<typeof createAuditKeeper>;
