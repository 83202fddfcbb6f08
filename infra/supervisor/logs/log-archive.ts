import { readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const DAY_MS = 86_400_000;
const packed = promisify(gzip);

/** A log is `NAME.log` while it is written, `NAME.log.TIME` after rotation, and `NAME.log.TIME.gz` when it is compressed. */
const isLog = (name: string): boolean => name.endsWith('.log') || name.includes('.log.');
const isPacked = (name: string): boolean => name.includes('.log.') && name.endsWith('.gz');
const isTurnedOver = (name: string): boolean => name.includes('.log.') && !name.endsWith('.gz');

export interface LogArchiveOptions {
  readonly folder: string;
  /** The file in which it records which logs are kept, for the evidence. */
  readonly stateFile: string;
  readonly keepDays: number;
  /** Disk space that all logs together may take. */
  readonly diskBytes: number;
  readonly now?: () => number;
}

/** The content of `run/logs.json`. */
export interface LogsKept {
  readonly keepDays: number;
  readonly diskBytes: number;
  readonly bytes: number;
  readonly files: number;
  readonly oldestAt?: string;
  /** Lines up to this time were deleted early, because the disk bound was reached. */
  readonly lostUntil?: string;
}

interface Kept {
  readonly file: string;
  readonly bytes: number;
  /** Time of its newest line. */
  readonly atMs: number;
}

/**
 * Keeps rotated logs: compressed, for as long as the law asks (six months, Cybersecurity Law Art. 23(3)), and within a bound of disk space.
 * Where both are not possible the disk wins, because a full one ends calls; what was deleted early is recorded.
 */
export class LogArchive {
  readonly #options: LogArchiveOptions;
  #work: Promise<void> = Promise.resolve();
  #lostUntilMs = 0;

  constructor(options: LogArchiveOptions) {
    this.#options = options;
  }

  /** Takes over the logs that an earlier run left. */
  async open(): Promise<void> {
    try {
      const { lostUntil } = JSON.parse(await readFile(this.#options.stateFile, 'utf8')) as Partial<LogsKept>;
      this.#lostUntilMs = lostUntil === undefined ? 0 : Date.parse(lostUntil);
    } catch {
      // The first run.
    }
    await this.tidy();
  }

  /** Moves a full log away at once, so that a new one can be begun in its place. It is compressed afterwards. */
  take(file: string): void {
    renameSync(file, `${file}.${new Date(this.#now()).toISOString().replaceAll(':', '-')}`);
    void this.tidy();
  }

  /** Compresses rotated logs, deletes those past their retention time or beyond the disk limit, and records which remain. Never rejects. */
  tidy(): Promise<void> {
    this.#work = this.#work.then(() => this.#tidy()).catch(() => undefined);
    return this.#work;
  }

  async #tidy(): Promise<void> {
    for (const { file, atMs } of this.#files(isTurnedOver)) {
      await writeFile(`${file}.gz`, await packed(await readFile(file)), { mode: 0o600 });
      utimesSync(`${file}.gz`, new Date(atMs), new Date(atMs));
      rmSync(file);
    }
    const { keepDays, diskBytes, stateFile } = this.#options;
    const beyond = this.#now() - keepDays * DAY_MS;
    for (const { file, atMs } of this.#files(isPacked)) if (atMs < beyond) rmSync(file);
    const left = this.#files(isPacked);
    let bytes = this.#files(isLog).reduce((sum, each) => sum + each.bytes, 0);
    while (bytes > diskBytes) {
      const oldest = left.shift();
      if (oldest === undefined) break;
      rmSync(oldest.file);
      bytes -= oldest.bytes;
      this.#lostUntilMs = Math.max(this.#lostUntilMs, oldest.atMs);
    }
    const [oldest] = left;
    const kept: LogsKept = {
      keepDays,
      diskBytes,
      bytes,
      files: this.#files(isLog).length,
      ...(oldest === undefined ? {} : { oldestAt: new Date(oldest.atMs).toISOString() }),
      ...(this.#lostUntilMs === 0 ? {} : { lostUntil: new Date(this.#lostUntilMs).toISOString() }),
    };
    writeFileSync(stateFile, JSON.stringify(kept), { mode: 0o600 });
  }

  /** Oldest first. */
  #files(fits: (name: string) => boolean): Kept[] {
    return readdirSync(this.#options.folder)
      .filter(fits)
      .map((name) => {
        const file = join(this.#options.folder, name);
        const { size, mtimeMs } = statSync(file);
        return { file, bytes: size, atMs: mtimeMs };
      })
      .sort((a, b) => a.atMs - b.atMs);
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }
}
