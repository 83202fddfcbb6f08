import { createHash } from 'node:crypto';

/** The key of a leg. It contains nothing that a far end chose. */
export const legIdOf = (sipCallId: string): string => createHash('sha256').update(sipCallId).digest('hex').slice(0, 32);
