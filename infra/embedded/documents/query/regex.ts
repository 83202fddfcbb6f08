import { BSONRegExp } from 'bson';
import { RE2JS } from 're2js';
import { MongoError } from '../bson/errors.js';
import type { Value } from '../bson/document.js';

const maxPatternLength = 16_384;

/**
 * Compiles a pattern with MongoDB's options (i, m, s, x, u) for RE2's engine, whose time grows only with the length of the text: with a
 * backtracking engine one client's pattern could block the store for ever. Look-around and back references do not exist there.
 *
 * @throws MongoError BadValue when the pattern is wrong or cannot be run here.
 */
export function compileRegex(pattern: string, options: string): Pick<RE2JS, 'test'> {
  if (pattern.length > maxPatternLength)
    throw new MongoError('BadValue', `A regular expression may have at most ${maxPatternLength} characters`);
  let source = pattern;
  let flags = 0;
  for (const option of options) {
    if (option === 'i') flags |= RE2JS.CASE_INSENSITIVE;
    else if (option === 'm') flags |= RE2JS.MULTILINE;
    else if (option === 's') flags |= RE2JS.DOTALL;
    else if (option === 'x') source = withoutLayout(source);
    else if (option !== 'u' && option !== 'l') throw new MongoError('BadValue', `invalid flag in regex options: ${option}`);
  }
  try {
    return RE2JS.compile(source, flags);
  } catch {
    throw new MongoError(
      'BadValue',
      'Regular expression is invalid, or uses look-around or back references, which this store does not support',
    );
  }
}

/** Option x: whitespace and comments outside classes do not count. */
function withoutLayout(source: string): string {
  return source.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\s+|#.*$/gm, (piece) => (piece.startsWith('\\') || piece.startsWith('[') ? piece : ''));
}

/** The literal text every match starts with (`/^abc/`), for index bounds; undefined when there is none. */
export function literalPrefix(value: Value | undefined): string | undefined {
  if (!(value instanceof BSONRegExp) || /[imx]/.test(value.options) || !value.pattern.startsWith('^')) return undefined;
  const body = value.pattern.slice(1);
  if (body.includes('|')) return undefined;
  const literal = /^[^\\^$.|?*+()[\]{}]*/.exec(body)?.[0] ?? '';
  // A quantifier makes the last character optional.
  const prefix = /[?*{]/.test(body.charAt(literal.length)) ? literal.slice(0, -1) : literal;
  return prefix === '' ? undefined : prefix;
}
