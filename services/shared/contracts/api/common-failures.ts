import type { FailureCode } from '../../domain/failure.js';
import type { Endpoint } from './endpoint.js';

/**
 * What a route may fail with by what it is: nobody signed in or the right missing, input that is not as declared, an object out of reach, too
 * many requests at its door, the audit log away.
 */
export function commonFailures({ right }: Pick<Endpoint, 'right'>): readonly FailureCode[] {
  const always: FailureCode[] = ['invalid-request', 'too-large', 'too-many-requests', 'service-unavailable', 'internal'];
  if (right !== 'public') always.push('not-signed-in', 'not-allowed', 'outside-scope', 'not-found');
  return always;
}
