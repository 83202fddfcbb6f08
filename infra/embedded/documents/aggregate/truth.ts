import { isNumeric, toNumber } from '../bson/numeric.js';
import type { Value } from '../bson/document.js';

/** MongoDB's truthiness: everything but false, null, missing and zero. */
export function truthy(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !isNumeric(value) || toNumber(value) !== 0;
}
