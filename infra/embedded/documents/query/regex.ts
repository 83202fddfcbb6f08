import { BSONRegExp } from 'bson';
import { MongoError } from '../bson/errors.js';
import type { Value } from '../bson/document.js';

/** Compiles a pattern with MongoDB's options (i, m, s, x, u). @throws MongoError BadValue when the pattern cannot be run here. */
export function compileRegex(pattern: string, options: string): RegExp {
  let source = pattern;
  let flags = '';
  const inline = /^\(\?([imsx]+)\)/.exec(source);
  const all = options + (inline?.[1] ?? '');
  if (inline !== null) source = source.slice(inline[0].length);
  for (const option of new Set(all)) {
    if (option === 'i' || option === 'm' || option === 's') flags += option;
    else if (option === 'x') source = withoutLayout(source);
    else if (option !== 'u' && option !== 'l') throw new MongoError('BadValue', `invalid flag in regex options: ${option}`);
  }
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    try {
      // Patterns written for PCRE may escape characters that the Unicode mode does not allow.
      return new RegExp(source, flags);
    } catch {
      throw new MongoError('BadValue', 'Regular expression is invalid');
    }
  }
}

/** Option x: whitespace and comments outside classes do not count. */
function withoutLayout(source: string): string {
  return source.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#.*$/gm, (piece) => (piece.startsWith('\\') || piece.startsWith('[') ? piece : ''));
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
