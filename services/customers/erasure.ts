import type { ErasureRest } from '../shared/contracts/customer.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Audit } from '../shared/platform/http/route.js';
import type { CustomerService } from './customer-service.js';
import type { CustomerStore, StoredCustomer } from './ports.js';
import type { Referred, References } from './references.js';

export interface ErasureNeeds {
  readonly store: Pick<CustomerStore, 'one' | 'erase'>;
  readonly service: Pick<CustomerService, 'present' | 'family'>;
  readonly references: Pick<References, 'rest'>;
  readonly audit: Audit;
  readonly forgetNote: (callerHash: string) => Promise<void>;
  /** Removes the notes on the ended calls of these numbers. */
  readonly forgetCallNotes: (whose: Referred) => Promise<void>;
  readonly now: () => Date;
}

const TRIES = 10;

const isChanging = (family: readonly StoredCustomer[], id: string): boolean =>
  !family.some((each) => each.id === id) || family.some(({ merged }) => merged.some(({ leaving }) => leaving === true));

/** Erasure of a customer at a person's request. */
export const createErasure = ({ store, service, references, audit, forgetNote, forgetCallNotes, now }: ErasureNeeds) => ({
  async present(id: string): Promise<void> {
    await service.present(id);
  },
  gone: async (id: string): Promise<boolean> => (await store.one(id)) === undefined,
  /**
   * Removes the record (even if it was merged into another one in the meantime), everything merged into it, the notes that agents see at a
   * call, and the notes from calls that have ended. Returns what stays on record; undefined when the customer is already gone.
   */
  async erase(
    id: string,
    { who, from, reason }: { readonly who: string; readonly from: string; readonly reason: string },
  ): Promise<ErasureRest | undefined> {
    let rest: ErasureRest | undefined;
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const [root, ...others] = await service.family(id);
      if (root === undefined && (await store.one(id)) === undefined) return rest;
      if (root === undefined) continue;
      const family = [root, ...others];
      // A customer that is being separated is no longer family, and two that are being merged are not family yet.
      const isMoving = root.mergedInto !== undefined && (await store.one(root.mergedInto)) !== undefined;
      if (isMoving || isChanging(family, id)) continue;
      const hashes = [...new Set(family.flatMap(({ numbers }) => numbers.map(({ hash }) => hash)))];
      rest = await references.rest({ unit: root.unit, hashes }, now());
      await audit({ who, what: 'customer.erased', object: `customer:${root.id}`, from, success: true, reason, after: rest });
      for (const hash of hashes) await forgetNote(hash);
      await forgetCallNotes({ unit: root.unit, hashes });
      // A merge into the root, or a separation from it, changes the root in the meantime: the family is then looked up again. The requested
      // customer goes last, so that a removal that stopped half way is found when it is requested again.
      const before = others.filter((each) => each.id !== id);
      const asked = others.filter((each) => each.id === id);
      if (await store.erase([...before, root, ...asked])) return rest;
    }
    throw new CallCentreError('changed-meanwhile', 'Somebody else is changing this customer; try again.');
  },
});
