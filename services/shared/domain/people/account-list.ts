/** The columns of a list of people. Several values of a cell are parted by semicolons. A password is no column. */
export const accountColumns = [
  'name',
  'displayName',
  'roles',
  'team',
  'serves',
  'skills',
  'queues',
  'clientUnits',
  'sites',
  'scopeTeams',
] as const;
export type AccountColumn = (typeof accountColumns)[number];

/** The sample list. Its team and queue exist nowhere, so its row is refused when it is left in. */
export const accountTemplate = `${accountColumns.join(',')}\nzhang.san,张三,agent,sample-team,sample-queue,english:3;billing:2,,,,\n`;

/** Why a row of a list is refused: the column that cannot be read, or the objection to the whole row. */
export const accountRowFaults = [
  ...accountColumns,
  /** One person may not hold these roles together. */
  'conflict',
  /** An inspector has an account with an end, which is made by hand. */
  'inspector',
  /** The scope goes beyond that of whoever imports, or is of teams and of something else. */
  'beyond-own',
  /** Whoever imports may not give queues and skills. */
  'work',
  /** An earlier row has the same name. */
  'repeated',
  /** There is an account of this name. */
  'known',
] as const;
export type AccountRowFault = (typeof accountRowFaults)[number];
