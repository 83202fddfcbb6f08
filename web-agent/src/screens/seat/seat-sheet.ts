/** The sheet that is open beside the call. */
export type SeatSheet = 'keypad' | 'transfer' | 'conference' | null;
