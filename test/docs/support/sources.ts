import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..', '..');

export interface Source {
  /** Relative to the root of the project. */
  readonly path: string;
  /** The source without comments. */
  readonly code: string;
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

const known = new Map<string, Source[]>();

/** The sources below a folder, tests left out; read once. */
export function sourcesUnder(folder: string): Source[] {
  const found = known.get(folder) ?? readSources(folder);
  known.set(folder, found);
  return found;
}

function readSources(folder: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesUnder(path);
    if (!/\.(tsx?|mjs)$/.test(entry.name) || /\.test\.tsx?$/.test(entry.name)) return [];
    return [{ path, code: withoutComments(readFileSync(join(root, path), 'utf8')) }];
  });
}

export const sliceOf = ({ path }: Source): string => path.split('/')[1] ?? '';

/** The slices under services/, in alphabetical order. */
export const slices = readdirSync(join(root, 'services'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared' && entry.name !== 'main')
  .map(({ name }) => name)
  .sort();
