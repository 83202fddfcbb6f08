import type { FailureCode } from '../../domain/failure.js';
import type { Endpoint } from './endpoint.js';

/**
 * What a route may fail with by what it is: nobody signed in or the right missing, input that is not as declared, an object out of reach, too
 * many searches for a whole number, the audit log away.
 */
export function commonFailures({ right, uploadBytes }: Pick<Endpoint, 'right' | 'uploadBytes'>): readonly FailureCode[] {
  const always: FailureCode[] = ['invalid-request', 'too-large', 'service-unavailable', 'internal'];
  if (right !== 'public') always.push('not-signed-in', 'not-allowed', 'outside-scope', 'not-found', 'too-many-requests');
  if (uploadBytes !== undefined) always.push('too-many-requests');
  return [...new Set(always)];
}
