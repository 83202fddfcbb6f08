import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './support/sources.js';

/** With more files in one folder, people search instead of reading. */
const MOST_ON_A_FLOOR = 25;

/** How many sources, tests among them, each folder holds directly. */
function floorsUnder(folder: string): (readonly [folder: string, sources: number])[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile() && /\.(tsx?|[cm]?js|css|py)$/.test(entry.name));
  const below = entries.filter((entry) => entry.isDirectory() && !/^(\.|node_modules$|dist$)/.test(entry.name));
  return [[folder, sources.length], ...below.flatMap(({ name }) => floorsUnder(`${folder}/${name}`))];
}

test('no folder has more sources on one floor than a reader takes in', () => {
  const floors = ['services', 'infra', 'web-agent/src', 'test', 'bench'].flatMap(floorsUnder);
  expect(floors.length).toBeGreaterThan(100);
  expect(floors.filter(([, sources]) => sources > MOST_ON_A_FLOOR)).toEqual([]);
});
