/** Why an agent asks supervisors for help. The reason is optional and is chosen after the request has gone out. */
export const helpReasons = ['question', 'upset-caller', 'complaint', 'fault', 'other'] as const;
export type HelpReason = (typeof helpReasons)[number];

/** How a request for help ended: the agent withdrew it, a supervisor closed it, or the call or the agent's work ended. */
export const helpEnds = ['withdrawn', 'settled', 'call-ended', 'signed-out'] as const;
export type HelpEnd = (typeof helpEnds)[number];
