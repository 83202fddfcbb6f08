import { createHash } from 'node:crypto';
import type { SipCallId } from '../../shared/domain/ids.js';

/** The key of a leg. It contains nothing that a far end chose. */
export const legIdOf = (sipCallId: SipCallId): string => createHash('sha256').update(sipCallId).digest('hex').slice(0, 32);
