/** Minutes, or what the calendar of the site says. `hour-of-week`: all Mondays at nine as one. */
export const reportIntervals = ['15', '30', '60', 'day', 'week', 'month', 'whole', 'hour-of-week'] as const;
export type ReportInterval = (typeof reportIntervals)[number];

export const reportScopes = ['all', 'queue', 'number', 'trunk', 'client', 'agent', 'team'] as const;
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

/**
 * What became of a caller who gave up, within a day after: an agent talked with the person (`reached`); we rang back and nobody answered (`rung`);
 * the person called again and no agent talked with them (`again`); nothing, because the number is withheld; nothing at all (`open`). Each
 * abandoned visit is one of them, so that together they are the count A.
 */
export const followUps = ['open', 'rung', 'again', 'withheld', 'reached'] as const;
export type FollowUp = (typeof followUps)[number];

/** What a row behind a daily figure is. */
export const dailyRowKinds = ['call', 'visit', 'survey', 'complaint', 'refusal', 'proof-call'] as const;
export type DailyRowKind = (typeof dailyRowKinds)[number];

/** Whom a call is transferred to: a queue, a colleague, or a number outside. */
export const transferTargets = ['queue', 'agent', 'number'] as const;
export type TransferTarget = (typeof transferTargets)[number];
/** By whom the transfers of a matrix came about: the queue of the call, or the agent. */
export const transferScopes = ['queue', 'agent'] as const;
export type TransferScope = (typeof transferScopes)[number];
