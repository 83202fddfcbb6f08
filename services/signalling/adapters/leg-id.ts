import { createHash } from 'node:crypto';

/** By which a leg is found: nothing that a far side chose stands in a key. */
export const legIdOf = (sipCallId: string): string => createHash('sha256').update(sipCallId).digest('hex').slice(0, 32);
