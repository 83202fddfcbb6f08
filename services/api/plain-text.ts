const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const DELETE = 0x7f;
const HALF_A_PAIR = /\p{Surrogate}/u;
/** No valid request is nested deeper. */
const DEEPEST = 64;

/**
 * Text that every store and every document can contain: well-formed UTF-16 without control characters other than white space (tab, line
 * ends, form feed). A zero byte would end a regular expression of the document store, and half a surrogate pair cannot be written as UTF-8.
 */
export function isPlainText(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < SPACE && (code < TAB || code > CARRIAGE_RETURN)) || code === DELETE) return false;
  }
  return !HALF_A_PAIR.test(text);
}

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
