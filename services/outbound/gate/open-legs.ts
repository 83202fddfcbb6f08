import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { LegBasis } from './decision.js';
import type { PermitBook } from './permit-book.js';

export interface OpenLeg {
  readonly permit: DialPermit;
  readonly basis: LegBasis | undefined;
  /** The day (`YYYY-MM-DD`) on which the permit counts. */
  readonly day: string;
  /** The trunk whose calls of that day include it. */
  readonly countedFor: string;
}

/** The permit of each leg that has not ended, and its basis; an emergency call has none. */
export class OpenLegs {
  readonly #legs = new Map<string, OpenLeg>();

  constructor(private readonly permits: PermitBook) {}

  /** A permit was given: the leg's first one, or one for another trunk. */
  issue(facts: Parameters<PermitBook['issue']>[0], leg: Pick<OpenLeg, 'basis' | 'day'>): DialPermit {
    const permit = this.permits.issue(facts);
    this.#legs.set(permit.permitId, { ...leg, permit, countedFor: permit.trunkId });
    return permit;
  }

  of(permitId: string): OpenLeg | undefined {
    return this.#legs.get(permitId);
  }

  /** Whether this is the leg's current permit: a permit moves only once. */
  isNewest(permit: DialPermit): boolean {
    return this.#legs.get(permit.permitId)?.permit === permit;
  }

  /** The trunk of the permit is not dialled: only the ones after it are tried. */
  passOver(leg: OpenLeg, permit: DialPermit): void {
    this.#legs.set(permit.permitId, { ...leg, permit });
  }

  /** The leg has ended, or was never dialled. */
  take(permitId: string): OpenLeg | undefined {
    const leg = this.#legs.get(permitId);
    this.#legs.delete(permitId);
    return leg;
  }
}
