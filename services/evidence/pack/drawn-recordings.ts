import type { Say } from '../../shared/domain/language.js';
import type { RecordedBodies } from '../ports.js';
import type { RecordingRow } from '../quality/call-row.js';
import { drawnColumns, type DrawnRow } from '../quality/proof-row.js';
import type { Drawn } from './draw.js';
import type { PackedFile } from './manifest.js';
import type { Archive, Workshop } from './pack-needs.js';
import { addRowFile } from './row-files.js';

/** The folder of a pack with the drawn recordings. */
export const RECORDINGS = 'recordings/';

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
