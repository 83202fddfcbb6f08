import { createHash } from 'node:crypto';
import { formulas, tableWords } from '../../services/evidence/index.js';

interface Place {
  readonly begin: RegExp;
  readonly end: RegExp;
  readonly value: () => object;
}

/**
 * What the verifiers know of the product, with its place in their source: of the published formulas version and digest of text and unit, of
 * the tables for office programs their heads and words. JSON is a literal of both their languages.
 */
const places: readonly Place[] = [
  {
    begin: /(\/\*|#) formulas:begin( \*\/)?/,
    end: /(\/\*|#) formulas:end( \*\/)?/,
    value: () =>
      Object.fromEntries(
        Object.entries(formulas).map(([key, { version, text, unit }]) => [
          key,
          [version, createHash('sha256').update(`${text.zh}\n${text.en}\n${unit}`).digest('hex')],
        ]),
      ),
  },
  { begin: /(\/\*|#) tables:begin( \*\/)?/, end: /(\/\*|#) tables:end( \*\/)?/, value: tableWords },
];

/** A verifier's source with these as they are now. */
export const withKnowledge = (source: string): string => places.reduce(filled, source);

function filled(source: string, place: Place): string {
  const [begin, end] = [place.begin.exec(source), place.end.exec(source)];
  if (begin === null || end === null) throw new Error('the verifier has no place for what it must know');
  const indent = begin[2] === undefined ? '\n    ' : ' ';
  return `${source.slice(0, begin.index + begin[0].length)}${indent}${JSON.stringify(place.value())}${indent}${source.slice(end.index)}`;
}
