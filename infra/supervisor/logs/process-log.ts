import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LogArchive } from './log-archive.js';

const LARGEST_BYTES = 10_000_000;

/** The log of one process: lines appended to `NAME.log`, rotated at 10 MB into the archive. */
export class ProcessLog {
  private readonly file: string;
  private handle: number | undefined;
  private bytes = 0;

  constructor(
    folder: string,
    name: string,
    private readonly archive: Pick<LogArchive, 'take'>,
    private readonly largestBytes = LARGEST_BYTES,
  ) {
    this.file = join(folder, `${name}.log`);
  }

  /** Never throws: a full disk must not end the processes that are watched. */
  append(line: string): void {
    try {
      if (this.handle === undefined) this.open();
      if (this.handle === undefined) return;
      this.bytes += writeSync(this.handle, `${line}\n`);
      if (this.bytes > this.largestBytes) this.turnOver();
    } catch {
      this.close();
    }
  }

  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }

  private open(): void {
    this.handle = openSync(this.file, 'a', 0o600);
    this.bytes = statSync(this.file).size;
  }

  private turnOver(): void {
    this.close();
    this.archive.take(this.file);
    this.open();
  }
}

/** Cuts a stream of bytes into lines; a line longer than `longest` is cut. */
export function lineSplitter(onLine: (line: string) => void, longest = 65_536): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(line.slice(0, longest));
    if (rest.length > longest) {
      onLine(rest);
      rest = '';
    }
  };
}
