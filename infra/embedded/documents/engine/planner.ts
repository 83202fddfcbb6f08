import { BSONRegExp, MaxKey, MinKey } from 'bson';
import { compare, equal, rankOf } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';
import { cutBound, encodeField } from '../bson/key.js';
import { isNumeric, toNumber } from '../bson/numeric.js';
import { compileFilter, type Condition, type Filter } from '../query/filter.js';
import { literalPrefix } from '../query/regex.js';
import type { SortKey } from '../query/sort.js';
import type { CollectionInfo, IndexInfo } from './catalog.js';
import { prefixOf } from './entries.js';
import type { Range } from './environment.js';

/** How a query reaches its documents. The filter is always tested again, so ranges may be wider than the query. */
export interface Plan {
  readonly kind: 'records' | 'index' | 'union';
  readonly index: IndexInfo | undefined;
  readonly ranges: readonly Range[];
  /** Plans of the branches of an `$or`, for a union. */
  readonly branches: readonly Plan[];
  readonly reverse: boolean;
  /** True when the documents come in the wanted order already. */
  readonly sorted: boolean;
  /** True when every document of the collection is looked at. */
  readonly full: boolean;
  /** True when one document may come more than once. */
  readonly repeats: boolean;
  /** True when every entry of the ranges belongs to a document that the filter accepts: to count them no document need be read. */
  readonly decided: boolean;
  /** The number of index fields before those of the wanted order: with it the entries can be sorted before any document is read. */
  readonly fieldsBeforeOrder: number | undefined;
}

interface Bounds {
  /** Values of an equality or `$in`. */
  points: Value[] | undefined;
  lower: Bound | undefined;
  upper: Bound | undefined;
  /** How many conditions on the field these bounds express completely. */
  decided: number;
}

interface Bound {
  readonly value: Value;
  readonly inclusive: boolean;
}

const maxPoints = 2000;
const last = Buffer.from([0xff]);

/** Chooses the way to the documents of `filter` in the order of `sort`; `hint` names an index. */
export function plan(collection: CollectionInfo, filter: Filter, sort: readonly SortKey[], hint?: string): Plan {
  const [idIndex] = collection.indexes;
  // Most reads of the product name one _id: nothing else needs to be weighed.
  if (
    hint === undefined &&
    idIndex !== undefined &&
    filter.conditions.some((item) => item.path === '_id' && item.operator === '$eq' && isPoint(item.value))
  ) {
    const direct = consider(collection, idIndex, filter, sort, false);
    if (direct !== undefined) return { ...direct.plan, sorted: true };
  }
  const candidates: { plan: Plan; score: number }[] = [];
  for (const index of collection.indexes) {
    if (hint !== undefined && hint !== index.name) continue;
    const candidate = consider(collection, index, filter, sort, hint !== undefined);
    if (candidate !== undefined) candidates.push(candidate);
  }
  const best = candidates.sort((a, b) => b.score - a.score)[0];
  if (best !== undefined && best.score >= rangeScore) return best.plan;
  return unionPlan(collection, filter, sort) ?? best?.plan ?? fullScan(collection, sort);
}

const pointScore = 100;
const rangeScore = 30;
const sortScore = 20;

function fullScan(collection: CollectionInfo, sort: readonly SortKey[]): Plan {
  const range = { start: prefixOf(collection.id), end: prefixOf(collection.id + 1) };
  const byId = sort.length > 0 && sort[0]?.path === '_id';
  return {
    kind: 'records',
    index: undefined,
    ranges: [range],
    branches: [],
    reverse: byId && sort[0]?.descending === true,
    sorted: sort.length === 0 || byId,
    full: true,
    repeats: false,
    decided: false,
    fieldsBeforeOrder: undefined,
  };
}

/** An `$or` whose branches all have an index is read branch by branch. */
function unionPlan(collection: CollectionInfo, filter: Filter, sort: readonly SortKey[]): Plan | undefined {
  if (filter.branches.length === 0) return undefined;
  const branches = filter.branches.map((branch) => plan(collection, branch, []));
  if (branches.some((branch) => branch.full)) return undefined;
  const way = { kind: 'union', index: undefined, ranges: [], branches, reverse: false, sorted: sort.length === 0, full: false } as const;
  return { ...way, repeats: true, decided: false, fieldsBeforeOrder: undefined };
}

function consider(
  collection: CollectionInfo,
  index: IndexInfo,
  filter: Filter,
  sort: readonly SortKey[],
  hinted: boolean,
): { plan: Plan; score: number } | undefined {
  if (index.partial !== undefined && !implies(filter.conditions, index.partial)) return undefined;
  const isId = index.id === 0;
  let prefixes: Buffer[] = [prefixOf(isId ? collection.id : index.id)];
  let score = 0;
  let single = 0;
  let ranges: Range[] | undefined;
  let excludesMissing = false;
  let decided = 0;
  for (const field of index.fields) {
    const bounds = boundsOf(filter.conditions, field.path, index.multikey);
    if (bounds === undefined) break;
    decided += bounds.decided;
    if (bounds.points !== undefined) {
      const { points } = bounds;
      if (prefixes.length * points.length > maxPoints) break;
      prefixes = prefixes.flatMap((prefix) => points.map((value) => Buffer.concat([prefix, encodeField(value, field.descending)])));
      excludesMissing ||= points.every((value) => value !== null);
      score += pointScore - Math.min(points.length, 50);
      if (points.length === 1 && single >= 0) single += 1;
      else single = -1;
      continue;
    }
    ranges = prefixes.map((prefix) => rangeOf(prefix, bounds, field.descending));
    excludesMissing = true;
    score += rangeScore + (bounds.lower !== undefined && bounds.upper !== undefined ? 5 : 0);
    break;
  }
  if (index.sparse && !excludesMissing) return undefined;
  const ranged = ranges !== undefined;
  ranges ??= prefixes.map((prefix) => ({ start: cutBound(prefix), end: Buffer.concat([cutBound(prefix), last]) }));
  const direction =
    single < 0 || index.shortened || (index.multikey && !ordersBelowOneValue(index, sort, single))
      ? undefined
      : sortDirection(index, sort, Math.max(single, 0), filter.conditions);
  if (direction !== undefined && sort.length > 0) score += sortScore;
  if (index.unique && single === index.fields.length) score += 1000;
  if (score === 0 && !hinted) return undefined;
  const points = prefixes.length > 1;
  return {
    score,
    plan: {
      kind: isId ? 'records' : 'index',
      index,
      ranges: ranges.length > 1 ? ranges.sort((a, b) => Buffer.compare(a.start, b.start)) : ranges,
      branches: [],
      reverse: direction === 'reverse',
      sorted: sort.length === 0 || direction !== undefined,
      full: score < rangeScore,
      repeats: index.multikey || points,
      decided: !isId && filter.exact && decided === filter.conditions.length && !points && !index.multikey && !index.shortened,
      fieldsBeforeOrder: ranged && !isId && !points && !index.multikey && !index.shortened ? fieldsBefore(index, sort, single) : undefined,
    },
  };
}

/** How many index fields stand before those of the order, when these directly follow the range's field in the same directions. */
function fieldsBefore(index: IndexInfo, sort: readonly SortKey[], single: number): number | undefined {
  const before = single + 1;
  const follow = sort.every((key, at) => {
    const field = index.fields[before + at];
    return field?.path === key.path && field.descending === key.descending;
  });
  return sort.length > 0 && single >= 0 && follow ? before : undefined;
}

/** An index over an array and then plain fields keeps the order of those fields within each array value, where a document appears once. */
function ordersBelowOneValue(index: IndexInfo, sort: readonly SortKey[], single: number): boolean {
  const [array] = index.fields;
  return single > 0 && !index.arraysLater && sort.every((key) => key.path !== array?.path);
}

/** Whether reading the index gives the wanted order, and in which direction, when its first `fixed` fields have one value each. */
function sortDirection(
  index: IndexInfo,
  sort: readonly SortKey[],
  fixed: number,
  conditions: readonly Condition[],
): 'forward' | 'reverse' | undefined {
  const constant = new Set(index.fields.slice(0, fixed).map((field) => field.path));
  for (const condition of conditions) if (condition.operator === '$eq' && !Array.isArray(condition.value)) constant.add(condition.path);
  const wanted = sort.filter((key) => !constant.has(key.path) || index.fields.slice(fixed).some((field) => field.path === key.path));
  let direction: 'forward' | 'reverse' | undefined;
  for (const [at, key] of wanted.entries()) {
    const field = index.fields[fixed + at];
    // After the last field of a non-unique index the entries are in order of _id.
    const descending =
      field === undefined && key.path === '_id' && at + fixed === index.fields.length && !index.unique ? false : field?.descending;
    if (descending === undefined || (field !== undefined && field.path !== key.path)) return undefined;
    const needed = descending === key.descending ? 'forward' : 'reverse';
    if (direction !== undefined && direction !== needed) return undefined;
    direction = needed;
  }
  return direction ?? 'forward';
}

function boundsOf(conditions: readonly Condition[], path: string, multikey: boolean): Bounds | undefined {
  const bounds: Bounds = { points: undefined, lower: undefined, upper: undefined, decided: 0 };
  const own = conditions.filter((condition) => condition.path === path);
  for (const { operator, value } of own) {
    switch (operator) {
      case '$eq':
        if (isPoint(value)) bounds.points = [value];
        break;
      case '$in':
        if (bounds.points === undefined && Array.isArray(value) && value.every(isPoint)) bounds.points = value;
        break;
      case '$gt':
      case '$gte':
        if (isBound(value)) bounds.lower = tighter(bounds.lower, { value, inclusive: operator === '$gte' }, 1);
        break;
      case '$lt':
      case '$lte':
        if (isBound(value)) bounds.upper = tighter(bounds.upper, { value, inclusive: operator === '$lte' }, -1);
        break;
      case '$regex': {
        const prefix = literalPrefix(value);
        if (prefix === undefined) break;
        bounds.lower ??= { value: prefix, inclusive: true };
        bounds.upper ??= { value: `${prefix}\u{10ffff}`, inclusive: true };
        break;
      }
      case '$exists':
      case '$ne':
        break;
    }
  }
  // A missing field sorts as null; documents and patterns follow rules of their own.
  const plain = own.every(({ operator, value }) => operator !== '$regex' && operator !== '$exists' && operator !== '$ne' && isPlain(value));
  if (bounds.points !== undefined) return { ...bounds, decided: plain && own.length === 1 ? 1 : 0 };
  if (bounds.lower === undefined && bounds.upper === undefined) return undefined;
  if (bounds.lower !== undefined && bounds.upper !== undefined) {
    // Two elements of one array may each satisfy one side, so only one side bounds a multikey index. Sides of different types match
    // nothing, so the wider range is safe.
    if (multikey || rankOf(bounds.lower.value) !== rankOf(bounds.upper.value)) return { ...bounds, upper: undefined };
  }
  // The bounds decide only when all values are of one kind: of two kinds the wider bound may have been kept.
  const kinds = new Set(own.map(({ value }) => rankOf(value)));
  return { ...bounds, decided: plain && kinds.size === 1 ? own.length : 0 };
}

/** Whether an index entry holds the value in the form in which it is compared. */
function isPlain(value: Value): boolean {
  return (
    typeof value === 'string' || typeof value === 'boolean' || value instanceof Date || (isNumeric(value) && !Number.isNaN(toNumber(value)))
  );
}

function isPoint(value: Value): boolean {
  return !Array.isArray(value) && !(value instanceof BSONRegExp);
}

function isBound(value: Value): boolean {
  return (
    isPoint(value) &&
    value !== null &&
    !(value instanceof MinKey) &&
    !(value instanceof MaxKey) &&
    !(isNumeric(value) && Number.isNaN(toNumber(value)))
  );
}

function tighter(a: Bound | undefined, b: Bound, sign: 1 | -1): Bound {
  if (a === undefined) return b;
  const order = compare(a.value, b.value) * sign;
  return order > 0 || (order === 0 && !a.inclusive) ? a : b;
}

function rangeOf(prefix: Buffer, bounds: Bounds, descending: boolean): Range {
  const rank = rankOf((bounds.lower ?? bounds.upper)?.value);
  const flip = (byte: number): number => (descending ? ~byte & 0xff : byte);
  const [low, high] = descending ? [bounds.upper, bounds.lower] : [bounds.lower, bounds.upper];
  const key = (bound: Bound, after: boolean): Buffer => {
    const bytes = cutBound(Buffer.concat([prefix, encodeField(bound.value, descending)]));
    return after ? Buffer.concat([bytes, last]) : bytes;
  };
  return {
    start:
      low === undefined ? Buffer.concat([prefix, Buffer.from([flip(rank)])]) : key(low, !low.inclusive && !isCut(prefix, low, descending)),
    end:
      high === undefined
        ? Buffer.concat([prefix, Buffer.from([flip(rank) + 1])])
        : key(high, high.inclusive || isCut(prefix, high, descending)),
  };
}

/** A bound that was cut must stay on the safe side: it includes everything with the same beginning. */
function isCut(prefix: Buffer, bound: Bound, descending: boolean): boolean {
  const whole = Buffer.concat([prefix, encodeField(bound.value, descending)]);
  return cutBound(whole).length < whole.length;
}

/** True when every document the query matches is certainly in the partial index. */
function implies(conditions: readonly Condition[], partial: Filter): boolean {
  return (
    partial.exact &&
    partial.conditions.every((wanted) =>
      conditions.some((given) => {
        if (given.path !== wanted.path) return false;
        if (given.operator === wanted.operator && equal(given.value, wanted.value)) return true;
        if (wanted.operator === '$exists' && wanted.value === true) {
          return given.operator !== '$exists' && given.operator !== '$ne' && given.operator !== '$in' && given.value !== null;
        }
        if (given.operator !== '$eq' || Array.isArray(given.value)) return false;
        const operand = Doc.of({ [wanted.operator]: wanted.value });
        return compileFilter(Doc.of({ value: operand })).test(Doc.of({ value: given.value }));
      }),
    )
  );
}
