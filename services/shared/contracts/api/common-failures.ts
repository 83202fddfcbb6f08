import type { FailureCode } from '../../domain/failure.js';
import type { Endpoint } from './endpoint.js';

/**
 * Failures that follow from the kind of a route: not signed in, right missing, invalid input, object out of reach, too many requests, audit
 * log unavailable.
 */
export function commonFailures({ right }: Pick<Endpoint, 'right'>): readonly FailureCode[] {
  const always: FailureCode[] = ['invalid-request', 'too-large', 'too-many-requests', 'service-unavailable', 'internal'];
  if (right !== 'public') always.push('not-signed-in', 'not-allowed', 'outside-scope', 'not-found');
  return always;
}
