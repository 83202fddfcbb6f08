import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../capture/adapters/spool-folders.js';
import type { Spool } from '../../capture/ports.js';
import type { SealedCall, SealedRecord, SealedShelf } from '../archiver.js';
import type { PieceShelf } from '../opus-pieces.js';
import type { CallId } from '../../../shared/domain/ids.js';

/** Pieces of a long call. Lost pieces are made again from the packets, so they are not flushed one by one. */
export const createPieceShelf = (folder: string): PieceShelf => ({
  write: (index, piece) => writeDurably(join(folder, `piece-${index}.ogg`), piece),
  read: (index) => readFile(join(folder, `piece-${index}.ogg`)),
});

interface Kept extends SealedRecord {
  readonly peaks: { readonly bucketMs: number; readonly caller: string; readonly agent: string };
}

const LINE_FEED = 0x0a;

/** The sealed recording of one call in the spool: a line of JSON, then the sealed bytes. */
export const createSealedShelf = (spool: Pick<Spool, 'keepSealed'>, callId: CallId): SealedShelf => ({
  async keep({ record, bytes, peaks: { bucketMs, caller, agent } }) {
    const kept: Kept = {
      ...record,
      peaks: { bucketMs, caller: Buffer.from(caller).toString('base64'), agent: Buffer.from(agent).toString('base64') },
    };
    await spool.keepSealed(callId, Buffer.concat([Buffer.from(`${JSON.stringify(kept)}\n`), bytes]));
  },
});

/** Parses a sealed recording that was kept on the shelf. */
export function readSealed(file: Uint8Array): SealedCall {
  const headEnd = file.indexOf(LINE_FEED);
  const { peaks, ...record } = JSON.parse(new TextDecoder().decode(file.subarray(0, headEnd))) as Kept;
  return {
    record,
    bytes: file.subarray(headEnd + 1),
    peaks: { bucketMs: peaks.bucketMs, caller: Buffer.from(peaks.caller, 'base64'), agent: Buffer.from(peaks.agent, 'base64') },
  };
}
