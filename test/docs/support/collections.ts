import { sliceOf, sourcesUnder, type Source } from './sources.js';

/** How a collection is opened: its name comes last. Type arguments may stand before the bracket. */
const TYPES = String.raw`(?:<[^()]*?>)?`;
const NAME = String.raw`\s*(?:'([a-z_]+)'|([A-Z][A-Z_]+)\b|([^'\s)][^,)\n]*))`;
const openings = [
  String.raw`\.collection${TYPES}\(${NAME}`,
  String.raw`\bcollection: ${NAME}`,
  String.raw`\bloose\(${NAME}`,
  String.raw`\bschemaOf${TYPES}\(${NAME}`,
  String.raw`\bcreateReads${TYPES}\(\s*mongo,${NAME}`,
  String.raw`\bmodel<\w+>\(\s*connection,\s*'\w+',${NAME}`,
].map((pattern) => new RegExp(pattern, 'g'));

/** Each collection with the slices that open it; `computed` are the places where its name could not be read. */
export function openedCollections(): { readonly openers: ReadonlyMap<string, ReadonlySet<string>>; readonly computed: readonly string[] } {
  const openers = new Map<string, Set<string>>();
  const computed: string[] = [];
  const sources = sourcesUnder('services');
  const constants = (source: Source, name: string): string | undefined => {
    const own = sources.filter((each) => sliceOf(each) === sliceOf(source)).map(({ code }) => code);
    return own.map((code) => new RegExp(String.raw`const ${name} = '([a-z_]+)'`).exec(code)?.[1]).find((found) => found !== undefined);
  };
  for (const source of sources) {
    // Shared helpers take the name as a parameter; their callers are counted instead.
    if (source.path.startsWith('services/shared/')) continue;
    for (const opening of openings)
      for (const [whole, literal, constant] of source.code.matchAll(opening)) {
        const name = literal ?? (constant === undefined ? undefined : constants(source, constant));
        if (name !== undefined) openers.set(name, (openers.get(name) ?? new Set()).add(sliceOf(source)));
        else if (!whole.endsWith(': string')) computed.push(`${source.path}: ${whole}`);
      }
  }
  return { openers, computed };
}

const opened = openedCollections();

export const collectionsOf = (slice: string): string[] =>
  [...opened.openers].flatMap(([name, openers]) => (openers.has(slice) ? [name] : [])).sort();
