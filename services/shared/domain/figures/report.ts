/** Minutes, or what the calendar of the site says. `hour-of-week`: all Mondays at nine as one. */
export const reportIntervals = ['15', '30', '60', 'day', 'week', 'month', 'whole', 'hour-of-week'] as const;
export type ReportInterval = (typeof reportIntervals)[number];

export const reportScopes = ['all', 'queue', 'number', 'trunk', 'client', 'agent'] as const;
export type ReportScope = (typeof reportScopes)[number];

/** The forms of a report that leaves the house. */
export const reportForms = ['csv', 'xlsx', 'pdf'] as const;
export type ReportForm = (typeof reportForms)[number];
