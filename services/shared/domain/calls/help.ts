/** Why an agent asks supervisors for help; chosen after the request has gone out, and optional. */
export const helpReasons = ['question', 'upset-caller', 'complaint', 'fault', 'other'] as const;
export type HelpReason = (typeof helpReasons)[number];

/** How a request for help ended: the agent took it back, a supervisor closed it, or its call or the agent's work was over. */
export const helpEnds = ['withdrawn', 'settled', 'call-ended', 'signed-out'] as const;
export type HelpEnd = (typeof helpEnds)[number];
