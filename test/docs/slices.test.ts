import { existsSync, readFileSync } from 'node:fs';
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
