import type { PackKind } from '../documents/pack-facts.js';

/** The file of a pack that lists the packs made before it and the restores from a backup. */
export const HISTORY = 'packs.json';
/** The entry in the manifest's `holds` for a pack with such a list: then it may not be left out. */
export const HOLDS_HISTORY = 'history';

/** A pack that was made before. Whoever has that pack can compare the hash of its manifest. */
export interface EarlierPack {
  readonly number: number;
  readonly packId: string;
  readonly kind: PackKind;
  /** Of the manifest. */
  readonly sha256: string;
}

/** A restore of the whole system from a backup, as the audit log has it: packs made between the backup and the restore are forgotten by it. */
export interface Restore {
  /** UTC, ISO 8601. */
  readonly at: string;
  /** The name of the backup. */
  readonly backup: string;
}

export interface PackHistory {
  readonly packs: readonly EarlierPack[];
  readonly restores: readonly Restore[];
}
