/** Minutes, or what the calendar of the site says. `hour-of-week`: all Mondays at nine as one. */
export const reportIntervals = ['15', '30', '60', 'day', 'week', 'month', 'whole', 'hour-of-week'] as const;
export type ReportInterval = (typeof reportIntervals)[number];

export const reportScopes = ['all', 'queue', 'number', 'trunk', 'client', 'agent'] as const;
export type ReportScope = (typeof reportScopes)[number];

/** The counts of visits: each opens the visits that it is of. */
export const visitCounts = ['entered', 'answered', 'abandoned', 'overflowed', 'callbacks', 'lost', 'waiting'] as const;
export type VisitCount = (typeof visitCounts)[number];

/** An hour of the week as a report names it: `1-09` is Monday, nine o'clock. */
export const HOUR_OF_WEEK = /^[1-7]-(?:[01]\d|2[0-3])$/;

/** Edges of the distribution of waits, in seconds: a wait belongs to the first that it does not pass, or lies beyond the last. */
export const waitEdges = [5, 10, 15, 20, 30, 60, 120, 300] as const;

/** The forms of a report that leaves the house. */
export const reportForms = ['csv', 'xlsx', 'pdf'] as const;
export type ReportForm = (typeof reportForms)[number];
