import { CallCentreError } from '../shared/domain/failure.js';
import { mayUse, type Principal, type Right } from '../shared/domain/people/rights.js';
import type { WhoIs } from './ports.js';

/**
 * The only authorisation point: every HTTP route and every socket event passes it with its declared right. Deny by default. Throws
 * `not-signed-in` without a live session.
 */
export async function whoAsks(whoIs: WhoIs, token: string | undefined, right: Right): Promise<Principal | undefined> {
  if (right === 'public') return undefined;
  const principal = token === undefined ? undefined : await whoIs(token);
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
  return principal;
}

/** Throws `not-allowed` when the person does not hold the right. */
export function refuseWithout(right: Right, principal: Principal | undefined): void {
  if (!mayUse(principal, right)) throw new CallCentreError('not-allowed', 'Your role does not include this.');
}

/** The token of an `Authorization: Bearer` header (RFC 6750). Never read from a query, because addresses end up in logs. */
export const bearerOf = (header: string | undefined): string | undefined => /^Bearer ([\w.-]+)$/.exec(header ?? '')?.[1];
