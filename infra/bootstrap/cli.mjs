#!/usr/bin/env node
// The two commands of the README. Plain Node: it runs before any package is installed.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { say } from './language.mjs';
import { checkNodeVersion } from './node-version.mjs';
import { ensureNpmPackages } from './npm-packages.mjs';
import { runSteps } from './steps.mjs';
import { Stop } from './stop.mjs';
import { ensureSystemPackages, productPackages, testPackages } from './system-packages.mjs';
import { runTiers } from './tiers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const usage = 'usage: node infra/bootstrap/cli.mjs start | test [--only TIER[,TIER]] | setup';
const upToDate = () => say('up to date', '已是最新');

const prepare = (systemPackages) =>
  runSteps([
    { title: say('Node version', 'Node 版本'), run: async () => checkNodeVersion() },
    {
      title: say('npm packages', 'npm 软件包'),
      run: async () => ((await ensureNpmPackages(root)) ? say('installed', '已安装') : upToDate()),
    },
    {
      title: say('system packages', '系统软件包'),
      run: async () => {
        const installed = await ensureSystemPackages(root, systemPackages);
        return installed.length === 0 ? upToDate() : `${say('installed', '已安装')} ${installed.join(' ')}`;
      },
    },
    { title: say('build', '构建'), run: async () => ((await ensureBuilt(root)).length === 0 ? upToDate() : say('done', '完成')) },
  ]);

async function main([command, ...rest]) {
  process.chdir(root);
  switch (command) {
    case 'start':
      await prepare(productPackages);
      // Runs in this process: no extra process stands between the terminal and the supervised ones.
      await import(pathToFileURL(join(root, 'dist', 'infra', 'supervisor', 'main.js')).href);
      return;
    case 'setup':
      await prepare(productPackages);
      return;
    case 'test':
      await prepare([...productPackages, ...testPackages]);
      process.exitCode = await runTiers(root, rest);
      return;
    default:
      throw new Stop(usage);
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Stop ? error.message : (error?.stack ?? String(error))}\n`);
  process.exit(1);
});
