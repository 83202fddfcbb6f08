import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { outwardEvents } from '../../services/shared/events/catalogue.js';
import { eventNames, publishersOf, readersOf } from './support/events.js';
import { root, sourcesUnder } from './support/sources.js';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('every event is published, and read by a slice or a tool unless it is listed for programs outside', () => {
  expect(eventNames.filter((name) => publishersOf(name).length === 0)).toEqual([]);
  const unread = eventNames.filter((name) => readersOf(name).length === 0);
  expect(unread.sort()).toEqual([...outwardEvents].sort());
});

test.each([
  ['services/shared/platform/settings/config.ts', ['services', 'infra']],
  ['infra/supervisor/plan/settings.ts', ['infra', 'services']],
])('every setting that %s declares is used', (declared, folders) => {
  const names = [...read(declared).matchAll(/^ +([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name ?? '');
  // The declaration itself does not count as a use.
  const code = folders
    .flatMap(sourcesUnder)
    .map(({ path, code: text }) => (path === declared ? text.replace(/^ +[A-Z][A-Z0-9_]+:/gm, '') : text));
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !code.some((text) => new RegExp(String.raw`\b${name}\b`).test(text)))).toEqual([]);
});

/** Each place has its reason beside it. */
const forced = {
  'services/inventory/adapters/layout-engine.ts': 1,
  'services/evidence/adapters/pack-verifier.ts': 1,
  'services/shared/platform/http/route.ts': 1,
  'web-agent/src/screens/compliance/inspector-page.tsx': 1,
  'web-agent/src/session/control-link.ts': 2,
  'web-agent/src/session/use-server.ts': 2,
};

test('a type is forced upon a value (`as never`, `as unknown as`) in these places alone', () => {
  const found = ['services', 'web-agent/src', 'infra']
    .flatMap(sourcesUnder)
    .map(({ path, code }) => [path, code.match(/\bas (?:never\b|unknown as\b)/g)?.length ?? 0] as const);
  expect(Object.fromEntries(found.filter(([, times]) => times > 0))).toEqual(forced);
});

test('every effect of a call is carried out', () => {
  const declared = [...read('services/calls/machine/effects.ts').matchAll(/readonly do: '([a-z-]+)'/g)].map(([, name]) => name ?? '');
  const carriedOut = sourcesUnder('services/calls').map(({ code }) => [...code.matchAll(/case '([a-z-]+)':/g)].map(([, name]) => name));
  expect(declared.length).toBeGreaterThan(10);
  expect(declared.filter((name) => !carriedOut.flat().includes(name))).toEqual([]);
});

function pagesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(\.|node_modules|dist)/.test(entry.name) ? [] : pagesUnder(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

test('every file and folder that a page names exists', () => {
  const missing = pagesUnder('').flatMap((page) =>
    [...read(page).matchAll(/`((?:services|test|infra|docs|web-agent|bench)\/[\w./-]*\w)\/?`/g)]
      .map(([, path]) => path ?? '')
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page}: ${path}`),
  );
  expect(missing).toEqual([]);
});

test('every page that a comment of the code names exists', () => {
  const named = ['services', 'infra', 'web-agent/src', 'test'].flatMap((folder) =>
    filesUnder(folder).flatMap((path) => [...read(path).matchAll(/\bdocs\/[\w./-]+\.md\b/g)].map(([page]) => ({ path, page }))),
  );
  expect(named.filter(({ page }) => !existsSync(join(root, page)))).toEqual([]);
});

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|dist)$/.test(entry.name) ? [] : filesUnder(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
