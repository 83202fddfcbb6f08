import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { matrix } from '../interop/matrix.js';
import { withResults, type MatrixRun } from '../interop/page.js';

const kept = JSON.parse(readFileSync('test/interop/results.json', 'utf8')) as MatrixRun;

test('the page of carriers shows the results that are kept, and no others', () => {
  const page = readFileSync('docs/interop.md', 'utf8');
  expect(withResults(page, kept)).toBe(page);
});

test('the results are those of every case of the matrix, each under a name of its own', () => {
  expect(kept.results.map(({ id }) => id)).toEqual(matrix.map(({ id }) => id));
  expect(new Set(matrix.map(({ id }) => id)).size).toBe(matrix.length);
  expect(matrix.length).toBeGreaterThanOrEqual(60);
});
