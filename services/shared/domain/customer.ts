/** The columns of a list of customers that every site has; the site's own fields come beside them, under their ids or names. */
export const customerColumns = ['number', 'name', 'tags', 'note'] as const;
export type CustomerColumn = (typeof customerColumns)[number];

/** The list that people begin with. Its number is none, so that the row is refused when it is left in. */
export const customerTemplate = `${customerColumns.join(',')}\n138xxxx8000,王女士,会员;投诉过,\n`;

/** Why a row of a list is not taken over: the column that cannot be read, or what stands against the number. */
export const customerRowFaults = [
  ...customerColumns,
  /** A value that does not fit a field of the site. */
  'field',
  /** The same number stands in an earlier row. */
  'repeated',
  /** A customer of this client unit has the number already. */
  'known',
] as const;
export type CustomerRowFault = (typeof customerRowFaults)[number];

export const customerFieldKinds = ['text', 'choice', 'date'] as const;
