/** How a visit to a queue can end. `lost`: we failed, and there was no other destination. */
export const visitOutcomes = ['answered', 'abandoned', 'overflow', 'callback', 'refused', 'lost'] as const;

export type VisitOutcome = (typeof visitOutcomes)[number];

/** What an agent did in a call. `consult`: the agent asks, or is asked, while the caller waits. */
export const segmentKinds = ['ring', 'talk', 'hold', 'consult', 'conference'] as const;

/** The visits that service figures count: incoming callers, once per queue that they enter. Also usable as a filter on stored visits. */
export const OF_SERVICE = { direction: 'inbound', class: 'service', returned: false } as const;

export const isOfService = (visit: { readonly direction: string; readonly class: string; readonly returned: boolean }): boolean =>
  visit.direction === OF_SERVICE.direction && visit.class === OF_SERVICE.class && visit.returned === OF_SERVICE.returned;
