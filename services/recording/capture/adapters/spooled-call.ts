import { mkdir, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { whenMissing } from '../../../shared/platform/processes/error-code.js';
import type { SpoolFile, SpoolHeader } from '../ports.js';
import { CALL_BEGUN, CALL_SEALED, type JournalEntry } from './spool-entry.js';
import { flushFolder, HEADER, openPackets, readPackets, SEALED, writeDurably } from './spool-folders.js';
import type { CallId } from '../../../shared/domain/ids.js';

/** A call gets its own folder at this size, about three seconds of audio, or when the journal is replaced. */
const BLOCK_BYTES = 48 * 1024;
/** About six minutes of one call. */
const MOST_PENDING_BYTES = 8 * 1024 * 1024;

/** The contribution of one call to a flush of the journal. */
export interface Taken {
  readonly entries: readonly JournalEntry[];
  kept(): void;
  putBack(): void;
}

/** The spool that a call is in. */
export interface SpoolOfCall {
  folderOf(callId: CallId): string;
  /** Whether the call is still in the spool; a removed call is no longer written. */
  holds(call: SpooledCall): boolean;
  folderIsMade(callId: CallId): void;
  /** Called with an error when the folder of a call could not be written. */
  folderWritten(error?: unknown): void;
  /** Flushes the journal; `settle` fails when the flush fails. */
  flush(): Promise<void>;
  settle(): Promise<void>;
}

/** The packet file of a call that already has a folder. */
export interface PacketFile {
  readonly handle: FileHandle;
  readonly bytes: number;
}

/** One call of the spool: its parts in memory, in the journal and in its folder. */
export class SpooledCall implements SpoolFile {
  /** Three groups of bytes: appended and not yet in the journal; on their way there; in the journal and not yet in the file. */
  private pending: Uint8Array[] = [];
  private onTheWay: Uint8Array[] = [];
  private unwritten: Uint8Array[] = [];
  private unwrittenBytes = 0;
  /** The number of bytes in the journal, and in the file. */
  private journaledBytes: number;
  private writtenBytes: number;
  private begunInJournal: boolean;
  private sealed: Uint8Array | undefined;
  private sealedInJournal = false;
  private sealedInFolder = false;
  /** The packet file. Before it exists, the whole call is in the journal and in memory. */
  private handle: FileHandle | undefined;
  private writing: Promise<unknown> = Promise.resolve();
  pendingBytes = 0;

  constructor(
    readonly header: SpoolHeader,
    private readonly spool: SpoolOfCall,
    packets?: PacketFile,
  ) {
    this.begunInJournal = packets !== undefined;
    this.journaledBytes = packets?.bytes ?? 0;
    this.writtenBytes = packets?.bytes ?? 0;
    this.handle = packets?.handle;
  }

  append(record: Uint8Array): void {
    // Only while the disk refuses writes. The daily account finds and declares what is dropped here.
    if (this.pendingBytes > MOST_PENDING_BYTES) return;
    this.pending.push(record);
    this.pendingBytes += record.length;
  }

  settle(): Promise<void> {
    return this.spool.settle();
  }

  inMemory(): Uint8Array | undefined {
    return this.handle === undefined ? Buffer.concat([...this.unwritten, ...this.onTheWay, ...this.pending]) : undefined;
  }

  async read(from: number): Promise<Uint8Array> {
    await this.writing;
    const short = this.inMemory();
    if (short !== undefined) return short.subarray(from);
    await this.spool.flush();
    await this.writeOut();
    return readPackets(this.folder, from);
  }

  /** What the journal lacks of this call; undefined when it has everything. */
  take(): Taken | undefined {
    const { callId } = this.header;
    const [begins, seals] = [!this.begunInJournal, this.sealed !== undefined && !this.sealedInJournal];
    const body = Buffer.concat(this.pending);
    const entries: JournalEntry[] = [];
    if (begins) entries.push({ callId, at: CALL_BEGUN, body: Buffer.from(JSON.stringify(this.header)) });
    if (body.length > 0) entries.push({ callId, at: this.journaledBytes, body });
    if (seals && this.sealed !== undefined) entries.push({ callId, at: CALL_SEALED, body: this.sealed });
    if (entries.length === 0) return undefined;
    this.onTheWay = this.pending;
    this.pending = [];
    this.pendingBytes -= body.length;
    return {
      entries,
      kept: () => {
        this.begunInJournal = true;
        this.sealedInJournal ||= seals;
        this.unwritten.push(...this.onTheWay);
        this.onTheWay = [];
        this.unwrittenBytes += body.length;
        this.journaledBytes += body.length;
        if (this.unwrittenBytes >= BLOCK_BYTES) void this.writeOut().catch((error: unknown) => this.spool.folderWritten(error));
      },
      putBack: () => {
        this.pending.unshift(...this.onTheWay);
        this.onTheWay = [];
        this.pendingBytes += body.length;
      },
    };
  }

  /** Copies the call from the journal to its folder, which is created if necessary. */
  writeOut(): Promise<void> {
    const turn = this.writing.then(() => this.writeToFolder());
    this.writing = turn.catch(() => undefined);
    return turn;
  }

  /** Stores the finished recording with the call. It is completely on the disk when this resolves. */
  async seal(bytes: Uint8Array): Promise<void> {
    this.sealed = bytes;
    // A call with a folder is usually long, so its sealed file is not written twice.
    this.sealedInJournal = this.handle !== undefined;
    try {
      await (this.handle === undefined ? this.settle() : this.writeOut());
    } catch (error) {
      this.sealed = undefined;
      throw error;
    }
  }

  async readSealed(): Promise<Uint8Array | undefined> {
    if (this.sealed !== undefined || this.handle === undefined) return this.sealed;
    return readSealed(this.folder);
  }

  /** Resolves when everything written to the folder is on the disk. */
  async synced(): Promise<void> {
    await this.handle?.datasync();
  }

  /** Resolves when no write is in progress. */
  async written(): Promise<void> {
    await this.writing;
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }

  private get folder(): string {
    return this.spool.folderOf(this.header.callId);
  }

  private async writeToFolder(): Promise<void> {
    if (!this.spool.holds(this)) return;
    const handle = (this.handle ??= await this.makeFolder());
    if (this.sealed !== undefined && !this.sealedInFolder) {
      await writeDurably(join(this.folder, SEALED), this.sealed);
      await flushFolder(this.folder);
      this.sealedInFolder = true;
    }
    const chunks = this.unwritten.length;
    const block = Buffer.concat(this.unwritten);
    for (let at = 0; at < block.length;) at += (await handle.write(block, at, block.length - at, this.writtenBytes + at)).bytesWritten;
    this.writtenBytes += block.length;
    this.unwritten.splice(0, chunks);
    this.unwrittenBytes -= block.length;
    this.spool.folderWritten();
  }

  private async makeFolder(): Promise<FileHandle> {
    const path = this.folder;
    this.spool.folderIsMade(this.header.callId);
    await mkdir(path, { recursive: true, mode: 0o700 });
    await writeDurably(join(path, HEADER), JSON.stringify(this.header));
    const handle = await openPackets(path);
    await flushFolder(path);
    await flushFolder(join(path, '..'));
    return handle;
  }
}

/** The finished recording in the folder of a call, if it has one. */
export const readSealed = (folder: string): Promise<Uint8Array | undefined> => readFile(join(folder, SEALED)).catch(whenMissing);
