import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_BYTES = 10_000_000;
const KEPT = 5;

/** The log of one process: lines appended to `NAME.log`, turned over at 10 MB, five kept. */
export class ProcessLog {
  private readonly file: string;
  private handle: number | undefined;
  private bytes = 0;

  constructor(folder: string, name: string) {
    this.file = join(folder, `${name}.log`);
  }

  /** Never throws: a full disk must not end the processes that are watched. */
  append(line: string): void {
    try {
      if (this.handle === undefined) this.open();
      if (this.handle === undefined) return;
      this.bytes += writeSync(this.handle, `${line}\n`);
      if (this.bytes > LARGEST_BYTES) this.turnOver();
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
    rmSync(`${this.file}.${KEPT}`, { force: true });
    for (let index = KEPT - 1; index >= 1; index -= 1) {
      try {
        renameSync(`${this.file}.${index}`, `${this.file}.${index + 1}`);
      } catch {
        // Not so many are kept yet.
      }
    }
    renameSync(this.file, `${this.file}.1`);
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
