import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version of this product as its package.json states it, from the sources as well as from the compiler's output. */
export function productVersion(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const text = readOptional(join(folder, 'package.json'));
    const { name, version } = text === undefined ? {} : (JSON.parse(text) as { name?: string; version?: string });
    if (name === 'proofline' && version !== undefined) return version;
    if (dirname(folder) === folder) throw new Error('The package.json of this product is not above its own files.');
  }
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
