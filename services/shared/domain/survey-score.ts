/** Whoever gives this or less is called back. */
export const LOW_SCORE = 2;
