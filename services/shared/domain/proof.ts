/** What the proof calls use alone. The seat is in no other queue and nobody sits there: an id with a colon is no person's. */
export const PROOF_AGENT = 'system:proof-seat';
export const PROOF_NUMBER = '9990';
