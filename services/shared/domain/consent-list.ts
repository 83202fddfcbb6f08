/** The columns of a list of consents. */
export const consentColumns = ['number', 'purposes', 'channel', 'givenAt', 'evidence', 'clientUnit', 'validUntil'] as const;
export type ConsentColumn = (typeof consentColumns)[number];

/** Why a row of a list of consents is not taken over: the column that cannot be read, or what stands against the row. */
export const importFaults = [
  ...consentColumns,
  /** Given later than now. */
  'future',
  /** Over already, or before it began. */
  'over',
  /** The same stands in an earlier row. */
  'repeated',
  /** The same is on record and in force. */
  'known',
  /** The person is on the do-not-call list, since after the consent was given. */
  'refused',
] as const;
export type ImportFault = (typeof importFaults)[number];
