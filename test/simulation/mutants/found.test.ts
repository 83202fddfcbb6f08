import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { profiles } from '../profiles.js';
import { readFound, tablesOf, withTables } from './found.js';
import { mutants } from './list.js';
import { edit, edited } from './mutant.js';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'simulation.md'), 'utf8');
const names = new Set(mutants.map(({ name }) => name));

test('each row of known faults is of a fault and a profile that exist', () => {
  const found = Object.entries(readFound());
  expect(found.length).toBeGreaterThan(150);
  expect(found.filter(([name, { profile }]) => !names.has(name) || !(profile in profiles)).map(([name]) => name)).toEqual([]);
});

test('the page has the tables of what the last runs have shown', () => {
  expect(withTables(page, readFound()) === page).toBe(true);
});

test('each known fault has a row, with the seed that finds it or the reason why there is none', () => {
  const [rows, missed] = tablesOf({});
  expect(rows.split('\n')).toHaveLength(3);
  expect(missed.split('\n')).toHaveLength(mutants.length + 3);
  const [{ name, profile } = { name: '', profile: '' }] = mutants;
  const [one, others] = tablesOf({ [name]: { invariant: 'ears', seed: 7, profile, commit: 'c' } });
  expect(one).toContain(`| ${name} | ears | 7 | ${profile} | c |\n`);
  expect(others).not.toContain(`| ${name} |`);
  expect(tablesOf({ [name]: { missed: 'within 9 seeds', profile, commit: 'c' } })[1]).toContain(
    `| ${name} | ${profile} | not found: within 9 seeds, commit c |\n`,
  );
});

test('a fault is put into its file alone, where it fits once', () => {
  const fault = edit('services/a.ts', 'one', 'two');
  expect(edited('/x/services/a.ts', 'say one', [fault])).toBe('say two');
  expect(edited('/x/services/b.ts', 'say one', [fault])).toBe('say one');
  expect(() => edited('/x/services/a.ts', 'one and one', [fault])).toThrow('does not fit');
});
