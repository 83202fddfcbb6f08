import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './support/sources.js';

const page = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const [, section = ''] = page.split('### Findings of the attack');
const rows = [...(section.split(/^## /m)[0] ?? '').matchAll(/^\| ([CHML]\d+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, id = '', , cells = '']) => ({
    id,
    tests: [...cells.matchAll(/`([a-z-]+)`: \*(.+?)\*(?:; |$)/g)].map(([, file = '', title = '']) => ({ file, title })),
  }),
);
const numbered = (letter: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

/** Whether the source has a test of this title, in any of the three kinds of quotes. */
const isTestOf = (source: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => {
    const place = source.indexOf(`${quote}${title}${quote}`);
    // A test that is skipped, or still to be written, tests nothing.
    return place >= 0 && !/\b(?:test|describe)\.(?:skip|todo|failing)\b[^;]*$/.test(source.slice(Math.max(0, place - 300), place));
  });

test('each finding of the attack has a row, and each row a test that stands in the file it names', () => {
  expect(rows.map(({ id }) => id)).toEqual([...numbered('C', 5), ...numbered('H', 5), ...numbered('M', 4), ...numbered('L', 10)]);
  expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
  const gone = rows.flatMap(({ id, tests }) =>
    tests.flatMap(({ file, title }) => {
      const path = join(root, 'test', 'attacks', `${file}.test.ts`);
      return existsSync(path) && isTestOf(readFileSync(path, 'utf8'), title) ? [] : [`${id}: ${file}: ${title}`];
    }),
  );
  expect(gone).toEqual([]);
});

test('a title that is nowhere, and one that is skipped, are no tests', () => {
  expect(isTestOf("test('is cut', () => {", 'is cut')).toBe(true);
  expect(isTestOf("test('is cut', () => {", 'is cu')).toBe(false);
  expect(isTestOf("test.skip('is cut', () => {", 'is cut')).toBe(false);
});
