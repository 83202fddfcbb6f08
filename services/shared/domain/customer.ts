/** The columns that every customer list has. The site's own fields follow, under their ids or names. */
export const customerColumns = ['number', 'name', 'tags', 'note'] as const;
export type CustomerColumn = (typeof customerColumns)[number];

/** The sample list. Its number is not a valid one, so the row is refused when it is left in. */
export const customerTemplate = `${customerColumns.join(',')}\n138xxxx8000,王女士,会员;投诉过,\n`;

/** Why a row of a list is refused: the column that cannot be read, or the objection to the number. */
export const customerRowFaults = [
  ...customerColumns,
  /** A value does not fit the type of the site's field. */
  'field',
  /** An earlier row has the same number. */
  'repeated',
  /** A customer of this client unit already has the number. */
  'known',
] as const;
export type CustomerRowFault = (typeof customerRowFaults)[number];

export const customerFieldKinds = ['text', 'choice', 'date'] as const;
