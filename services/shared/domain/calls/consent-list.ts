/** The columns of a list of consents. */
export const consentColumns = ['number', 'purposes', 'channel', 'givenAt', 'evidence', 'clientUnit', 'validUntil'] as const;
export type ConsentColumn = (typeof consentColumns)[number];

/** The list that people begin with: the heads, and a row as an example. Its number is none, so that the row is refused when it is left in. */
export const consentTemplate = `${consentColumns.join(',')}\n138xxxx8000,enquiry;service-notice,web,2026-03-02 10:00,form 1024,,2027-03-01\n`;

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
