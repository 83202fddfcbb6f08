/** What the proof calls use alone. The seat is in no other queue and nobody sits there: an id with a colon is no person's. */
export const PROOF_AGENT = 'system:proof-seat';
/** The seat from which a trunk is tested, and from which a proof call leaves that goes over a real way. */
export const TEST_AGENT = 'system:test-seat';
/** The seats that come in by the door of test calls. */
export const isSystemSeat = (agentId: string): boolean => agentId === PROOF_AGENT || agentId === TEST_AGENT;
/** An id with a colon belongs to a part of the system. */
export const isPerson = (agentId: string): boolean => !agentId.includes(':');
export const PROOF_NUMBER = '9990';
