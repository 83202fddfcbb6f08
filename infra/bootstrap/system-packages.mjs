import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './language.mjs';
import { mustRun } from './run-command.mjs';
import { Stop } from './stop.mjs';

/** Packages the product runs on. `command` finds an installation that did not come from a Debian package. */
export const productPackages = [
  { name: 'rtpengine-daemon', command: 'rtpengine' },
  { name: 'valkey-server', command: 'valkey-server' },
  { name: 'ffmpeg', command: 'ffmpeg' },
  { name: 'nftables', command: 'nft' },
];

/**
 * Packages that only the tests use: a browser, third-party programs that speak the same protocols, and readers of what the product writes.
 */
export const testPackages = [
  { name: 'chromium', command: 'chromium' },
  { name: 'sip-tester', command: 'sipp' },
  { name: 'baresip', command: 'baresip' },
  { name: 'kamailio', command: 'kamailio' },
  { name: 'keepalived', command: 'keepalived' },
  { name: 'python3-boto3' },
  { name: 'python3-pymongo' },
  { name: 'sox', command: 'sox' },
  { name: 'espeak-ng', command: 'espeak-ng' },
  { name: 'poppler-utils', command: 'pdftotext' },
  { name: 'graphviz', command: 'dot' },
  { name: 'snmpd', command: 'snmpd' },
  { name: 'fonts-noto-cjk' },
];

/** Packages that only the tier `engines` uses: a clustered S3 store, systemd's checks, and a Debian with nothing on it. Kamailio and Valkey are among the packages above. */
export const enginePackages = [
  { name: 'ceph-mon', command: 'ceph-mon' },
  { name: 'ceph-osd', command: 'ceph-osd' },
  { name: 'radosgw', command: 'radosgw' },
  { name: 'systemd', command: 'systemd-analyze' },
  { name: 'debootstrap', command: 'debootstrap' },
];

const NEEDED_BYTES = 2_000_000_000;

function onPath(command) {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function installedByDpkg(names) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package}\n', ...names], { encoding: 'utf8' });
  return new Set(
    (stdout ?? '')
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.split(' ')[1]),
  );
}

function missingOf(packages) {
  const absent = packages.filter(({ command }) => command === undefined || !onPath(command));
  if (absent.length === 0) return [];
  const installed = installedByDpkg(absent.map(({ name }) => name));
  return absent.map(({ name }) => name).filter((name) => !installed.has(name));
}

/** Whether `/etc/os-release` names Debian, Ubuntu or a derivative of them. */
export function isDebianLike(osRelease) {
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].flatMap(([, value]) => (value ?? '').replaceAll('"', '').split(/\s+/));
  return ids.includes('debian') || ids.includes('ubuntu');
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

const script = ['infra', 'bootstrap', 'install-packages.sh'];

/** @returns the names of what was installed */
export async function ensureSystemPackages(root, packages) {
  const missing = missingOf(packages);
  if (missing.length === 0) return [];
  if (!isDebianLike(readOsRelease()))
    throw new Stop(
      say(
        `This system is not Debian or Ubuntu, and it lacks: ${missing.join(' ')}. Run the product in containers: docker compose up`,
        `本系统不是 Debian 或 Ubuntu，且缺少：${missing.join(' ')}。请用容器运行：docker compose up`,
      ),
    );
  const { bavail, bsize } = statfsSync('/usr');
  if (bavail * bsize < NEEDED_BYTES)
    throw new Stop(say('Less than 2 GB of disk is free: too little for the system packages.', '可用磁盘不足 2 GB，无法安装系统软件包。'));
  const file = join(root, ...script);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0)
    throw new Stop(
      say(
        `System packages are missing and only root may install them. Run this, then start again:\n  sudo sh ${script.join('/')} ${missing.join(' ')}`,
        `缺少系统软件包，只有 root 可以安装。请先运行以下命令，再重新启动：\n  sudo sh ${script.join('/')} ${missing.join(' ')}`,
      ),
    );
  const [command, args] = isRoot ? ['sh', [file, ...missing]] : ['sudo', ['-n', 'sh', file, ...missing]];
  await mustRun(root, command, args, { log: 'system-packages', what: say('Installing the system packages', '安装系统软件包') });
  return missing;
}
