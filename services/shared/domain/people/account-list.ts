/** The columns of a list of people. Several values in a cell are separated by semicolons. There is no column for a password. */
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
  /** An inspector's account needs an end and is created by hand. */
  'inspector',
  /** The scope goes beyond that of the person who imports, or combines teams with something else. */
  'beyond-own',
  /** The person who imports may not assign queues and skills. */
  'work',
  /** An earlier row has the same name. */
  'repeated',
  /** An account with this name exists. */
  'known',
] as const;
export type AccountRowFault = (typeof accountRowFaults)[number];
