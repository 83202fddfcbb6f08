/** What the running system used, as far as the licence file is compared with it. */
export interface Usage {
  /** Most seats on line at once in the period. */
  readonly peakSeats: number;
  /** Accounts that signed in as a seat, with the days on which they did (`2026-11-25`). */
  readonly seatDays: readonly { readonly account: string; readonly days: readonly string[] }[];
  /** Called numbers of trunk calls, with their number of calls, and whether calls went out from them. */
  readonly numbers: readonly { readonly number: string; readonly calls: number; readonly outbound: number }[];
  readonly trunks: readonly { readonly trunkId: string; readonly calls: number; readonly peakChannels?: number }[];
  readonly accounts: readonly {
    readonly name: string;
    readonly disabled: boolean;
    readonly agent: boolean;
    readonly administersAlone?: boolean;
  }[];
  readonly answeredWithoutRecording: number;
}

export const noUsage: Usage = { peakSeats: 0, seatDays: [], numbers: [], trunks: [], accounts: [], answeredWithoutRecording: 0 };
