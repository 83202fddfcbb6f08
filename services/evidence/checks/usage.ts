import type { TrunkId } from '../../shared/domain/ids.js';
/** What the running system used, as far as it is compared with the licence file. */
export interface Usage {
  /** The largest number of simultaneous seats in the period. */
  readonly peakSeats: number;
  /** Accounts that signed in at a seat, with the days (`2026-11-25`) on which they did. */
  readonly seatDays: readonly { readonly account: string; readonly days: readonly string[] }[];
  /** The called numbers of trunk calls, with the number of calls, and whether outbound calls used them. */
  readonly numbers: readonly { readonly number: string; readonly calls: number; readonly outbound: number }[];
  readonly trunks: readonly { readonly trunkId: TrunkId; readonly calls: number; readonly peakChannels?: number }[];
  readonly accounts: readonly {
    readonly name: string;
    readonly disabled: boolean;
    readonly agent: boolean;
    readonly administersAlone?: boolean;
  }[];
  readonly answeredWithoutRecording: number;
}

export const noUsage: Usage = { peakSeats: 0, seatDays: [], numbers: [], trunks: [], accounts: [], answeredWithoutRecording: 0 };
