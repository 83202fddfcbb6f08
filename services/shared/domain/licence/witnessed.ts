/** A sealed day sheet, as far as it leaves the house. */
export interface SealedSheet {
  readonly day: string;
  readonly timeZone: string;
  readonly hash: string;
  readonly previousHash: string;
  readonly sealedAt: string;
  readonly auditHead?: { readonly number: number; readonly hash: string };
  /** The clock under which it was sealed; early sheets do not say. */
  readonly clock?: { readonly source: string; readonly jumps: readonly object[]; readonly moreJumps: number };
}

/** A time stamp from an outside authority over the statement of a day (RFC 3161). */
export interface WitnessStamp {
  /** The place of the authority in the site's list, from 1. */
  readonly authority: number;
  readonly name: string;
  readonly at: Date;
  readonly responseBase64: string;
}

/** The answer of the https witness that was sent the statement of a day. */
export interface WitnessReceipt {
  readonly at: Date;
  readonly answerBase64: string;
}

/** What left the house for one day. */
export interface Witnessed {
  readonly day: string;
  readonly sheetHash: string;
  readonly statement: string;
  readonly stamps: readonly WitnessStamp[];
  /** One for each person outside, in the order in which the setting names them. */
  readonly messageIds: readonly string[];
  readonly receipt?: WitnessReceipt;
}
