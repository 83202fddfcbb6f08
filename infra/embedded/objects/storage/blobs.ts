import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, read as readFile } from 'node:fs';
import { mkdir, open, readdir, rename, stat, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm } from '../protocol/checksum.js';
import { blockBytes, UploadDigest, type Digests } from '../protocol/digest.js';
import { S3Error } from '../protocol/s3-error.js';

/** What is known of a stored file: `id` is `<yyyymmdd>/<32 hex digits>`, never made from a key. */
export interface Blob {
  readonly id: string;
  readonly bytes: number;
  readonly sha256Hex: string;
  readonly blockCrcs: string;
}

/** The file does not hold what was acknowledged. Thrown before a wrong byte leaves the store. */
export class DamagedBlobError extends Error {
  override readonly name = 'DamagedBlobError';
  constructor(
    readonly blobId: string,
    readonly damage: 'missing' | 'truncated' | 'altered',
  ) {
    super(`A stored file is ${damage}.`);
  }
}

const read = promisify(readFile);
const flushBytes = 1024 ** 2;
const freeSpaceFreshMs = 50;
const settlingMs = 600_000;
const minMetadataBytes = 1024 ** 2;
/** What a file costs besides its bytes: the rest of its last page, its directory entry, its metadata. */
const overheadBytes = 8 * 1024;

/** Owns the files below `blobs/` and `tmp/`. Files are written once and never changed. */
export class BlobStore {
  readonly #blobs: string;
  readonly #tmp: string;
  readonly #scheduledSyncs = new Map<string, Promise<void>>();
  readonly #runningSyncs = new Map<string, Promise<void>>();
  readonly #knownFolders = new Set<string>();
  /** Written but not yet (or never to be) named by committed metadata: the garbage collector keeps off. */
  readonly #pending = new Set<string>();
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();
  readonly #startedAtMs = Date.now();
  #reservedBytes = 0;
  #free = { at: -Infinity, bytes: 0 };

  readonly #minFreeBytes: number;

  constructor(
    private readonly dataFolder: string,
    minFreeBytes: number,
  ) {
    // Whatever mark was configured, uploads leave the room that deletes need.
    this.#minFreeBytes = Math.max(minFreeBytes, 2 * minMetadataBytes);
    this.#blobs = join(dataFolder, 'blobs');
    this.#tmp = join(dataFolder, 'tmp');
  }

  /** Creates the folders and throws away what was being uploaded when the last process ended. */
  async start(): Promise<void> {
    await mkdir(this.#blobs, { recursive: true, mode: 0o700 });
    await mkdir(this.#tmp, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#tmp)) await unlink(join(this.#tmp, name));
  }

  pathOf(id: string): string {
    return join(this.#blobs, id);
  }

  /**
   * Sets bytes aside for an upload; check and claim are one step, so that two large uploads cannot share the last room.
   * @throws S3Error `InsufficientStorage` when taking this many bytes would pass the free-space mark
   */
  async #reserve(bytes: number): Promise<void> {
    const free = await this.#freeBytes();
    if (free - this.#reservedBytes - bytes < this.#minFreeBytes) throw new S3Error('InsufficientStorage');
    this.#reservedBytes += bytes;
  }

  /**
   * Deletes and other changes of metadata go on below the mark, but not to the last page: a transaction that fails for
   * lack of space takes the process down.
   * @throws S3Error `InsufficientStorage`
   */
  async requireRoomForMetadata(): Promise<void> {
    if ((await this.#freeBytes()) < Math.max(this.#minFreeBytes / 16, minMetadataBytes)) throw new S3Error('InsufficientStorage');
  }

  async #freeBytes(): Promise<number> {
    const now = performance.now();
    if (now - this.#free.at > freeSpaceFreshMs) {
      const { bavail, bsize } = await statfs(this.dataFolder);
      this.#free = { at: now, bytes: bavail * bsize };
    }
    return this.#free.bytes;
  }

  /**
   * Writes, flushes and names one file. The caller commits its metadata through `settled`.
   * @param verify throws to refuse what arrived; nothing is kept then
   */
  async write(
    chunks: AsyncIterable<Buffer>,
    upload: { declaredBytes: number; checksumAlgorithm?: ChecksumAlgorithm | undefined },
    verify: (digests: Digests) => void,
  ): Promise<Blob & { digests: Digests }> {
    await this.#reserve(upload.declaredBytes);
    const name = randomBytes(16).toString('hex');
    const folder = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const id = `${folder}/${name}`;
    const temporary = join(this.#tmp, name);
    try {
      const digests = await this.#writeTemporary(temporary, chunks, upload, verify);
      await this.#ensureFolder(folder);
      this.#pending.add(id);
      await rename(temporary, this.pathOf(id));
      await this.#syncFolder(join(this.#blobs, folder));
      // The last measurement of free space was taken before this file was written.
      this.#free.bytes -= digests.bytes + overheadBytes;
      return { id, bytes: digests.bytes, sha256Hex: digests.sha256Hex, blockCrcs: digests.blockCrcs, digests };
    } catch (error) {
      this.#pending.delete(id);
      await unlink(temporary).catch(() => undefined);
      throw isDiskFull(error) ? new S3Error('InsufficientStorage') : error;
    } finally {
      this.#reservedBytes -= upload.declaredBytes;
    }
  }

  async #writeTemporary(
    path: string,
    chunks: AsyncIterable<Buffer>,
    upload: { declaredBytes: number; checksumAlgorithm?: ChecksumAlgorithm | undefined },
    verify: (digests: Digests) => void,
  ): Promise<Digests> {
    const digest = new UploadDigest(upload.checksumAlgorithm);
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      let waiting: Buffer[] = [];
      let waitingBytes = 0;
      let writing: Promise<unknown> = Promise.resolve();
      let received = 0;
      const flush = async (): Promise<void> => {
        const batch = waiting;
        waiting = [];
        waitingBytes = 0;
        await writing;
        // One write stays in flight while the next megabyte is received and hashed.
        if (batch.length > 0) writing = writeAll(file, batch);
        writing.catch(() => undefined);
      };
      for await (const chunk of chunks) {
        received += chunk.length;
        if (received > upload.declaredBytes) throw new S3Error('IncompleteBody', 'The body is longer than was declared.');
        digest.update(chunk);
        waiting.push(chunk);
        waitingBytes += chunk.length;
        if (waitingBytes >= flushBytes) await flush();
      }
      const digests = digest.finish();
      verify(digests);
      await flush();
      await writing;
      await file.sync();
      return digests;
    } finally {
      await file.close();
    }
  }

  /**
   * Runs the commit that names a written blob. A refusal removes the file again; after any other failure nobody knows
   * whether the metadata is on disk, so the file stays for the garbage collector to judge.
   */
  async settled<T>(id: string, commit: () => Promise<T>): Promise<T> {
    try {
      return await commit();
    } catch (error) {
      if (error instanceof S3Error) await this.remove(id).catch(() => undefined);
      throw error;
    } finally {
      this.#pending.delete(id);
    }
  }

  /** The ids of all files there are, named by metadata or not. */
  async *files(): AsyncGenerator<string> {
    for (const folder of await readdir(this.#blobs)) {
      for (const name of await readdir(join(this.#blobs, folder))) yield `${folder}/${name}`;
    }
  }

  /** Whether a file no metadata names cannot belong to an upload still on its way: from before this process, or ten minutes old. */
  async isAbandoned(id: string, nowMs: number): Promise<boolean> {
    if (this.#pending.has(id)) return false;
    const found = await stat(this.pathOf(id)).catch(() => undefined);
    return found !== undefined && (found.mtimeMs < this.#startedAtMs || found.mtimeMs < nowMs - settlingMs);
  }

  /** Removes a file no metadata names any more, at once or when its last reader is done. */
  async remove(id: string): Promise<void> {
    if (this.#readers.has(id)) {
      this.#doomed.add(id);
      return;
    }
    await unlink(this.pathOf(id)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }

  /** Keeps files readable until the returned function is called, whatever is deleted meanwhile. */
  hold(ids: readonly string[]): () => void {
    for (const id of ids) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
    return () => {
      for (const id of ids) {
        const left = (this.#readers.get(id) ?? 1) - 1;
        if (left > 0) this.#readers.set(id, left);
        else {
          this.#readers.delete(id);
          if (this.#doomed.delete(id)) void this.remove(id).catch(() => undefined);
        }
      }
    };
  }

  /**
   * The bytes `start..end` (inclusive) of a file. Every block is checked against its CRC before it is yielded.
   * @throws DamagedBlobError
   */
  async *read(blob: Blob, start: number, end: number): AsyncGenerator<Buffer> {
    if (start > end) return;
    const crcs = Buffer.from(blob.blockCrcs, 'base64');
    const file = this.#openToRead(blob.id);
    try {
      for (let block = Math.floor(start / blockBytes); block * blockBytes <= end; block++) {
        const from = block * blockBytes;
        const wanted = Math.min(blockBytes, blob.bytes - from);
        const { bytesRead, buffer } = await read(file, Buffer.allocUnsafeSlow(wanted), 0, wanted, from);
        if (bytesRead < wanted) throw new DamagedBlobError(blob.id, 'truncated');
        if (crc32(buffer) !== crcs.readUInt32BE(block * 4)) throw new DamagedBlobError(blob.id, 'altered');
        yield buffer.subarray(Math.max(0, start - from), Math.min(wanted, end - from + 1));
      }
    } finally {
      closeSync(file);
    }
  }

  /** Opened and closed on this thread: handing both to the thread pool costs as much as all the rest of a small read. */
  #openToRead(id: string): number {
    try {
      return openSync(this.pathOf(id), 'r');
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new DamagedBlobError(id, 'missing') : error;
    }
  }

  async #ensureFolder(folder: string): Promise<void> {
    if (this.#knownFolders.has(folder)) return;
    await mkdir(join(this.#blobs, folder), { recursive: true, mode: 0o700 });
    await this.#syncFolder(this.#blobs);
    this.#knownFolders.add(folder);
  }

  /** One flush covers every rename that finished before it began; later renames share the one after. */
  async #syncFolder(folder: string): Promise<void> {
    const scheduled = this.#scheduledSyncs.get(folder);
    if (scheduled !== undefined) return scheduled;
    const next = (this.#runningSyncs.get(folder) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.#scheduledSyncs.delete(folder);
        this.#runningSyncs.set(folder, next);
        return syncFolder(folder);
      });
    this.#scheduledSyncs.set(folder, next);
    return next;
  }
}

/** Makes what was created or renamed in a folder survive a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');

async function writeAll(file: FileHandle, buffers: readonly Buffer[]): Promise<void> {
  const total = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  const { bytesWritten } = await file.writev(buffers);
  if (bytesWritten === total) return;
  let rest = Buffer.concat(buffers).subarray(bytesWritten);
  while (rest.length > 0) rest = rest.subarray((await file.write(rest)).bytesWritten);
}
