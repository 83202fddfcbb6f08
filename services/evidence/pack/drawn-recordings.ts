import type { Say } from '../../shared/domain/language.js';
import type { RecordedBodies, Stretch } from '../ports.js';
import type { RecordingRow } from '../quality/call-row.js';
import { drawnColumns, type DrawnRow } from '../quality/proof-row.js';
import { createDraw, type Draw, type Drawn } from './draw.js';
import type { PackedFile } from './manifest.js';
import type { Archive, PackDependencies, Workshop } from './pack-needs.js';
import { addRowFile } from './row-files.js';

/** The folder of a pack with the drawn recordings. */
export const RECORDINGS = 'recordings/';

/** Opens the recordings that will be drawn, so that the rows of the pack know of damage before they are written. */
export async function openDrawn(
  draw: Draw,
  stretch: Stretch,
  { rows, newLooks, sha256Hex }: Pick<PackDependencies, 'rows' | 'newLooks' | 'sha256Hex'>,
): Promise<void> {
  const drawing = createDraw<Pick<RecordingRow, 'callId'> & { readonly deleted: boolean }>(draw, sha256Hex);
  for await (const batch of rows.archived(stretch)) batch.forEach(drawing.add);
  const looks = newLooks();
  for (const { callId, deleted } of drawing.drawn().rows) if (!deleted) await looks.whole(callId);
}

/**
 * Adds the drawn recordings in their original bytes, one after the other, and their rows. A recording that the store no longer has as it was
 * stored is named as missing, and stops nothing.
 */
export async function addDrawnRecordings(
  drawn: Drawn<RecordingRow>,
  recorded: RecordedBodies,
  { archive, workshop, say }: { readonly archive: Pick<Archive, 'add'>; readonly workshop: Workshop; readonly say: Say },
): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  async function rowOf({ kept, ...recording }: RecordingRow, place: number): Promise<DrawnRow> {
    const { callId, atMs, durationMs, sizeBytes, sha256 } = recording;
    const row = { place, callId, atMs, durationMs, sizeBytes, sha256 };
    if (kept === 'deleted') return { ...row, kept, path: '' };
    const { body, ledgerNumber } = await recorded(callId, sha256);
    const numbered = ledgerNumber === undefined ? row : { ...row, ledgerNumber };
    if (body === undefined) return { ...numbered, kept: 'missing', path: '' };
    const path = `${RECORDINGS}${callId}.ogg`;
    // Sound is compressed already.
    files.push(await archive.add(path, body, { stored: true }));
    return { ...numbered, kept: 'packed', path };
  }
  async function* all(): AsyncGenerator<readonly DrawnRow[]> {
    for (const [i, row] of drawn.rows.entries()) yield [await rowOf(row, i + 1)];
  }
  await workshop.keep('drawn', drawnColumns, all(), () => undefined);
  return [...files, ...(await addRowFile('drawn', archive, workshop, say))];
}
