import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './support/sources.js';

const page = readFileSync(join(root, 'docs', 'supervision.md'), 'utf8');
const rows = [...page.matchAll(/^\| (A-\d\d) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, id = '', , cell = '']) => ({
  id,
  cell,
  tests: [...cell.matchAll(/`([\w/.-]+)`: \*(.+?)\*(?:; |$| )/g)].map(([, file = '', title = '']) => ({ file, title })),
}));

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `A-${String(from + index).padStart(2, '0')}`);

/** Whether the source says this in any of the three kinds of quotes, and not as a test that is skipped. */
const says = (source: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => {
    const place = source.indexOf(`${quote}${title}${quote}`);
    return place >= 0 && !/\b(?:test|describe)\.(?:skip|todo|failing)\b[^;]*$/.test(source.slice(Math.max(0, place - 300), place));
  });

const isThere = ({ file, title }: { readonly file: string; readonly title: string }): boolean => {
  const path = join(root, file);
  if (!existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  // A bench prints its figures under the words of the page.
  return file.startsWith('bench/') ? source.includes(title) : says(source, title);
};

test('each line of the live centre has a row, with a test that stands in the file it names or with what is missing', () => {
  expect(rows.map(({ id }) => id)).toEqual([...numbers(1, 15), ...numbers(20, 28), ...numbers(30, 32), ...numbers(40, 46)]);
  expect(rows.filter(({ cell, tests }) => tests.length === 0 && !cell.startsWith('not done: ')).map(({ id }) => id)).toEqual([]);
  expect(
    rows.flatMap(({ id, tests }) => tests.filter((each) => !isThere(each)).map(({ file, title }) => `${id}: ${file}: ${title}`)),
  ).toEqual([]);
});

test('every file that a row names is read as a test with a title', () => {
  const named = rows.map(({ id, cell }) => ({ id, files: [...cell.matchAll(/`[\w/.-]+\.ts`/g)].length }));
  expect(named.filter(({ id, files }) => files !== rows.find((row) => row.id === id)?.tests.length)).toEqual([]);
});
