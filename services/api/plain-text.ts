import { isPlainText } from '../shared/domain/plain-text.js';

/** No valid request is nested deeper. */
const DEEPEST = 64;

/**
 * Finds text that is not plain in a request and returns its path. Field names are checked too, and too deep nesting counts as not plain.
 * Undefined when everything is plain.
 */
export function unplainTextIn(value: unknown, path: readonly (string | number)[] = []): readonly (string | number)[] | undefined {
  if (typeof value === 'string') return isPlainText(value) ? undefined : path;
  if (value === null || typeof value !== 'object') return undefined;
  if (path.length > DEEPEST) return path;
  if (Array.isArray(value)) return firstOf(value.entries(), path);
  for (const name of Object.keys(value)) if (!isPlainText(name)) return path;
  return firstOf(Object.entries(value), path);
}

function firstOf(
  entries: Iterable<readonly [string | number, unknown]>,
  path: readonly (string | number)[],
): readonly (string | number)[] | undefined {
  for (const [name, value] of entries) {
    const found = unplainTextIn(value, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}
