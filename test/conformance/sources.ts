import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = '.cache/conformance';

/** Where an outside suite is, and what it is. */
export interface Source {
  readonly folder: string;
  readonly from: string;
}

/**
 * A folder within a Debian package, which is fetched and unpacked, not installed; undefined when apt has no such package. An earlier
 * download is reused.
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

/**
 * An npm package with what its tests need besides it, installed below `.cache` and nowhere else; undefined when npm cannot fetch it. An
 * earlier installation is reused.
 */
export async function ofNpmPackage(name: string, version: string, besides: Readonly<Record<string, string>>): Promise<Source | undefined> {
  const folder = join(CACHE, 'npm', `${name}-${version}`);
  const installed = join(folder, 'node_modules', name);
  if (!existsSync(installed)) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: version, ...besides } }));
    try {
      await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
    } catch {
      await rm(folder, { recursive: true, force: true });
      return undefined;
    }
  }
  return { folder: resolve(installed), from: `npm's ${name} ${version}` };
}
