/** How a visit to a queue may end. `lost`: by us, without a way on. */
export const visitOutcomes = ['answered', 'abandoned', 'overflow', 'callback', 'refused', 'lost'] as const;

/** What an agent did in a call. `consult`: asks, or is asked, while the caller waits. */
export const segmentKinds = ['ring', 'talk', 'hold', 'consult', 'conference'] as const;
