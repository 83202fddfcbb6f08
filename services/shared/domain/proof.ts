/** What the proof calls use alone. The seat is in no other queue and nobody sits there: an id with a colon is no person's. */
export const PROOF_AGENT = 'system:proof-seat';
/** An id with a colon belongs to a part of the system. */
export const isPerson = (agentId: string): boolean => !agentId.includes(':');
export const PROOF_NUMBER = '9990';
