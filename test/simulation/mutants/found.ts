import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { mutants } from './list.js';

const FILE = join(import.meta.dirname, 'found.json');
const PAGE = join(import.meta.dirname, '..', '..', '..', 'docs', 'simulation.md');

/** What the last run of a fault has shown: the seed that found it, or how far it looked. */
const Shown = z.union([
  z.strictObject({ invariant: z.string(), seed: z.int().positive(), profile: z.string(), commit: z.string() }),
  z.strictObject({ missed: z.string(), profile: z.string(), commit: z.string() }),
]);
export type Shown = z.infer<typeof Shown>;
const Found = z.record(z.string(), Shown);
export type Found = Readonly<Record<string, Shown>>;

export const readFound = (): Found => Found.parse(JSON.parse(readFileSync(FILE, 'utf8')));

/** Keeps what was shown in the order of the list; a fault that is no more has no row. */
export function keepFound(found: Found): void {
  const rows = mutants.flatMap(({ name }) => (found[name] === undefined ? [] : [[name, found[name]] as const]));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(rows), undefined, 2)}\n`);
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), found));
}

const FOUND_HEAD = '| fault put back | found by | seed | profile | commit |\n| --- | --- | --- | --- | --- |\n';
const MISSED_HEAD = '| fault without a seed | profile | why |\n| --- | --- | --- |\n';

/** The rows of both tables: faults with the seed that finds them, and faults without one. */
export function tablesOf(found: Found): readonly [found: string, missed: string] {
  const [rows, missed]: [string[], string[]] = [[], []];
  for (const { name, profile } of mutants) {
    const shown = found[name];
    if (shown === undefined) missed.push(`| ${name} | ${profile} | not tried yet |\n`);
    else if ('missed' in shown) missed.push(`| ${name} | ${shown.profile} | not found: ${shown.missed}, commit ${shown.commit} |\n`);
    else rows.push(`| ${name} | ${shown.invariant} | ${shown.seed} | ${shown.profile} | ${shown.commit} |\n`);
  }
  return [`${FOUND_HEAD}${rows.join('')}`, `${MISSED_HEAD}${missed.join('')}`];
}

/** The page with both tables as they are now. */
export function withTables(page: string, found: Found): string {
  const [rows, missed] = tablesOf(found);
  return replaced(replaced(page, FOUND_HEAD, rows), MISSED_HEAD, missed);
}

/** Puts a table in the place of the one with the same head. */
function replaced(page: string, head: string, table: string): string {
  const from = page.indexOf(head);
  if (from < 0) throw new Error(`the page has no table with the head ${head.split('\n')[0] ?? ''}`);
  const [old = ''] = /^(?:\|[^\n]*\n)*/.exec(page.slice(from)) ?? [];
  return `${page.slice(0, from)}${table}${page.slice(from + old.length)}`;
}
