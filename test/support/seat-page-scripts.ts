import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = join(import.meta.dirname, '..', '..', 'web-agent', 'dist');

/** How many scripts the seat page loads before its lazy parts, and their compressed size. */
export function seatPageScripts(): { readonly files: number; readonly bytes: number } {
  const read = (name: string): Buffer => readFileSync(join(dist, 'assets', name));
  const names = new Set<string>();
  const add = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    for (const [, next] of read(name)
      .toString()
      .matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
      if (next !== undefined) add(next);
  };
  // The page that the core starts stands among the files to fetch ahead.
  for (const [, entry] of readFileSync(join(dist, 'index.html'), 'utf8').matchAll(/assets\/([\w.-]+\.js)/g))
    if (entry !== undefined) add(entry);
  return { files: names.size, bytes: [...names].reduce((sum, name) => sum + gzipSync(read(name)).length, 0) };
}
