import { createHash } from 'node:crypto';
import { readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { readStamp, writeStamp } from './fingerprint.mjs';
import { say } from './language.mjs';
import { mustRun } from './run-command.mjs';
import { Stop } from './stop.mjs';

/** Disk space that installing all packages takes, with room for npm's own cache. */
const NEEDED_BYTES = 1_500_000_000;

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether every package is installed in the version that the lock file wants. Optional packages for other systems may be missing, and so
 * may the links to this repository's own workspaces: nothing imports a workspace by its name.
 */
export function installedMatches(lock, installed) {
  if (installed?.packages === undefined) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || !path.includes('node_modules/') || wanted.link === true) return true;
    const found = installed.packages[path];
    if (found === undefined) return wanted.optional === true || wanted.peer === true || wanted.devOptional === true;
    return found.version === wanted.version;
  });
}

/** @returns whether something was installed */
export async function ensureNpmPackages(root) {
  const lockFile = join(root, 'package-lock.json');
  const wanted = createHash('sha256').update(readFileSync(lockFile)).update(process.versions.modules).digest('hex');
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (installed !== undefined && readStamp(root, 'npm-packages') === wanted) return false;
  if (!installedMatches(readJson(lockFile), installed)) {
    const { bavail, bsize } = statfsSync(root);
    if (bavail * bsize < NEEDED_BYTES)
      throw new Stop(
        say('Less than 1.5 GB of disk is free: too little for the npm packages.', '可用磁盘不足 1.5 GB，无法安装 npm 软件包。'),
      );
    await mustRun(root, 'npm', ['ci', '--no-audit', '--no-fund', '--include=dev'], {
      log: 'npm-packages',
      what: say('Installing the npm packages', '安装 npm 软件包'),
    });
    writeStamp(root, 'npm-packages', wanted);
    return true;
  }
  writeStamp(root, 'npm-packages', wanted);
  return false;
}
