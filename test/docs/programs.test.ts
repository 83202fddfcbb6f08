import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { root, sourcesUnder } from './support/sources.js';

const { programs } = (await import(pathToFileURL(join(root, 'infra', 'bootstrap', 'bundle.mjs')).href)) as { programs: readonly string[] };

/** Sources that are started by name from another one: `createFileParser(import.meta.url, 'rows-process')` and the like. */
function startedBy({ path, code }: { readonly path: string; readonly code: string }): string[] {
  const beside = [...code.matchAll(/\b(?:createFileParser|startThread)\(import\.meta\.url, '([a-z-]+)'/g)].map(
    ([, name]) => `${name ?? ''}.ts`,
  );
  const byUrl = [...code.matchAll(/new URL\([`']\.\/([a-z-]+)(?:\.js|\$\{)/g)].map(([, name]) => `${name ?? ''}.ts`);
  return [...beside, ...byUrl].map((name) => join(dirname(path), name));
}

/** Programs that a command names: `node dist/infra/tools/audit.js`. */
const named = [
  'package.json',
  'Dockerfile',
  ...['documents', 'objects', 'sip'].map((server) => `infra/embedded/${server}/package.json`),
].flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/dist\/([\w/-]+)\.js/g)].map(([, path]) => `${path ?? ''}.ts`));

test('whatever is started by its name is built as a program of its own', () => {
  const started = ['services', 'infra'].flatMap(sourcesUnder).flatMap(startedBy);
  expect(started.length).toBeGreaterThan(8);
  expect(named.length).toBeGreaterThan(8);
  expect([...new Set([...started, ...named])].filter((path) => !programs.includes(path))).toEqual([]);
});

test('each program has its source', () => {
  expect(programs.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
