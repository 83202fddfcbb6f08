import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';

export const day = z.iso.date();
export const period = z.object({ from: day, to: day });

export function personOf(principal: Principal | undefined): string {
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
  return principal.userId;
}

export function missing(what: string): never {
  throw new CallCentreError('not-found', `There is no such ${what}.`);
}
