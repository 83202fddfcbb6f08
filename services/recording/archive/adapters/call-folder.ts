import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder, writeDurably } from '../../capture/adapters/file-spool.js';
import type { SealedRecord, SealedShelf } from '../archiver.js';
import type { PieceShelf } from '../opus-pieces.js';
import { errorCode } from '../../error-code.js';

/** Pieces of a long call; made again from the packets when they are gone, so not flushed one by one. */
export const createPieceShelf = (folder: string): PieceShelf => ({
  write: (index, piece) => writeDurably(join(folder, `piece-${index}.ogg`), piece),
  read: (index) => readFile(join(folder, `piece-${index}.ogg`)),
});

interface Kept extends SealedRecord {
  readonly peaks: { readonly bucketMs: number; readonly caller: string; readonly agent: string };
}

/** The sealed file and what belongs to it; `sealed.json` comes last and says that the rest is whole. */
export const createSealedShelf = (folder: string): SealedShelf => ({
  async load() {
    let text: string;
    try {
      text = await readFile(join(folder, 'sealed.json'), 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    const { peaks, ...record } = JSON.parse(text) as Kept;
    return {
      record,
      bytes: await readFile(join(folder, 'audio.sealed')),
      peaks: { bucketMs: peaks.bucketMs, caller: Buffer.from(peaks.caller, 'base64'), agent: Buffer.from(peaks.agent, 'base64') },
    };
  },
  async keep(record, bytes, { bucketMs, caller, agent }) {
    await writeDurably(join(folder, 'audio.sealed'), bytes);
    const kept: Kept = {
      ...record,
      peaks: { bucketMs, caller: Buffer.from(caller).toString('base64'), agent: Buffer.from(agent).toString('base64') },
    };
    await writeDurably(join(folder, 'sealed.json'), JSON.stringify(kept));
    await flushFolder(folder);
  },
});
