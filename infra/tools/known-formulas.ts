import { createHash } from 'node:crypto';
import { formulas } from '../../services/evidence/index.js';

const BEGIN = /(\/\*|#) formulas:begin( \*\/)?/;
const END = /(\/\*|#) formulas:end( \*\/)?/;

/** What the verifiers know of the published formulas: version and digest of text and unit, by key. JSON is a literal of both their languages. */
const knownFormulas = (): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(formulas).map(([key, { version, text, unit }]) => [
        key,
        [version, createHash('sha256').update(`${text.zh}\n${text.en}\n${unit}`).digest('hex')],
      ]),
    ),
  );

/** A verifier's source with the table of formulas as it is now. */
export function withKnownFormulas(source: string): string {
  const [begin, end] = [BEGIN.exec(source), END.exec(source)];
  if (begin === null || end === null) throw new Error('the verifier has no place for the formulas');
  const indent = begin[2] === undefined ? '\n    ' : ' ';
  return `${source.slice(0, begin.index + begin[0].length)}${indent}${knownFormulas()}${indent}${source.slice(end.index)}`;
}
