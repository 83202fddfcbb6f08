/** A caller who gives this score or less is called back. */
export const LOW_SCORE = 2;
