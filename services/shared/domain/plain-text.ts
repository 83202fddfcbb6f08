const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const DELETE = 0x7f;
const HALF_A_PAIR = /\p{Surrogate}/u;
/** Embedding, override and isolate from right to left (Unicode Annex 9): text after them is shown in another order than it is stored in. */
const TURNS_AROUND = /[\u202b\u202e\u2067]/;

/**
 * Text that every store and every document can contain: well-formed UTF-16 without control characters other than white space (tab, line
 * ends, form feed), and without characters that turn the text after them around: a name must not look like another one in a list or an
 * evidence pack. A zero byte would end a regular expression of the document store, and half a surrogate pair cannot be written as UTF-8.
 */
export function isPlainText(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < SPACE && (code < TAB || code > CARRIAGE_RETURN)) || code === DELETE) return false;
  }
  return !HALF_A_PAIR.test(text) && !TURNS_AROUND.test(text);
}
