import type { CustomerEntry, CustomerField } from '../shared/contracts/customer.js';
import type { KeptNumber, Merge, StoredCustomer } from './ports.js';

export interface FieldFault {
  readonly at: string;
  readonly message: string;
}

const isDay = (text: string): boolean => {
  const read = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return read !== undefined && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
};

/** What does not fit the fields of the site: an unknown field, an invalid choice, an invalid day. */
export function fieldFaults(definitions: readonly CustomerField[], fields: CustomerEntry['fields']): FieldFault[] {
  return Object.entries(fields).flatMap(([id, value]): FieldFault[] => {
    const field = definitions.find((each) => each.id === id);
    const at = `fields.${id}`;
    if (field === undefined) return [{ at, message: 'is not a field of this site' }];
    if (value === '') return [];
    if (field.kind === 'choice' && !field.choices.includes(value)) return [{ at, message: 'is not one of the choices' }];
    return field.kind === 'date' && !isDay(value) ? [{ at, message: 'is not a date' }] : [];
  });
}

/** The values after a change. An empty value removes a field; fields that are not named stay. */
export const changedFields = (before: CustomerEntry['fields'], change: CustomerEntry['fields']): CustomerEntry['fields'] =>
  Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''));

export const distinctTags = (tags: readonly string[]): string[] => [...new Set(tags)];

const MOST_KEYS = 24;
const LONGEST_KEY = 40;
const HAN = /\p{Script=Han}/u;
const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** The search text in the same form as the keys. */
export const searchText = (text: string): string => plain(text).slice(0, LONGEST_KEY);

/** The search keys of a customer: the name from each word and each Chinese character on, and the tags. */
export function searchKeys({ name, tags }: Pick<CustomerEntry, 'name' | 'tags'>): string[] {
  const characters = Array.from(plain(name));
  const starts = characters.flatMap((character, i) => {
    const before = characters[i - 1] ?? ' ';
    return HAN.test(character) || (/[\s\-.·]/u.test(before) && !/[\s\-.·]/u.test(character)) ? [i] : [];
  });
  const ofName = starts.slice(0, MOST_KEYS).map((i) => characters.slice(i).join('').slice(0, LONGEST_KEY));
  return [...new Set([...ofName, ...tags.map(searchText)])];
}

const withNumbers = (numbers: readonly KeptNumber[], more: readonly KeptNumber[]): KeptNumber[] => [
  ...numbers,
  ...more.filter(({ hash }) => !numbers.some((known) => known.hash === hash)),
];

type Stamp = Pick<StoredCustomer, 'changedAt' | 'changedBy'>;

/** A customer that is merged into another one. It keeps its data, so that the merge can be undone. */
export const mergedAway = (other: StoredCustomer, oneId: string, stamp: Stamp): StoredCustomer => ({
  ...other,
  ...stamp,
  version: other.version + 1,
  mergedInto: oneId,
});

/** A customer whose merge could not be completed, as it was before. */
export const standingAgain = ({ mergedInto: _into, ...other }: StoredCustomer, stamp: Stamp): StoredCustomer => ({
  ...other,
  ...stamp,
  version: other.version + 1,
});

/** A customer after the other was merged into it. */
export function merged(
  one: StoredCustomer,
  other: StoredCustomer,
  { reason, ...stamp }: Stamp & { readonly reason: string },
): StoredCustomer {
  const merge: Merge = {
    id: other.id,
    name: other.name,
    at: stamp.changedAt,
    by: stamp.changedBy,
    reason,
    numberIds: other.numbers.map(({ id }) => id),
  };
  return {
    ...one,
    ...stamp,
    version: one.version + 1,
    numbers: withNumbers(one.numbers, other.numbers),
    merged: [...one.merged.filter(({ id }) => id !== other.id), merge],
  };
}

/**
 * The first step of undoing a merge: the numbers that came with the other customer leave, and the merge names those that were still here.
 */
export function leaving(one: StoredCustomer, otherId: string, stamp: Stamp): StoredCustomer {
  const merge = one.merged.find(({ id }) => id === otherId);
  if (merge === undefined || merge.leaving === true) return one;
  const came = new Set(merge.numberIds);
  const numberIds = one.numbers.flatMap(({ id }) => (came.has(id) ? [id] : []));
  return {
    ...one,
    ...stamp,
    version: one.version + 1,
    numbers: one.numbers.filter(({ id }) => !came.has(id)),
    merged: one.merged.map((each) => (each.id === otherId ? { ...each, numberIds, leaving: true } : each)),
  };
}

/** The second step: the other customer as it was, with the numbers that left. */
export function restored({ mergedInto: _into, ...other }: StoredCustomer, merge: Merge | undefined, stamp: Stamp): StoredCustomer {
  return {
    ...other,
    ...stamp,
    version: other.version + 1,
    numbers: other.numbers.filter(({ id }) => merge?.numberIds.includes(id) === true),
  };
}

/** The last step: the merge is removed. */
export const withoutMerge = (one: StoredCustomer, otherId: string, stamp: Stamp): StoredCustomer => ({
  ...one,
  ...stamp,
  version: one.version + 1,
  merged: one.merged.filter(({ id }) => id !== otherId),
});
