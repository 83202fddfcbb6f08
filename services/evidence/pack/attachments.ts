import type { Say } from '../../shared/domain/language.js';
import type { PackKind } from '../documents/pack-facts.js';
import type { AttachedFile, AttachmentRow } from '../quality/proof-row.js';
import { attachmentColumns } from '../quality/proof-row.js';
import type { StoredRows, Stretch } from '../ports.js';
import type { PackedFile } from './manifest.js';
import type { Archive, PackDependencies, Workshop } from './pack-needs.js';
import { addRowFile } from './row-files.js';

/** The folder of a pack with the bytes of attachments. */
export const ATTACHMENTS = 'attachments/';

/** Rows that a pack can contain besides those of the figures. The manifest names the ones of this pack. */
export const heldRows = ['consents', 'legs', 'clocks', 'attachments', 'ledger', 'turns', 'answers', 'cases', 'seats'] as const;
export type HeldRows = (typeof heldRows)[number];

const YEAR_MS = 364 * 86_400_000;
/**
 * A pack that may omit the ledger and the attached bytes. The verifiers check this too: a month cannot pass as a year because its manifest
 * says so.
 */
const isOfYear = (kind: PackKind, { fromMs, untilMs }: Stretch): boolean => kind === 'annual' && untilMs - fromMs >= YEAR_MS;

/** A year of the ledger is longer than the rest of its pack, so an annual pack leaves it out and has only its day sheets. */
export const heldBy = (kind: PackKind, stretch: Stretch): readonly HeldRows[] =>
  isOfYear(kind, stretch) ? heldRows.filter((each) => each !== 'ledger') : heldRows;

/**
 * The files that a pack lists: those of complaints in its period, and those of registers and consents from the beginning, if they still
 * exist. A pack contains the bytes of files attached in its period and of files of the registers; an annual pack has only the list. A
 * letter with a full number is only listed, because readers of packs may lack the right to see numbers.
 */
const isListed = ({ of, atMs }: AttachedFile, { fromMs }: Stretch): boolean => of === 'register' || of === 'consent' || atMs >= fromMs;
const isPacked = ({ of, atMs, withdrawnAtMs }: AttachedFile, kind: PackKind, stretch: Stretch): boolean =>
  !isOfYear(kind, stretch) && of !== 'letter' && (of === 'register' ? withdrawnAtMs === undefined : atMs >= stretch.fromMs);

/** A file extension that every system accepts. A list that a user uploads does not count as our rows. */
const ending = (fileName: string): string => {
  const found = /\.[A-Za-z0-9]{1,5}$/.exec(fileName)?.[0].toLowerCase() ?? '';
  return found === '.csv' ? '.txt' : found;
};

/** Adds the files and their rows to the archive. A file that the store no longer has is named as missing, and stops nothing. */
export async function addAttachments(
  kind: PackKind,
  stretch: Stretch,
  { rows, attached }: { readonly rows: Pick<StoredRows, 'attachments'> } & Pick<PackDependencies, 'attached'>,
  { archive, workshop, say }: { readonly archive: Pick<Archive, 'add'>; readonly workshop: Workshop; readonly say: Say },
): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  async function rowOf(file: AttachedFile): Promise<AttachmentRow> {
    if (!isPacked(file, kind, stretch)) return { ...file, kept: 'listed', path: '' };
    const body = await attached(file);
    if (body === undefined) return { ...file, kept: 'missing', path: '' };
    const path = `${ATTACHMENTS}${file.of}/${file.fileId}${ending(file.fileName)}`;
    files.push(await archive.add(path, body));
    return { ...file, kept: 'packed', path };
  }
  async function* all(): AsyncGenerator<readonly AttachmentRow[]> {
    for await (const batch of rows.attachments({ fromMs: 0, untilMs: stretch.untilMs })) {
      const found: AttachmentRow[] = [];
      for (const file of batch) if (isListed(file, stretch)) found.push(await rowOf(file));
      yield found;
    }
  }
  await workshop.keep('attachments', attachmentColumns, all(), () => undefined);
  return [...files, ...(await addRowFile('attachments', archive, workshop, say))];
}
