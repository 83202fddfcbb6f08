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

const SEALED = 'sealed';
const LINE_FEED = 0x0a;

/** One file, there whole or not at all: a line of JSON, then the sealed bytes. */
export const createSealedShelf = (folder: string): SealedShelf => ({
  async load() {
    let file: Uint8Array;
    try {
      file = await readFile(join(folder, SEALED));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    const headEnd = file.indexOf(LINE_FEED);
    const { peaks, ...record } = JSON.parse(new TextDecoder().decode(file.subarray(0, headEnd))) as Kept;
    return {
      record,
      bytes: file.subarray(headEnd + 1),
      peaks: { bucketMs: peaks.bucketMs, caller: Buffer.from(peaks.caller, 'base64'), agent: Buffer.from(peaks.agent, 'base64') },
    };
  },
  async keep({ record, bytes, peaks: { bucketMs, caller, agent } }) {
    const kept: Kept = {
      ...record,
      peaks: { bucketMs, caller: Buffer.from(caller).toString('base64'), agent: Buffer.from(agent).toString('base64') },
    };
    await writeDurably(join(folder, SEALED), Buffer.concat([Buffer.from(`${JSON.stringify(kept)}\n`), bytes]));
    await flushFolder(folder);
  },
});
