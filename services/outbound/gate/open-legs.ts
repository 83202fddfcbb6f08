import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { LegBasis } from './decision.js';
import type { PermitBook } from './permit-book.js';

export interface OpenLeg {
  readonly permit: DialPermit;
  readonly basis: LegBasis | undefined;
  /** The day of the permit, as `YYYY-MM-DD`, in which it is counted. */
  readonly day: string;
  /** The trunk among whose calls of that day it is. */
  readonly countedFor: string;
}

/** The permit of each leg that is not over, and what it rests on; an emergency call rests on nothing. */
export class OpenLegs {
  readonly #legs = new Map<string, OpenLeg>();

  constructor(private readonly permits: PermitBook) {}

  /** A permit is given, the first of its leg or the one over another trunk. */
  issue(facts: Parameters<PermitBook['issue']>[0], leg: Pick<OpenLeg, 'basis' | 'day'>): DialPermit {
    const permit = this.permits.issue(facts);
    this.#legs.set(permit.permitId, { ...leg, permit, countedFor: permit.trunkId });
    return permit;
  }

  of(permitId: string): OpenLeg | undefined {
    return this.#legs.get(permitId);
  }

  /** Whether this is the permit by which its leg goes on: a permit moves once. */
  isNewest(permit: DialPermit): boolean {
    return this.#legs.get(permit.permitId)?.permit === permit;
  }

  /** The trunk of the permit is not dialled: only those behind it are asked. */
  passOver(leg: OpenLeg, permit: DialPermit): void {
    this.#legs.set(permit.permitId, { ...leg, permit });
  }

  /** The leg is over, or was never dialled. */
  take(permitId: string): OpenLeg | undefined {
    const leg = this.#legs.get(permitId);
    this.#legs.delete(permitId);
    return leg;
  }
}
