/** Minutes, or an interval of the site's calendar. `hour-of-week` puts all Mondays at nine together. */
export const reportIntervals = ['15', '30', '60', 'day', 'week', 'month', 'whole', 'hour-of-week'] as const;
export type ReportInterval = (typeof reportIntervals)[number];

export const reportScopes = ['all', 'queue', 'number', 'trunk', 'client', 'site', 'result', 'agent', 'team'] as const;
export type ReportScope = (typeof reportScopes)[number];

/** The counts of visits. Each opens the list of its visits. */
export const visitCounts = ['entered', 'answered', 'abandoned', 'overflowed', 'callbacks', 'lost', 'waiting'] as const;
export type VisitCount = (typeof visitCounts)[number];

/** An hour of the week as a report names it: `1-09` is Monday, nine o'clock. */
export const HOUR_OF_WEEK = /^[1-7]-(?:[01]\d|2[0-3])$/;

/**
 * Edges of the distribution of waits, in seconds. A wait belongs to the first edge that it does not exceed, or lies beyond the last one.
 */
export const waitEdges = [5, 10, 15, 20, 30, 60, 120, 300] as const;

/** The file formats of a report. */
export const reportForms = ['csv', 'xlsx', 'pdf'] as const;
export type ReportForm = (typeof reportForms)[number];

/**
 * What happened to a caller who abandoned, within one day: an agent talked with the person (`reached`); we rang back without an answer
 * (`rung`); the person called again and no agent talked with them (`again`); the number is withheld; or nothing happened (`open`). Each
 * abandoned visit has exactly one of these outcomes, so together they add up to A.
 */
export const followUps = ['open', 'rung', 'again', 'withheld', 'reached'] as const;
export type FollowUp = (typeof followUps)[number];

/** The kind of row behind a daily figure. */
export const dailyRowKinds = ['call', 'visit', 'survey', 'complaint', 'refusal', 'proof-call'] as const;
export type DailyRowKind = (typeof dailyRowKinds)[number];

/** The target of a transfer: a queue, a colleague, or a number outside. */
export const transferTargets = ['queue', 'agent', 'number'] as const;
export type TransferTarget = (typeof transferTargets)[number];
/** The source of the transfers of a matrix: the queue of the call, or the agent. */
export const transferScopes = ['queue', 'agent'] as const;
export type TransferScope = (typeof transferScopes)[number];
