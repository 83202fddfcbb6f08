import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = '.cache/conformance';

/** Where a suite of somebody else is, and what it is. */
export interface Source {
  readonly folder: string;
  readonly from: string;
}

/**
 * A folder within a Debian package, which is fetched and unpacked, not installed; undefined when apt has no such package. What was fetched
 * before is taken again.
 */
export async function ofDebianPackage(name: string, within: string): Promise<Source | undefined> {
  const folder = join(CACHE, name);
  if (!existsSync(join(folder, within))) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    try {
      await run('apt-get', ['download', name], { cwd: folder });
      const [file = ''] = (await readdir(folder)).filter((each) => each.endsWith('.deb'));
      await run('dpkg', ['-x', file, '.'], { cwd: folder });
    } catch {
      return undefined;
    }
  }
  if (!existsSync(join(folder, within))) return undefined;
  const [file = name] = (await readdir(folder)).filter((each) => each.endsWith('.deb'));
  const [, version = ''] = decodeURIComponent(file).split('_');
  return { folder: join(folder, within), from: `Debian's ${name} ${version}` };
}
