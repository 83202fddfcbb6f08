import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { mutants } from '../attacks/mutants/list.js';
import { root } from './support/sources.js';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const named = mutants.map((mutant) => [`${mutant.finding}: ${mutant.without}`, mutant] as const);

test.each(named)('the wall fits the source, once in each place: %s', (_name, { edits }) => {
  for (const { file, find, replace } of edits) {
    expect([file, read(file).split(find).length]).toEqual([file, 2]);
    expect(replace).not.toBe(find);
  }
});

test.each(named)('the test that holds it stands in the file, and says how it fails: %s', (_name, { held }) => {
  const source = read(held.file);
  expect(["'", '"', '`'].some((quote) => source.includes(`${quote}${held.test}${quote}`))).toBe(true);
  expect(held.shows).not.toBe('');
});

test('each finding of the attack has a wall that is taken out, and the page of security lists each wall with its test', () => {
  const ids = Object.entries({ C: 5, H: 5, M: 4, L: 10 }).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_each, place) => `${letter}${place + 1}`),
  );
  expect([...new Set(mutants.map(({ finding }) => finding))].sort()).toEqual([...ids].sort());
  const [, section = ''] = read('docs/security.md').split('### Each wall taken out');
  const listed = [...section.matchAll(/^\| ([CHML]\d+) \| ([^|]+) \| `([^`]+)` \|/gm)].map(([, id, without, file]) => [id, without, file]);
  expect(listed).toEqual(mutants.map(({ finding, without, held }) => [finding, without, held.file]));
});
