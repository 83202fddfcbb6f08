import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** @returns the SHA-256 of a file, in hex */
export async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * One entry of the file `Packages` of a Debian repository (repository format, "Packages" indices).
 * @param control the fields of the package itself, as `dpkg-deb --field` prints them
 * @param file { name, bytes, sha256 }
 */
export const packageEntry = (control, { name, bytes, sha256 }) =>
  `${control.trimEnd()}\nFilename: ./${name}\nSize: ${bytes}\nSHA256: ${sha256}\n`;

/** Writes `Packages` beside the packages of a folder, so that apt takes the folder for a repository. @returns how many packages there are */
export async function indexPackages(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.deb'))
    .sort();
  const entries = [];
  for (const name of names) {
    const file = join(folder, name);
    const { status, stdout, stderr } = spawnSync('dpkg-deb', ['--field', file], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`dpkg-deb cannot read ${name}: ${stderr.trim()}`);
    entries.push(packageEntry(stdout, { name, bytes: statSync(file).size, sha256: await sha256Of(file) }));
  }
  writeFileSync(join(folder, 'Packages'), entries.join('\n'));
  return names.length;
}
