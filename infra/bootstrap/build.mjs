import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint, readStamp, writeStamp } from './fingerprint.mjs';
import { say } from './language.mjs';
import { mustRun } from './run-command.mjs';

const common = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.json'];
const isSource = (name) => !/\.test\.tsx?$/.test(name) && !/\.(md|wav)$/.test(name);

/** Each part is built again only when one of its source files has changed. */
const parts = [
  {
    name: 'build-server',
    sources: ['package-lock.json', 'services', 'infra'],
    product: 'dist/infra/supervisor/main.js',
    command: ['node', ['infra/bootstrap/bundle.mjs']],
  },
  {
    name: 'build-web',
    sources: [...common, 'web-agent', 'services/shared'],
    product: 'web-agent/dist/index.html',
    command: ['npm', ['run', 'build', '--workspace', 'web-agent']],
  },
];

/** @returns the names of the parts that were built */
export async function ensureBuilt(root) {
  const built = [];
  for (const { name, sources, product, command } of parts) {
    const wanted = fingerprint(root, sources, isSource);
    if (existsSync(join(root, product)) && readStamp(root, name) === wanted) continue;
    await mustRun(root, ...command, { log: name, what: say('Building the product', '构建产品') });
    writeStamp(root, name, wanted);
    built.push(name);
  }
  return built;
}
