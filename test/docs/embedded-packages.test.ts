import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './support/sources.js';

interface Package {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const engines = ['documents', 'objects', 'sip'] as const;
/** Both stores share these files, which import nothing but Node.js. */
const shared = ['data-file.ts', 'folder-lock.ts'];

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const packageOf = (folder: string): Package => JSON.parse(read(join(folder, 'package.json'))) as Package;

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesUnder(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/** npm packages that a file imports. */
function importedBy(path: string): string[] {
  const named = [...read(path).matchAll(/\bfrom '([^'.][^']*)'|\b(?:import|resolve)\('([^'.][^']*)'\)/g)];
  return named
    .map(([, from, called]) => from ?? called ?? '')
    .filter((name) => /^(?:@[\w.-]+\/)?[\w.-]+(?:\/|$)/.test(name) && !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();
const isTest = (path: string): boolean => path.endsWith('.test.ts');

test.each(engines)('the package of %s declares what its files import, and nothing else', (engine) => {
  const folder = `infra/embedded/${engine}`;
  const { dependencies = {}, devDependencies = {} } = packageOf(folder);
  const files = filesUnder(folder);
  const imported = unique(files.filter((path) => !isTest(path)).flatMap(importedBy));
  // The TypeScript loader is needed only where the reader threads run from source.
  expect(Object.keys(dependencies).sort()).toEqual(imported.filter((name) => name !== 'tsx'));
  const inTests = unique(files.filter(isTest).flatMap(importedBy));
  const declared = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  expect([...inTests, ...imported].filter((name) => !declared.includes(name))).toEqual([]);
});

test.each(engines)('the package of %s is a workspace, and its packages are installed once, beside those of the product', (engine) => {
  const folder = `infra/embedded/${engine}`;
  const whole = packageOf('.');
  const { name, dependencies = {}, devDependencies = {} } = packageOf(folder);
  expect(whole.workspaces).toContain(folder);
  expect(name).toMatch(/^@proofline\//);
  const ofProduct = { ...whole.dependencies, ...whole.devDependencies };
  const inBoth = Object.entries({ ...dependencies, ...devDependencies }).filter(([each]) => each in ofProduct);
  expect(inBoth.filter(([each, version]) => ofProduct[each] !== version)).toEqual([]);
  const lock = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, object>> };
  expect(Object.keys(lock.packages).filter((path) => path.startsWith(`${folder}/node_modules/`))).toEqual([]);
  expect(lock.packages[folder]).toMatchObject({ name, dependencies });
  expect(read('Dockerfile')).toContain(`COPY ${folder}/package.json ${folder}/\n`);
});

test('what the two stores share imports nothing but Node.js', () => {
  expect(shared.flatMap((name) => importedBy(`infra/embedded/${name}`))).toEqual([]);
});

test.each(engines)('README and conformance page of %s keep to a page and name files and scripts that exist', (engine) => {
  const folder = `infra/embedded/${engine}`;
  const readme = read(`${folder}/README.md`);
  expect(readme.split('\n').length).toBeLessThanOrEqual(60);
  const table = readme.slice(readme.indexOf('## Files in reading order'), readme.indexOf('## Boundaries'));
  const listed = [...table.matchAll(/`([\w-]+(?:\/|\.ts))`/g)].map(([, path]) => path ?? '');
  const there = readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${name}/`);
  expect(listed.filter((path) => !existsSync(join(root, folder, path)))).toEqual([]);
  expect(there.filter((name) => !listed.includes(name))).toEqual([]);
  for (const page of [readme, read(`${folder}/CONFORMANCE.md`)]) {
    const inside = [...page.matchAll(/`([a-z]+\/[\w.-]+\.test\.ts)`/g)].map(([, path]) => path ?? '');
    expect(inside.filter((path) => !path.startsWith('test/') && !existsSync(join(root, folder, path)))).toEqual([]);
    const scripts = [...page.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '');
    expect(scripts.filter((name) => !(name in (packageOf('.').scripts ?? {})))).toEqual([]);
    const workspaces = [...page.matchAll(/--workspace (@proofline\/[\w-]+)/g)].map(([, name]) => name);
    expect(workspaces.filter((name) => name !== packageOf(folder).name)).toEqual([]);
  }
});
