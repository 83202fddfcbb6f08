import type { Damage } from './damage.js';

/** Who looks at a recording: the nightly check, a check of the ledger, a person who plays or downloads it, or a pack that is made. */
export type OpenedBy = 'nightly' | 'ledger' | 'playback' | 'pack';

/** What somebody found who opened a recording and compared it with its hashes. */
export interface Look {
  readonly at: string;
  readonly by: OpenedBy;
  readonly damage?: Damage;
}

/**
 * When a recording was last opened and compared with its hash, what was wrong with it then, and who found that first and when. What was noted
 * before 5 December 2026 does not say by whom.
 */
export interface Opened {
  readonly at: string;
  readonly damage?: Damage;
  readonly found?: { readonly at: string; readonly by?: OpenedBy };
}

/** What is kept of a look: of damage that was known before, who found it first and when. */
export function openedNow(before: Opened | undefined, { at, by, damage }: Look): Opened {
  if (damage === undefined) return { at };
  return { at, damage, found: before?.damage === undefined ? { at, by } : (before.found ?? { at: before.at }) };
}
