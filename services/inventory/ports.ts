import type { TrunkId } from '../shared/domain/ids.js';
import type { ProbeRow, Reading } from '../shared/domain/licence/probe-row.js';

export interface SnapshotStore {
  save(rows: readonly ProbeRow[], at: Date): Promise<void>;
  latest(): Promise<{ readonly at: Date; readonly rows: readonly ProbeRow[] } | undefined>;
}

/** Seats that were online since `since`, as readings of a probe; wired by the composition root. */
export type SeatReadings = (since: Date) => Promise<readonly Reading[]>;

/** The trunks and numbers that the calls of a period really used. */
export interface LinesUsed {
  readonly trunks: readonly { readonly trunkId: TrunkId; readonly calls: number; readonly peakChannels?: number }[];
  readonly numbers: readonly { readonly number: string; readonly calls: number; readonly outbound: number }[];
}
