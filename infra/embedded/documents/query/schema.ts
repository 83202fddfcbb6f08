import { equal } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toNumber } from '../bson/numeric.js';
import { typeName } from '../bson/types.js';
import { ofType } from './operators.js';

type Check = (value: Value) => boolean;

/** Compiles a `$jsonSchema`: the keywords validators use. @throws MongoError FailedToParse for any other keyword, never ignoring it. */
export function compileSchema(schema: Doc): Check {
  const checks = [...schema.entries()].flatMap(([keyword, value]) => compileKeyword(keyword, value) ?? []);
  return (value) => checks.every((check) => check(value));
}

const jsonTypes: Readonly<Record<string, readonly string[]>> = {
  object: ['object'],
  array: ['array'],
  string: ['string'],
  boolean: ['bool'],
  null: ['null'],
  number: ['int', 'long', 'double', 'decimal'],
};

function compileKeyword(keyword: string, value: Value): Check | undefined {
  switch (keyword) {
    case 'bsonType':
      return ofTypeExactly(value);
    case 'type': {
      const names = (Array.isArray(value) ? value : [value]).flatMap((name) => (typeof name === 'string' ? (jsonTypes[name] ?? []) : []));
      return (item) => names.includes(typeName(item));
    }
    case 'required': {
      const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
      return (item) => !(item instanceof Doc) || names.every((name) => item.has(name));
    }
    case 'properties': {
      const properties = [...documentOf(keyword, value).entries()].map(
        ([name, schema]) => [name, compileSchema(documentOf(name, schema))] as const,
      );
      return (item) =>
        !(item instanceof Doc) ||
        properties.every(([name, check]) => {
          const field = item.get(name);
          return field === undefined || check(field);
        });
    }
    case 'additionalProperties':
      if (value === true) return undefined;
      throw new MongoError('FailedToParse', "$jsonSchema keyword 'additionalProperties' is supported as true only");
    case 'items': {
      const check = compileSchema(documentOf(keyword, value));
      return (item) => !Array.isArray(item) || item.every(check);
    }
    case 'enum': {
      const allowed = Array.isArray(value) ? value : [];
      return (item) => allowed.some((other) => equal(other, item));
    }
    case 'minimum':
    case 'maximum':
      return bound(keyword, value);
    case 'minLength':
    case 'maxLength':
      return sizeOf(keyword, value, (item) => (typeof item === 'string' ? Array.from(item).length : undefined));
    case 'minItems':
    case 'maxItems':
      return sizeOf(keyword, value, (item) => (Array.isArray(item) ? item.length : undefined));
    case 'pattern': {
      const pattern = new RegExp(typeof value === 'string' ? value : '');
      return (item) => typeof item !== 'string' || pattern.test(item);
    }
    case 'title':
    case 'description':
      return undefined;
    default:
      throw new MongoError('FailedToParse', `$jsonSchema keyword '${keyword}' is not supported by this store`);
  }
}

function ofTypeExactly(value: Value): Check {
  const test = ofType(value);
  // An array counts by itself here, not by its elements.
  const array = (Array.isArray(value) ? value : [value]).includes('array');
  return (item) => (Array.isArray(item) ? array : test(item));
}

function bound(keyword: string, value: Value): Check {
  if (!isNumeric(value)) throw new MongoError('FailedToParse', `$jsonSchema keyword '${keyword}' must be a number`);
  const limit = toNumber(value);
  return (item) => !isNumeric(item) || (keyword === 'minimum' ? toNumber(item) >= limit : toNumber(item) <= limit);
}

function sizeOf(keyword: string, value: Value, measure: (item: Value) => number | undefined): Check {
  if (!isNumeric(value)) throw new MongoError('FailedToParse', `$jsonSchema keyword '${keyword}' must be a number`);
  const limit = toNumber(value);
  return (item) => {
    const size = measure(item);
    return size === undefined || (keyword.startsWith('min') ? size >= limit : size <= limit);
  };
}

function documentOf(keyword: string, value: Value): Doc {
  if (!(value instanceof Doc)) throw new MongoError('TypeMismatch', `$jsonSchema keyword '${keyword}' must be an object`);
  return value;
}
