import type { Say } from '../../shared/domain/language.js';
import { isRowFile, rowFiles } from '../quality/row-fields.js';
import type { PackedFile } from './manifest.js';
import type { Archive, Workshop } from './pack-needs.js';

/** The entry in the manifest's `holds` for a pack with such tables: then none may be left out. */
export const HOLDS_TABLES = 'tables';
/**
 * The manifest names this when the figures in its PDFs are printed in the form that the verifiers read: a table that differs is then red.
 */
export const HOLDS_PRINTED = 'printed';
/** The file of a pack with the numbers of the ledger around those of its period, which show a gap. */
export const NUMBERS = 'ledger-numbers.json';
/** The entry in the manifest's `holds` for a pack with that file. */
export const HOLDS_NUMBERS = 'numbers';
/** The folder of a pack with the rows as office programs open them. */
export const TABLES = `${HOLDS_TABLES}/`;

/** Adds a file of rows to the archive, once for programs and once for people. */
export async function addRowFile(
  name: string,
  archive: Pick<Archive, 'add'>,
  workshop: Pick<Workshop, 'pathOf' | 'tablePathOf'>,
  say: Say,
): Promise<PackedFile[]> {
  const rows = await archive.add(`rows/${name}.csv`, { path: workshop.pathOf(name) });
  if (!isRowFile(name)) return [rows];
  return [rows, await archive.add(`${TABLES}${say(rowFiles[name].name.zh, name)}.csv`, { path: workshop.tablePathOf(name) })];
}
