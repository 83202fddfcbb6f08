import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

// The bundle on a Debian that has nothing on it and reaches nothing: only its own loopback.

const root = join(import.meta.dirname, '..', '..');
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

let folder: string;
let bundle: string;

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout.slice(-2_000)}${stderr.slice(-2_000)}`);
  return stdout;
}

/** The mirror from which this machine itself installs. */
const mirror = () => /^URIs:\s*(\S+)/m.exec(readFileSync('/etc/apt/sources.list.d/debian.sources', 'utf8'))?.[1] ?? '';

/** A copy of the empty Debian. */
function machine(name: string): string {
  const place = join(folder, name);
  cpSync(join(folder, 'debian'), place, { recursive: true, verbatimSymlinks: true });
  return place;
}

/** Runs a script in a Debian, with processes, mounts and a network of its own in which only the loopback is up. */
function inside(place: string, script: string): { status: number | null; said: string } {
  writeFileSync(join(place, 'root', 'script.sh'), script);
  const enter = [
    'set -e',
    'ip link set lo up',
    'mount --make-rprivate /',
    'mount -t proc proc "$1/proc"',
    'mkdir -p "$1/dev/pts" "$1/dev/shm"',
    'mount --rbind /dev "$1/dev"',
    'mount -t tmpfs tmpfs "$1/tmp"',
    `exec chroot "$1" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=${PATH} sh /root/script.sh`,
  ].join('\n');
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', '--net', '--pid', '--fork', '--kill-child', 'sh', '-c', enter, 'enter', place],
    { encoding: 'utf8', maxBuffer: 64_000_000 },
  );
  return { status, said: `${stdout}${stderr}` };
}

/** Begins the product as its unit does, and waits until it is ready. */
const begin = [
  'cd /opt/proofline',
  'export PROOFLINE_HOME=/var/lib/proofline NODE_ENV=production HOME=/var/lib/proofline',
  'set -- setpriv --reuid=proofline --regid=proofline --init-groups --inh-caps +net_admin --ambient-caps +net_admin',
  '"$@" node dist/infra/supervisor/main.js >/tmp/product.log 2>&1 &',
  'product=$!',
  'for second in $(seq 180); do [ -e /var/lib/proofline/run/ready.json ] && break; sleep 1; done',
].join('\n');

beforeAll(() => {
  folder = mkdtempSync(join(process.env['TMPDIR'] ?? tmpdir(), 'proofline-offline-'));
  run('npm', ['run', '--silent', 'offline-bundle', '--', '--to', folder]);
  bundle = readdirSync(folder).find((name) => name.endsWith('.tar.gz')) ?? '';
  run('debootstrap', ['--variant=minbase', 'trixie', join(folder, 'debian'), mirror()]);
}, 1_200_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 120_000);

test('a machine without a network gets the product, and its test call is proved', () => {
  const place = machine('first');
  run('tar', ['-xzf', join(folder, bundle), '-C', join(place, 'root')]);
  const { said } = inside(
    place,
    [
      'set -e',
      'sh /root/proofline-*/install.sh --no-start',
      begin,
      'proofline proof-call && echo "call proved"',
      'proofline ledger --check && echo "ledger whole"',
      'kill -TERM $product; wait $product; echo "ended with $?"',
      'sh /root/proofline-*/install.sh --back || echo "back: $?"',
    ].join('\n'),
  );
  expect(said).toContain('call proved');
  expect(said).toContain('ledger whole');
  expect(said).toContain('ended with 0');
  expect(said).toContain('No earlier release is kept on this machine.\nback: 1');
}, 900_000);

test('a newer release stands beside the one before, and --back returns to that', () => {
  const place = machine('second');
  run('tar', ['-xzf', join(folder, bundle), '-C', join(place, 'root')]);
  const { said } = inside(
    place,
    [
      'set -e',
      'here=$(echo /root/proofline-*)',
      'sh "$here/install.sh" --no-start --with kamailio',
      'kamailio -v | head -n 1',
      'first=$(readlink /opt/proofline)',
      `sed -i 's/^RELEASE=.*/RELEASE=of-tomorrow/' "$here/bundle.env"`,
      '(cd "$here" && find . -type f ! -name SHA256SUMS | sed "s#^./##" | xargs -d "\\n" sha256sum >SHA256SUMS)',
      'sh "$here/install.sh" --no-start',
      'readlink /opt/proofline',
      'sh "$here/install.sh" --back --no-start',
      '[ "$(readlink /opt/proofline)" = "$first" ] && echo "the first again"',
    ].join('\n'),
  );
  expect(said).toContain('version: kamailio');
  expect(said).toContain('/opt/proofline-releases/of-tomorrow');
  expect(said).toContain('the first again');
}, 900_000);

test('a damaged bundle installs nothing', () => {
  const place = machine('third');
  run('tar', ['-xzf', join(folder, bundle), '-C', join(place, 'root')]);
  const unpacked = join(place, 'root', bundle.replace('.tar.gz', ''));
  appendFileSync(join(unpacked, 'product', 'package.json'), ' ');
  const { status, said } = inside(place, 'sh /root/proofline-*/install.sh; code=$?; ls /opt; exit $code');
  expect(said).toContain('A file of the bundle is damaged or missing; nothing was installed.');
  expect(said).not.toContain('proofline-releases');
  expect(status).toBe(1);
}, 300_000);

test('Ansible installs it with the settings of the machine, and changes nothing the second time', () => {
  const place = machine('fourth');
  for (const file of ['/etc/resolv.conf', '/etc/apt/sources.list.d/debian.sources']) cpSync(file, join(place, file));
  rmSync(join(place, 'etc', 'apt', 'sources.list'), { force: true });
  cpSync('/etc/ssl/certs/ca-certificates.crt', join(place, 'etc', 'ssl', 'certs', 'ca-certificates.crt'));
  run('chroot', [place, '/usr/bin/env', `PATH=${PATH}`, 'apt-get', '-q', 'update']);
  run('chroot', [place, '/usr/bin/env', `PATH=${PATH}`, 'apt-get', '-q', '-y', '--no-install-recommends', 'install', 'ansible-core']);
  cpSync(join(folder, bundle), join(place, 'root', bundle));
  cpSync(join(root, 'infra', 'ansible', 'install.yml'), join(place, 'root', 'install.yml'));
  writeFileSync(
    join(place, 'root', 'sites.yml'),
    "proofline: { hosts: { here: { ansible_connection: local, settings: { WEB_PORT: '9443' } } } }\n",
  );
  const { said } = inside(
    place,
    ['cd /root', `play() { ansible-playbook -i sites.yml install.yml -e bundle=/root/${bundle} | tail -n 3; }`, 'play; play'].join('\n'),
  );
  expect(said).toMatch(/changed=[1-9]\d* +unreachable=0 +failed=0[^]*changed=0 +unreachable=0 +failed=0/);
  expect(readFileSync(join(place, 'etc', 'proofline', 'proofline.env'), 'utf8')).toContain('WEB_PORT=9443');
}, 900_000);
