import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { collectionsOf } from './support/collections.js';
import { publishedBy, readBy } from './support/events.js';
import { root, slices } from './support/sources.js';

/** A line of facts of a slice's README: `- Collections: \`a\`, \`b\``. */
function listed(readme: string, label: string): string[] {
  const line = readme.split('\n').find((each) => each.startsWith(`- ${label}: `)) ?? '';
  return [...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '').sort();
}

test.each(slices)('the README of services/%s says what the slice owns, publishes and reads, and names files that exist', (slice) => {
  const readme = readFileSync(join(root, 'services', slice, 'README.md'), 'utf8');
  expect({
    collections: listed(readme, 'Collections'),
    publishes: listed(readme, 'Publishes'),
    reads: listed(readme, 'Reads events'),
  }).toEqual({ collections: collectionsOf(slice), publishes: publishedBy(slice), reads: readBy(slice) });
  const files = listed(readme, 'Read in this order');
  expect(files.length).toBeGreaterThan(1);
  expect(files.filter((file) => !existsSync(join(root, 'services', slice, file)))).toEqual([]);
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
});

test.each(slices)('the README of services/%s names its floors', (slice) => {
  const folder = join(root, 'services', slice);
  const floors = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  // Every slice may have adapters: the table of the services says what they are.
  expect(floors.filter((floor) => floor !== 'adapters' && !readme.includes(`\`${floor}/`))).toEqual([]);
});

test('every slice is in the table of the services and in the tree of the architecture', () => {
  const table = readFileSync(join(root, 'services', 'README.md'), 'utf8');
  const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  expect(slices.filter((slice) => !table.includes(`[${slice}](${slice}/README.md)`) || !page.includes(` ${slice}/`))).toEqual([]);
});
