import type { Document } from 'mongodb';

// How the unified test format of MongoDB's specifications compares what came with what is expected: numbers by value; a document at the
// root may have extra fields, any other may not.

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('_bsontype' in value) && !(value instanceof Date);

/** A BSON value as plain data, so that an ObjectId or a Long compares with its like. */
const plain = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && ('_bsontype' in value || value instanceof Date) ? JSON.stringify(value) : value;

const bsonTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
  int: (value) => typeof value === 'number' && Number.isInteger(value),
  long: (value) => typeof value === 'bigint' || typeof value === 'number' || (value as { _bsontype?: string })._bsontype === 'Long',
  double: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  object: isDocument,
  array: Array.isArray,
  bool: (value) => typeof value === 'boolean',
  objectId: (value) => (value as { _bsontype?: string } | undefined)?._bsontype === 'ObjectId',
  date: (value) => value instanceof Date,
};

/** Where the two differ, as a path with what was found there; undefined when they match. */
export function difference(expected: unknown, actual: unknown, { path = '', isRoot = true } = {}): string | undefined {
  if (isDocument(expected)) {
    const [operator = ''] = Object.keys(expected);
    if (operator.startsWith('$$')) return special(operator, expected[operator], actual, path, isRoot);
    if (!isDocument(actual)) return `${path || 'it'} is ${show(actual)}`;
    for (const [name, value] of Object.entries(expected)) {
      const found = actual[name] as unknown;
      const differs = difference(value, found, { path: path === '' ? name : `${path}.${name}`, isRoot: false });
      if (differs !== undefined) return differs;
    }
    const more = isRoot ? undefined : Object.keys(actual).find((name) => !(name in expected) && actual[name] !== undefined);
    return more === undefined ? undefined : `${path}.${more} is there`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return `${path || 'it'} is ${show(actual)}`;
    for (const [index, value] of expected.entries()) {
      const differs = difference(value, actual[index], { path: `${path}[${index}]`, isRoot });
      if (differs !== undefined) return differs;
    }
    return undefined;
  }
  if (plain(expected) === plain(actual) || (typeof expected === 'number' && Number(actual) === expected)) return undefined;
  return `${path || 'it'} is ${show(actual)}`;
}

function special(operator: string, expected: unknown, actual: unknown, path: string, isRoot: boolean): string | undefined {
  switch (operator) {
    case '$$unsetOrMatches':
      return actual === undefined ? undefined : difference(expected, actual, { path, isRoot });
    case '$$exists':
      return (actual !== undefined) === expected ? undefined : `${path} is ${show(actual)}`;
    case '$$type': {
      const types = Array.isArray(expected) ? (expected as string[]) : [String(expected)];
      return types.some((type) => bsonTypes[type]?.(actual) === true) ? undefined : `${path} is ${show(actual)}`;
    }
    default:
      return `${operator} is not known here`;
  }
}

const show = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 120));
