import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const skipped = new Set(['node_modules', 'dist', '.cache', '.data', '.git', 'coverage']);

function* filesUnder(path) {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') yield path;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (skipped.has(entry.name)) continue;
    const child = join(path, entry.name);
    if (entry.isDirectory()) yield* filesUnder(child);
    else if (entry.isFile()) yield child;
  }
}

/** SHA-256 over the names and contents of all files under `paths`; generated folders are left out. */
export function fingerprint(root, paths, keep = () => true) {
  const hash = createHash('sha256');
  for (const path of paths)
    for (const file of filesUnder(join(root, path))) {
      const name = relative(root, file);
      if (!keep(name)) continue;
      hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
    }
  return hash.digest('hex');
}

const stampFile = (root, name) => join(root, '.cache', 'bootstrap', name);

/** The fingerprint that the step `name` last ran with; '' when it never ran. */
export function readStamp(root, name) {
  try {
    return readFileSync(stampFile(root, name), 'utf8').trim();
  } catch {
    return '';
  }
}

export function writeStamp(root, name, value) {
  mkdirSync(dirname(stampFile(root, name)), { recursive: true });
  writeFileSync(stampFile(root, name), `${value}\n`);
}
