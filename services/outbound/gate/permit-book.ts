import type { Clock } from '../../shared/domain/time/clock.js';
import { asPermit, type DialPermit } from '../../shared/domain/calls/dial-permit.js';

/** A permit that was not used within this time is void. */
export const PERMIT_MS = 2_000;
/** By then every permit has been used or given back. */
const KEPT_MS = 60_000;

export interface PermitBook {
  issue(facts: Parameters<typeof asPermit>[0]): DialPermit;
  /** True once, for a permit that was issued here, is recent, and is unchanged. */
  redeem(permit: DialPermit): boolean;
  /** The leg of a used permit was not dialled: the permit dials nothing, and may be voided. */
  notSent(permit: DialPermit): void;
  /** Whether `notSent` was called since the permit was issued. */
  wasNotSent(permit: DialPermit): boolean;
  /** The leg is not dialled after all. False when it has been dialled. */
  void(permit: DialPermit): boolean;
}

/** The permits of this process. Each dials one leg. */
export function createPermitBook({ nowMs }: Pick<Clock, 'nowMs'>): PermitBook {
  const open = new Map<string, { readonly permit: DialPermit; readonly atMs: number }>();

  /** Used permits whose leg was not dialled. */
  const unsent = new Set<string>();

  function forgetOld(): void {
    // The map is in order of issue: the first recent permit ends the search.
    for (const [id, { atMs }] of open) {
      if (nowMs() - atMs <= KEPT_MS) return;
      open.delete(id);
    }
  }

  return {
    issue(facts) {
      forgetOld();
      // The leg moves to another trunk.
      unsent.delete(facts.permitId);
      const permit = asPermit(Object.freeze({ ...facts }));
      open.set(permit.permitId, { permit, atMs: nowMs() });
      return permit;
    },
    redeem(permit) {
      const known = open.get(permit.permitId);
      open.delete(permit.permitId);
      if (known === undefined) return false;
      if (nowMs() - known.atMs > PERMIT_MS) {
        unsent.add(permit.permitId);
        return false;
      }
      return known.permit.number === permit.number && known.permit.trunkId === permit.trunkId && known.permit.from === permit.from;
    },
    notSent: (permit) => void unsent.add(permit.permitId),
    wasNotSent: ({ permitId }) => unsent.has(permitId),
    void: ({ permitId }) => unsent.delete(permitId) || open.delete(permitId),
  };
}
