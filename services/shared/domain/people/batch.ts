/** How many rows are changed together at most: a page of people, not a site. */
export const MOST_IN_BATCH = 200;

/** Why a batch leaves an account as it is. */
export const accountBatchRefusals = [
  /** There is no such account, or it lies beyond the caller's own scope. */
  'out-of-reach',
  'own-account',
  /** Nobody would be left to administer the site. */
  'last-administrator',
  /** The team is closed, or no team has this name. */
  'team',
  /** Only whoever sees the whole site, or leads the team, puts people into it. */
  'team-scope',
  /** It is no longer as the page read it. */
  'changed',
] as const;
export type AccountBatchRefusal = (typeof accountBatchRefusals)[number];

/** Why a batch leaves skills and queues of an agent as they are. */
export const agentBatchRefusals = [
  /** There is no such agent, or only in other parts of the centre. */
  'out-of-reach',
  /** The queue is of another part of the centre, or everybody serves it. */
  'queue',
  'changed',
] as const;
export type AgentBatchRefusal = (typeof agentBatchRefusals)[number];
