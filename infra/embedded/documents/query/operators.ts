import { BSONRegExp, BSONSymbol, MaxKey, MinKey } from 'bson';
import { compare, equal, rankOf } from '../bson/compare.js';
import { encodeKey } from '../bson/key.js';
import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toInteger, toNumber } from '../bson/numeric.js';
import { typeName, typeNumbers } from '../bson/types.js';
import { compileRegex } from './regex.js';

/** Tests one value at the end of a path; undefined is a missing field. */
export type LeafTest = (value: Value | undefined) => boolean;

/** True for the value itself or, when it is an array, for one of its elements. */
export function anyElement(test: LeafTest): LeafTest {
  return (value) => test(value) || (Array.isArray(value) && value.some(test));
}

export function equalTo(wanted: Value): LeafTest {
  if (wanted === null) return anyElement((value) => value === null || value === undefined);
  const wantedRank = rankOf(wanted);
  return anyElement((value) => value === wanted || (rankOf(value) === wantedRank && compare(value, wanted) === 0));
}

/** `$gt`, `$gte`, `$lt`, `$lte`: only values of the same type class compare, except with MinKey and MaxKey. */
export function ordered(operator: '$gt' | '$gte' | '$lt' | '$lte', bound: Value): LeafTest {
  const orEqual = operator.endsWith('e');
  const sign = operator.startsWith('$g') ? 1 : -1;
  if (bound === null) return orEqual ? equalTo(null) : () => false;
  const boundRank = rankOf(bound);
  const anyType = bound instanceof MinKey || bound instanceof MaxKey;
  const boundIsNaN = isNumeric(bound) && Number.isNaN(toNumber(bound));
  return anyElement((value) => {
    if (value === undefined || (!anyType && rankOf(value) !== boundRank)) return false;
    // NaN is neither above nor below a number, it only equals itself.
    if (isNumeric(value) && Number.isNaN(toNumber(value)) !== boundIsNaN) return false;
    const result = compare(value, bound) * sign;
    return result > 0 || (orEqual && result === 0);
  });
}

export function oneOf(wanted: readonly Value[]): LeafTest {
  const regexes = wanted.filter((item) => item instanceof BSONRegExp).map((item) => matchesRegex(item));
  const keys = new Set(wanted.filter((item) => item !== null).map((item) => encodeKey(item).toString('latin1')));
  const hasNull = wanted.includes(null);
  const test = anyElement((value) =>
    value === null || value === undefined ? hasNull : keys.size > 0 && keys.has(encodeKey(value).toString('latin1')),
  );
  return regexes.length === 0 ? test : (value) => test(value) || regexes.some((matches) => matches(value));
}

export function matchesRegex(regex: BSONRegExp): LeafTest {
  const compiled = compileRegex(regex.pattern, regex.options);
  return anyElement((value) => {
    if (typeof value === 'string') return compiled.test(value);
    if (value instanceof BSONSymbol) return compiled.test(value.value);
    return value instanceof BSONRegExp && equal(value, regex);
  });
}

export function ofType(wanted: Value): LeafTest {
  const names = new Set<string>();
  for (const item of Array.isArray(wanted) ? wanted : [wanted]) {
    const name = typeof item === 'string' ? item : Object.keys(typeNumbers).find((key) => typeNumbers[key] === toInteger(item));
    if (name === undefined || (name !== 'number' && !(name in typeNumbers))) {
      throw new MongoError('BadValue', `Unknown type name alias: ${typeof item === 'string' ? item : 'number'}`);
    }
    if (name === 'number') for (const numeric of ['int', 'long', 'double', 'decimal']) names.add(numeric);
    else names.add(name);
  }
  return anyElement((value) => value !== undefined && names.has(typeName(value)));
}

export function ofSize(wanted: Value): LeafTest {
  if (!isNumeric(wanted) || !Number.isInteger(toNumber(wanted)) || toNumber(wanted) < 0) {
    throw new MongoError('BadValue', 'Failed to parse $size. Expected a non-negative integer');
  }
  const size = toNumber(wanted);
  return (value) => Array.isArray(value) && value.length === size;
}

export function modulo(wanted: Value): LeafTest {
  if (!Array.isArray(wanted) || wanted.length !== 2) throw new MongoError('BadValue', 'malformed mod, needs to be an array of two numbers');
  const divisor = toInteger(wanted[0]);
  const rest = toInteger(wanted[1]);
  if (divisor === undefined || rest === undefined) throw new MongoError('BadValue', 'malformed mod, needs to be an array of two numbers');
  if (divisor === 0) throw new MongoError('BadValue', 'divisor cannot be 0');
  return anyElement((value) => isNumeric(value) && Number.isFinite(toNumber(value)) && Math.trunc(toNumber(value)) % divisor === rest);
}

/** A document whose first key is an operator, such as `{ $gt: 1 }`. */
export function isOperatorDocument(value: Value | undefined): value is Doc {
  const first = value instanceof Doc ? value.firstKey() : undefined;
  return first?.startsWith('$') === true && !isReferenceField(first);
}

/** The fields of a DBRef, which are names, not operators. */
export const isReferenceField = (name: string): boolean => name === '$ref' || name === '$id' || name === '$db';
