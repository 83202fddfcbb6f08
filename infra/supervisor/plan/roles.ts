/** The roles that a process may have, in the order in which processes are started. */
export const roles = ['recorder', 'mixer', 'routing', 'telephony', 'api', 'cases'] as const;

export type Role = (typeof roles)[number];
