/** The columns of a consent list. */
export const consentColumns = ['number', 'purposes', 'channel', 'givenAt', 'evidence', 'clientUnit', 'validUntil'] as const;
export type ConsentColumn = (typeof consentColumns)[number];

/** The sample list: the headers and an example row. Its number is not a valid one, so the row is refused when it is left in. */
export const consentTemplate = `${consentColumns.join(',')}\n138xxxx8000,enquiry;service-notice,web,2026-03-02 10:00,form 1024,,2027-03-01\n`;

/** Why a row of a consent list is refused: the column that cannot be read, or the objection to the row. */
export const importFaults = [
  ...consentColumns,
  /** The consent is dated in the future. */
  'future',
  /** The consent has expired, or it ends before it begins. */
  'over',
  /** An earlier row says the same. */
  'repeated',
  /** The same consent is on record and in force. */
  'known',
  /** The person is on the do-not-call list, and was added after giving the consent. */
  'refused',
] as const;
export type ImportFault = (typeof importFaults)[number];
