import { readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const DAY_MS = 86_400_000;
const packed = promisify(gzip);

/** A log is `NAME.log` while it is written, `NAME.log.TIME` when it has been turned over, and `NAME.log.TIME.gz` when it is packed. */
const isLog = (name: string): boolean => name.endsWith('.log') || name.includes('.log.');
const isPacked = (name: string): boolean => name.includes('.log.') && name.endsWith('.gz');
const isTurnedOver = (name: string): boolean => name.includes('.log.') && !name.endsWith('.gz');

export interface LogArchiveOptions {
  readonly folder: string;
  /** Where it writes down what is kept, for the evidence. */
  readonly stateFile: string;
  readonly keepDays: number;
  /** What all logs together may take. */
  readonly diskBytes: number;
  readonly now?: () => number;
}

/** What stands in `run/logs.json`. */
export interface LogsKept {
  readonly keepDays: number;
  readonly diskBytes: number;
  readonly bytes: number;
  readonly files: number;
  readonly oldestAt?: string;
  /** Lines up to then went before their time, because the disk bound was reached. */
  readonly lostUntil?: string;
}

interface Kept {
  readonly file: string;
  readonly bytes: number;
  /** Time of its newest line. */
  readonly atMs: number;
}

/**
 * Keeps logs that were turned over: compressed, as long as the law asks (six months, Cybersecurity Law Art. 23(3)), and within a bound of
 * the disk. Where both cannot be had the disk wins, because a full one ends calls; what went before its time is written down.
 */
export class LogArchive {
  readonly #options: LogArchiveOptions;
  #work: Promise<void> = Promise.resolve();
  #lostUntilMs = 0;

  constructor(options: LogArchiveOptions) {
    this.#options = options;
  }

  /** What an earlier run left is taken in. */
  async open(): Promise<void> {
    try {
      const { lostUntil } = JSON.parse(await readFile(this.#options.stateFile, 'utf8')) as Partial<LogsKept>;
      this.#lostUntilMs = lostUntil === undefined ? 0 : Date.parse(lostUntil);
    } catch {
      // The first run.
    }
    await this.tidy();
  }

  /** Takes a full log away from its place at once, so that a new one can be begun there. It is compressed afterwards. */
  take(file: string): void {
    renameSync(file, `${file}.${new Date(this.#now()).toISOString().replaceAll(':', '-')}`);
    void this.tidy();
  }

  /** Compresses what was turned over, lets go what is beyond its time or beyond the disk, and writes down what is left. Never rejects. */
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
