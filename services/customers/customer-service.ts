import type { Customer, CustomerEntry, CustomerRow } from '../shared/contracts/customer.js';
import { CallCentreError, failureOf } from '../shared/domain/failure.js';
import { planned } from '../shared/domain/numbers/numbering-plan.js';
import { maskNumber } from '../shared/domain/numbers/phone-number.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import type { Audit } from '../shared/platform/http/route.js';
import {
  changedFields,
  distinctTags,
  fieldFaults,
  leaving,
  merged,
  mergedAway,
  restored,
  standingAgain,
  withoutMerge,
} from './customer.js';
import type { CustomerStore, KeptNumber, StoredCustomer } from './ports.js';

export interface CustomerNeeds {
  readonly store: CustomerStore;
  readonly hashNumber: NumberHash;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Who asks, and from where. */
export interface Asker {
  readonly principal: Pick<Principal, 'userId' | 'name'>;
  readonly from: string;
}

const TRIES = 5;

export const noCustomer = (): CallCentreError => new CallCentreError('not-found', 'There is no such customer.');
const taken = (): CallCentreError =>
  new CallCentreError('already-exists', 'Another customer has this number already.', { details: [{ at: 'number' }] });
const elsewhere = (): CallCentreError => new CallCentreError('wrong-state', 'The other customer was merged into a third one.');
export const stale = (changedBy: string): CallCentreError =>
  new CallCentreError('changed-meanwhile', 'Somebody has changed this customer in the meantime.', { details: { changedBy } });

/** A customer as people see it. */
export const shownCustomer = ({ unit, numbers, merged: merges, mergedInto: _into, ...customer }: StoredCustomer): Customer => ({
  ...customer,
  numbers: numbers.map(({ id, masked }) => ({ id, masked })),
  merged: merges.map(({ id, name, at, by, reason }) => ({ id, name, at, by, reason })),
  ...(unit === '' ? {} : { clientUnit: unit }),
});
export const shownRow = ({ id, unit, name, numbers, tags, changedAt }: StoredCustomer): CustomerRow => ({
  id,
  name,
  tags,
  changedAt,
  numbers: numbers.map((number) => ({ id: number.id, masked: number.masked })),
  ...(unit === '' ? {} : { clientUnit: unit }),
});

/** The number that somebody typed, in the form in which it is kept. Fails with `invalid-request` when no person can have it. */
export function keptNumber(text: string, { hashNumber, newId }: Pick<CustomerNeeds, 'hashNumber' | 'newId'>): KeptNumber {
  const number = planned(text)?.text;
  const hash = number === undefined ? undefined : hashNumber(number);
  if (number === undefined || hash === undefined)
    throw new CallCentreError('invalid-request', 'This is not a telephone number.', { details: [{ at: 'number' }] });
  return { id: newId(), hash, masked: maskNumber(number) };
}

type Writing = ReturnType<typeof createWriting>;

/** A change of a customer, for the audit log. */
interface Noted {
  readonly what: Parameters<Audit>[0]['what'];
  readonly id: string;
  readonly reason?: string;
  readonly after?: unknown;
}

/** What all changes share: the audit row is written before the change, and no change overwrites another one. */
function createWriting({ store, audit, now }: CustomerNeeds) {
  const stampOf = ({ principal }: Asker) => ({ changedAt: now().toISOString(), changedBy: principal.name });

  async function checked(entry: CustomerEntry): Promise<void> {
    const faults = fieldFaults(await store.fields(), entry.fields);
    if (faults.length > 0) throw new CallCentreError('invalid-request', 'A field does not fit.', { details: faults });
  }

  async function present(id: string): Promise<StoredCustomer> {
    const found = await store.one(id);
    if (found === undefined || found.mergedInto !== undefined) throw noCustomer();
    return found;
  }

  /** Writes the audit row before the change; if the change then fails, a second row says so. */
  async function noting<T>({ what, id, reason, after }: Noted, { principal, from }: Asker, change: () => Promise<T>): Promise<T> {
    const entry = { who: principal.userId, what, object: `customer:${id}`, from };
    await audit({ ...entry, success: true, ...(reason === undefined ? {} : { reason }), ...(after === undefined ? {} : { after }) });
    try {
      return await change();
    } catch (error) {
      await audit({ ...entry, success: false, reason: failureOf(error) });
      throw error;
    }
  }

  async function written(next: StoredCustomer): Promise<StoredCustomer> {
    const outcome = await store.replace(next);
    if (outcome === 'taken') throw taken();
    if (outcome === 'stale') throw stale((await store.one(next.id))?.changedBy ?? '');
    return next;
  }

  /** Leaves out new numbers that another customer of the unit was given at the same moment. */
  async function withoutTaken(before: StoredCustomer, next: StoredCustomer): Promise<StoredCustomer> {
    const held = new Set(before.mergedInto === undefined ? before.numbers.map(({ hash }) => hash) : []);
    const coming = next.numbers.flatMap(({ hash }) => (held.has(hash) ? [] : [hash]));
    const others = await store.taken(next.unit, coming);
    return { ...next, numbers: next.numbers.filter(({ hash }) => held.has(hash) || !others.has(hash)) };
  }

  /**
   * Applies a change to the current version, and again after each concurrent write. For changes that do not depend on what others wrote.
   */
  async function changing(
    id: string,
    change: (customer: StoredCustomer) => StoredCustomer,
    { freely = false }: { readonly freely?: boolean } = {},
  ): Promise<StoredCustomer> {
    for (let tries = 1; ; tries += 1) {
      const before = await store.one(id);
      if (before === undefined) throw noCustomer();
      const wanted = change(before);
      if (wanted === before) return before;
      const next = freely ? await withoutTaken(before, wanted) : wanted;
      const outcome = await store.replace(next);
      if (outcome === 'done') return next;
      if (outcome === 'taken' && !freely) throw taken();
      if (tries === TRIES) throw stale(before.changedBy);
    }
  }

  /** The same, but numbers that somebody else was given on their way between two customers stay with that customer. */
  const changingFreely: typeof changing = (id, change) => changing(id, change, { freely: true });

  /** The same, but fails when the customer was merged away at the same moment: the change would be lost. */
  const changingPresent: typeof changing = (id, change, how) =>
    changing(
      id,
      (customer) => {
        if (customer.mergedInto !== undefined) throw noCustomer();
        return change(customer);
      },
      how,
    );

  return { stampOf, checked, present, noting, written, changing, changingFreely, changingPresent };
}

/** Changes of single customers. */
function createEdits({ store, now, newId }: CustomerNeeds, { stampOf, checked, present, noting, written, changingPresent }: Writing) {
  return {
    async make(entry: CustomerEntry, unit: string, numbers: readonly KeptNumber[], asker: Asker): Promise<StoredCustomer> {
      await checked(entry);
      const at = now().toISOString();
      const by = asker.principal.name;
      const customer: StoredCustomer = {
        id: newId(),
        unit,
        name: entry.name,
        note: entry.note,
        fields: changedFields({}, entry.fields),
        tags: distinctTags(entry.tags),
        numbers: numbers.filter(({ hash }, i) => numbers.findIndex((each) => each.hash === hash) === i),
        version: 1,
        madeAt: at,
        madeBy: by,
        changedAt: at,
        changedBy: by,
        merged: [],
      };
      return noting({ what: 'customer.made', id: customer.id, after: entry }, asker, async () => {
        if (!(await store.add(customer))) throw taken();
        return customer;
      });
    },

    async change(id: string, { version, ...entry }: CustomerEntry & { readonly version: number }, asker: Asker): Promise<StoredCustomer> {
      await checked(entry);
      const before = await present(id);
      if (before.version !== version) throw stale(before.changedBy);
      const after: StoredCustomer = {
        ...before,
        ...stampOf(asker),
        name: entry.name,
        note: entry.note,
        fields: changedFields(before.fields, entry.fields),
        tags: distinctTags(entry.tags),
        version: version + 1,
      };
      return noting({ what: 'customer.changed', id, after: entry }, asker, () => written(after));
    },

    async addNumber(id: string, number: KeptNumber, asker: Asker): Promise<StoredCustomer> {
      await present(id);
      const withNumber = (customer: StoredCustomer): StoredCustomer =>
        customer.numbers.some(({ hash }) => hash === number.hash)
          ? customer
          : { ...customer, ...stampOf(asker), version: customer.version + 1, numbers: [...customer.numbers, number] };
      return noting({ what: 'customer.number-added', id, after: number.masked }, asker, () => changingPresent(id, withNumber));
    },

    async removeNumber(id: string, numberId: string, asker: Asker): Promise<StoredCustomer> {
      if (!(await present(id)).numbers.some((number) => number.id === numberId)) throw noCustomer();
      const without = (customer: StoredCustomer): StoredCustomer => ({
        ...customer,
        ...stampOf(asker),
        version: customer.version + 1,
        numbers: customer.numbers.filter((number) => number.id !== numberId),
      });
      return noting({ what: 'customer.number-removed', id, after: numberId }, asker, () => changingPresent(id, without));
    },
  };
}

/** Merging by hand, and undoing it. */
function createMerges({ store }: CustomerNeeds, { stampOf, present, noting, changing, changingFreely, changingPresent }: Writing) {
  /** Undoes the first half of a merge when the target is gone or was itself merged into a third customer. */
  const standAlone = (otherId: string, id: string, stamp: ReturnType<Writing['stampOf']>): Promise<StoredCustomer> =>
    changingFreely(otherId, (each) => (each.mergedInto === id ? standingAgain(each, stamp) : each));

  async function merging(
    id: string,
    otherId: string,
    { reason, ...stamp }: ReturnType<Writing['stampOf']> & { readonly reason: string },
  ): Promise<StoredCustomer> {
    // The numbers leave one customer before they come to the other: no number belongs to two.
    const away = await changing(otherId, (each) => {
      if (each.mergedInto !== undefined && each.mergedInto !== id) throw elsewhere();
      return each.mergedInto === id ? each : mergedAway(each, id, stamp);
    });
    try {
      const into = (each: StoredCustomer): StoredCustomer =>
        each.merged.some((merge) => merge.id === otherId) ? each : merged(each, away, { ...stamp, reason });
      return await changingPresent(id, into, { freely: true });
    } catch (error) {
      // At the same moment, two people merged both customers into each other, or into a third one.
      if (error instanceof CallCentreError && error.code === 'not-found') await standAlone(otherId, id, stamp);
      throw error;
    }
  }

  /**
   * A merge that stopped half way and cannot go on, because the target is gone or was itself merged in the meantime, must not leave the
   * other customer hidden.
   */
  async function mergeable(id: string, otherId: string, asker: Asker): Promise<readonly [StoredCustomer, StoredCustomer]> {
    const [one, other] = await Promise.all([store.one(id), store.one(otherId)]);
    if (one !== undefined && one.mergedInto === undefined && other !== undefined) return [one, other];
    const isLeft = other?.mergedInto === id && one?.merged.some((merge) => merge.id === otherId) !== true;
    if (isLeft) await standAlone(otherId, id, stampOf(asker));
    throw noCustomer();
  }

  return {
    /** A merge that stopped half way continues from there: the other customer already names its target. */
    async merge(id: string, otherId: string, reason: string, asker: Asker): Promise<StoredCustomer> {
      const [one, other] = await mergeable(id, otherId, asker);
      if (id === otherId || other.unit !== one.unit)
        throw new CallCentreError('invalid-request', 'Only customers of the same client unit can be merged.', {
          details: [{ at: 'otherId' }],
        });
      if (other.mergedInto !== undefined && other.mergedInto !== id) throw elsewhere();
      const stamp = stampOf(asker);
      const after = { otherId, numberIds: other.numbers.map((number) => number.id) };
      return noting({ what: 'customer.merged', id, reason, after }, asker, () => merging(id, otherId, { ...stamp, reason }));
    },

    async separate(id: string, otherId: string, reason: string, asker: Asker): Promise<StoredCustomer> {
      const one = await present(id);
      if (!one.merged.some((merge) => merge.id === otherId))
        throw new CallCentreError('wrong-state', 'This customer was not merged into the other one.');
      const stamp = stampOf(asker);
      return noting({ what: 'customer.separated', id, reason, after: { otherId } }, asker, async () => {
        const left = await changing(id, (each) => leaving(each, otherId, stamp));
        const merge = left.merged.find((each) => each.id === otherId);
        await changingFreely(otherId, (each) => (each.mergedInto === id ? restored(each, merge, stamp) : each)).catch((error: unknown) => {
          // A customer that was erased in the meantime went with these numbers. The remaining one must not stay half separated: it could
          // never be erased.
          if (failureOf(error) !== 'not-found') throw error;
        });
        return changing(id, (each) => withoutMerge(each, otherId, stamp));
      });
    },

    /** The family of a customer: first the one into which it was finally merged, then all that were merged into that one, however deep. */
    async family(id: string): Promise<StoredCustomer[]> {
      const found = new Map<string, StoredCustomer>();
      let root = await store.one(id);
      const passed = new Set<string>();
      for (let above = root; above?.mergedInto !== undefined && !passed.has(above.id);) {
        passed.add(above.id);
        above = await store.one(above.mergedInto);
        root = above ?? root;
      }
      const open = root === undefined ? [] : [root.id];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        const customer = found.has(next) ? undefined : await store.one(next);
        if (customer === undefined) continue;
        found.set(next, customer);
        open.push(...(await store.into(next)).map((each) => each.id));
      }
      return [...found.values()];
    },
  };
}

export function createCustomerService(needs: CustomerNeeds) {
  const writing = createWriting(needs);
  return { present: writing.present, ...createEdits(needs, writing), ...createMerges(needs, writing) };
}
export type CustomerService = ReturnType<typeof createCustomerService>;
