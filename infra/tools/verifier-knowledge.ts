import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formulas, tableWords } from '../../services/evidence/index.js';

interface Place {
  readonly begin: RegExp;
  readonly end: RegExp;
  readonly value: () => object;
}

/**
 * What the verifiers know of the product, with its place in their source: for the published formulas the version and the digests of text and
 * unit, for the office tables their headings and words. JSON is a valid literal in both their languages.
 */
const places: readonly Place[] = [
  {
    begin: /(\/\*|#) formulas:begin( \*\/)?/,
    end: /(\/\*|#) formulas:end( \*\/)?/,
    value: () =>
      Object.fromEntries(
        Object.entries(formulas).map(([key, { version, text, unit }]) => [
          key,
          [version, ...new Set([digestOf({ text, unit }), ...sealedDigests(key, version)])],
        ]),
      ),
  },
  { begin: /(\/\*|#) tables:begin( \*\/)?/, end: /(\/\*|#) tables:end( \*\/)?/, value: tableWords },
];

const digestOf = ({ text, unit }: { readonly text: { readonly zh: string; readonly en: string }; readonly unit: string }): string =>
  createHash('sha256').update(`${text.zh}\n${text.en}\n${unit}`).digest('hex');

/** The digests that packs were sealed with for one version of a formula: its words may have changed, what it counts has not. */
function sealedDigests(key: string, version: number): string[] {
  const sealed = JSON.parse(readFileSync(join('services', 'evidence', 'quality', 'sealed-formulas.json'), 'utf8')) as string[];
  const of = `${key} ${version}: `;
  return sealed.filter((each) => each.startsWith(of)).map((each) => each.slice(of.length));
}

/** A verifier's source with this knowledge brought up to date. */
export const withKnowledge = (source: string): string => places.reduce(filled, source);

function filled(source: string, place: Place): string {
  const [begin, end] = [place.begin.exec(source), place.end.exec(source)];
  if (begin === null || end === null) throw new Error('the verifier has no place for what it must know');
  const indent = begin[2] === undefined ? '\n    ' : ' ';
  return `${source.slice(0, begin.index + begin[0].length)}${indent}${JSON.stringify(place.value())}${indent}${source.slice(end.index)}`;
}
