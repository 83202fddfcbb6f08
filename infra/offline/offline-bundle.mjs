#!/usr/bin/env node
// Makes one file with which the product is installed where no network is reached: `npm run offline-bundle -- [--to FOLDER]`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { say } from '../bootstrap/language.mjs';
import { mustRun } from '../bootstrap/run-command.mjs';
import { runSteps } from '../bootstrap/steps.mjs';
import { Stop } from '../bootstrap/stop.mjs';
import { isDebianLike, productPackages } from '../bootstrap/system-packages.mjs';
import { indexPackages, sha256Of } from './debian-index.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What each machine needs beside the packages of the product: Debian's own Node. */
const everywhere = ['nodejs', ...productPackages.map(({ name }) => name)];
/** What only some machines of a larger site need (`install.sh --with`). */
const onSome = ['kamailio', 'keepalived', 'valkey-sentinel'];

/** Folders and files of the commit that the running product reads, beside what is built. */
const fromCommit = ['package.json', 'services', 'infra', 'docs', 'README.md', 'LICENSE'];
/** Workspaces that the server needs; the pages are built and need no packages. */
const workspaces = ['infra/embedded/documents', 'infra/embedded/objects', 'infra/embedded/sip'];

const answerOf = (command, args) => {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** @returns the name of the bundle, from version, commit and machine; refuses what could not be named truly */
function nameOf() {
  if (!isDebianLike(readFileSync('/etc/os-release', 'utf8')) || answerOf('dpkg', ['--print-architecture']) === undefined)
    throw new Stop(
      say('The bundle is made on Debian 13: its packages come from there.', '离线安装包须在 Debian 13 上制作，其软件包来自该系统。'),
    );
  const commit = answerOf('git', ['rev-parse', '--short=10', 'HEAD']);
  if (commit === undefined) throw new Stop(say('This folder is no checkout of git.', '本目录不是 git 工作目录。'));
  if (answerOf('git', ['status', '--porcelain', '--untracked-files=no']) !== '')
    throw new Stop(
      say('There are changes that are not committed: a bundle is made of a commit.', '存在未提交的修改：离线安装包只能由某一次提交制作。'),
    );
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { release: `${version}-${commit}`, architecture: answerOf('dpkg', ['--print-architecture']) };
}

const packages = { log: 'offline-packages', what: say('Fetching the Debian packages', '获取 Debian 软件包') };

/** Fetches the packages with all that they depend on, as on a machine that has nothing. apt checks each against Debian's signature. */
async function fetchPackages(folder, scratch) {
  const status = join(scratch, 'no-packages');
  mkdirSync(join(folder, 'partial'), { recursive: true });
  writeFileSync(status, '');
  const options = [`Dir::State::status=${status}`, `Dir::Cache::archives=${folder}`, 'Debug::NoLocking=1', 'APT::Sandbox::User=root'];
  await mustRun(
    root,
    'apt-get',
    [
      ...['-q', '-y', '--no-install-recommends', '--download-only'],
      ...options.flatMap((option) => ['-o', option]),
      ...['install', ...everywhere, ...onSome],
    ],
    packages,
  );
  rmSync(join(folder, 'partial'), { recursive: true });
  return indexPackages(folder);
}

async function copyProduct(folder) {
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, '..', 'commit.tar');
  const step = { log: 'offline-product', what: say('Copying the product', '复制产品') };
  await mustRun(root, 'git', ['archive', '--output', archive, 'HEAD', ...fromCommit], step);
  await mustRun(root, 'tar', ['-xf', archive, '-C', folder], step);
  rmSync(archive);
  cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(root, 'web-agent', 'dist'), join(folder, 'web-agent', 'dist'), { recursive: true });
}

/** Packages of npm without those that only building and testing need. */
async function installPackages(folder) {
  for (const file of ['package-lock.json', '.npmrc', 'web-agent/package.json']) cpSync(join(root, file), join(folder, file));
  await mustRun(folder, 'npm', ['ci', '--omit=dev', '--include-workspace-root', ...workspaces.flatMap((name) => ['--workspace', name])], {
    log: 'npm-packages',
    what: say('Installing the npm packages', '安装 npm 软件包'),
  });
  for (const file of ['.cache', '.npmrc']) rmSync(join(folder, file), { recursive: true, force: true });
}

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

/** `SHA256SUMS` as `sha256sum --check` reads it. */
async function writeSums(folder) {
  const lines = [];
  for (const file of filesIn(folder)) lines.push(`${await sha256Of(file)}  ${relative(folder, file)}`);
  writeFileSync(join(folder, 'SHA256SUMS'), `${lines.join('\n')}\n`);
  return lines.length;
}

async function make(to, scratch) {
  const { release, architecture } = nameOf();
  const name = `proofline-${release}-debian13-${architecture}`;
  const bundle = join(scratch, name);
  const product = join(bundle, 'product');
  const file = join(to, `${name}.tar.gz`);
  const done = () => say('done', '完成');
  await runSteps([
    {
      title: say('build', '构建'),
      run: async () => {
        await mustRun(root, 'npm', ['run', 'build'], { log: 'offline-build', what: say('Building the product', '构建产品') });
        return done();
      },
    },
    { title: say('product', '产品'), run: async () => (await copyProduct(product), done()) },
    { title: say('npm packages', 'npm 软件包'), run: async () => (await installPackages(product), done()) },
    { title: say('Debian packages', 'Debian 软件包'), run: async () => String(await fetchPackages(join(bundle, 'packages'), scratch)) },
    {
      title: say('checksums and archive', '校验和与打包'),
      run: async () => {
        for (const own of ['install.sh', 'proofline.sh', 'proofline.conf']) cpSync(join(root, 'infra', 'offline', own), join(bundle, own));
        writeFileSync(
          join(bundle, 'bundle.env'),
          `RELEASE=${release}\nARCHITECTURE=${architecture}\nPACKAGES="${everywhere.join(' ')}"\nON_SOME="${onSome.join(' ')}"\n`,
        );
        await writeSums(bundle);
        mkdirSync(to, { recursive: true });
        await mustRun(root, 'tar', ['--owner=0', '--group=0', '--sort=name', '-czf', file, '-C', scratch, name], {
          log: 'offline-archive',
          what: say('Writing the bundle', '写入离线安装包'),
        });
        return done();
      },
    },
  ]);
  process.stdout.write(`${file}\nSHA-256 ${await sha256Of(file)}\n`);
}

async function main(args) {
  let to;
  try {
    ({ to } = parseArgs({ args, options: { to: { type: 'string', default: '.' } } }).values);
  } catch (error) {
    throw new Stop(`${error.message}\nusage: npm run offline-bundle -- [--to FOLDER]`);
  }
  const scratch = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'proofline-bundle-'));
  try {
    await make(resolve(to), scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Stop ? error.message : (error?.stack ?? String(error))}\n`);
  process.exit(1);
});
