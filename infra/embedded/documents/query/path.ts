import { compare } from '../bson/compare.js';
import { Doc, type Value } from '../bson/document.js';

const splitPaths = new Map<string, readonly string[]>();

/** The parts of a path such as `a.b.0`, cached. */
export function pathParts(path: string): readonly string[] {
  let parts = splitPaths.get(path);
  if (parts === undefined) {
    if (splitPaths.size > 4096) splitPaths.clear();
    parts = path.split('.');
    splitPaths.set(path, parts);
  }
  return parts;
}

/** An array position such as `0` or `12`; undefined for any other name. */
export function arrayIndex(part: string): number | undefined {
  return /^(0|[1-9]\d{0,8})$/.test(part) ? Number(part) : undefined;
}

/**
 * Asks `found` for every value a path leads to, through documents and, as MongoDB does, through the elements of arrays on the way.
 * An array at the end of the path is handed over whole. Stops at the first true.
 */
export function someAt(
  value: Value | undefined,
  parts: readonly string[],
  from: number,
  found: (value: Value | undefined) => boolean,
): boolean {
  const part = parts[from];
  if (part === undefined) return found(value);
  if (value instanceof Doc) return someAt(value.get(part), parts, from + 1, found);
  if (!Array.isArray(value)) return found(undefined);
  const index = arrayIndex(part);
  if (index !== undefined && index < value.length && someAt(value[index], parts, from + 1, found)) return true;
  return value.some((element) => element instanceof Doc && someAt(element.get(part), parts, from + 1, found));
}

/** The values an index or a `distinct` sees at a path: array elements one by one; `multikey` tells that an array was opened. */
export function leafValues(doc: Doc, path: string): { readonly values: (Value | undefined)[]; readonly multikey: boolean } {
  const values: (Value | undefined)[] = [];
  let multikey = false;
  const parts = pathParts(path);
  if (parts.length > 1 && crossesArray(doc, parts)) multikey = true;
  someAt(doc, parts, 0, (value) => {
    if (Array.isArray(value)) {
      multikey = true;
      if (value.length === 0) values.push(undefined);
      else values.push(...value);
    } else values.push(value ?? null);
    return false;
  });
  if (values.length === 0) values.push(null);
  return { values, multikey };
}

function crossesArray(doc: Doc, parts: readonly string[]): boolean {
  let value: Value | undefined = doc;
  for (const part of parts) {
    if (Array.isArray(value)) return true;
    if (!(value instanceof Doc)) return false;
    value = value.get(part);
  }
  return false;
}

/** The value at a path without looking into arrays: what `$group`, `$lookup` and shard-like keys need. */
export function plainAt(doc: Doc, path: string): Value | undefined {
  let value: Value | undefined = doc;
  for (const part of pathParts(path)) {
    if (!(value instanceof Doc)) return undefined;
    value = value.get(part);
  }
  return value;
}

/** What a document sorts by at a path: the least element of an array ascending, the greatest descending; missing sorts as null. */
export function sortValue(doc: Doc, path: string, descending: boolean): Value | undefined {
  const parts = pathParts(path);
  const direct = parts.length === 1 ? doc.get(path) : undefined;
  if (direct !== undefined && !Array.isArray(direct)) return direct;
  const { values } = leafValues(doc, path);
  return values.reduce((best, value) => (compare(value, best) < 0 === !descending && compare(value, best) !== 0 ? value : best));
}
