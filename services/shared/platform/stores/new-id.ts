import { randomFillSync } from 'node:crypto';
import { orderedId } from '../../domain/ids.js';

/** An id of this moment: 22 characters that sort by time of creation. */
export const newId = (): string => orderedId(Date.now(), (bytes) => randomFillSync(bytes));
