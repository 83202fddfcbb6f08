import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { plainPath, type DrawnPage } from './pages.js';

const root = join(import.meta.dirname, '..', '..');
const shell = join(root, 'web-agent', 'src', 'shell');

/** The file of each page, as the shell names it; pages that the shell does not name are of the shell. */
function screens(): Map<string, string> {
  const text = readFileSync(join(shell, 'pages.tsx'), 'utf8');
  const found = [...text.matchAll(/path: '([^']+)'(?:(?!path: ')[\s\S])*?import\('([^']+)\.js'\)/g)];
  // The seat is the one page that is not fetched when it is first opened.
  const seat = ['/seat', join(shell, '..', 'screens', 'seat', 'seat-page.tsx')] as const;
  return new Map([seat, ...found.map(([, path = '', file = '']) => [path, join(shell, `${file}.tsx`)] as const)]);
}

/** For each page the hash of every source that it is made of, without the shell around it and the words. */
export async function sourcesOf(pages: readonly DrawnPage[]): Promise<ReadonlyMap<string, string>> {
  const known = screens();
  // A page below another one, such as that of the walls, is loaded by it.
  const fileOf = (path: string): string => known.get(path) ?? known.get(`/${path.split('/')[1] ?? ''}`) ?? join(shell, 'shell.tsx');
  const entries = new Map(pages.map((page) => [plainPath(page), fileOf(plainPath(page))]));
  const { metafile } = await build({
    entryPoints: [...new Set(entries.values())],
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    outdir: 'unused',
    absWorkingDir: root,
    logLevel: 'silent',
    format: 'esm',
  });
  const hashes = new Map<string, string>();
  for (const output of Object.values(metafile.outputs)) {
    if (output.entryPoint === undefined) continue;
    const hash = createHash('sha256');
    for (const file of Object.keys(output.inputs).sort()) hash.update(file).update(readFileSync(join(root, file)));
    hashes.set(join(root, output.entryPoint), hash.digest('hex').slice(0, 16));
  }
  return new Map([...entries].map(([path, file]) => [path, hashes.get(file) ?? '']));
}
