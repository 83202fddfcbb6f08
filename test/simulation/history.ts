import { createHash } from 'node:crypto';

/** What happened, one line a step: when, who, what, and what belongs to it. */
export interface HistoryLine {
  readonly atMs: number;
  readonly who: string;
  readonly what: string;
  readonly more: Readonly<Record<string, unknown>>;
}

const KEPT = 4_000;
const TOGETHER = 200;

/** The history of one seed. The digest of all lines proves that two runs were the same; the last lines are kept to be read. */
export class History {
  readonly #digest = createHash('sha256');
  readonly #lines: string[] = [];
  /** Lines that are not in the digest yet: one piece of many is cheaper than many pieces. */
  #undigested: string[] = [];
  #count = 0;

  constructor(
    private readonly startMs: number,
    private readonly print: ((line: string) => void) | undefined,
  ) {}

  add({ atMs, who, what, more }: HistoryLine): void {
    const rest = Object.entries(more)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' ');
    const line = `${((atMs - this.startMs) / 1_000).toFixed(3).padStart(9)}  ${who.padEnd(12)} ${what}${rest === '' ? '' : `  ${rest}`}`;
    this.#undigested.push(line);
    if (this.#undigested.length >= TOGETHER) this.#digested();
    this.#count += 1;
    this.#lines.push(line);
    if (this.#lines.length > 2 * KEPT) this.#lines.splice(0, KEPT);
    this.print?.(line);
  }

  #digested(): ReturnType<typeof createHash> {
    this.#digest.update(this.#undigested.join(''));
    this.#undigested = [];
    return this.#digest;
  }

  get count(): number {
    return this.#count;
  }
  /** The newest lines, and of them those that `about` names when it is given. */
  last(many: number, about: readonly string[] = []): readonly string[] {
    const fitting = about.length === 0 ? this.#lines : this.#lines.filter((line) => about.some((each) => line.includes(each)));
    return fitting.slice(-many);
  }
  digest(): string {
    return this.#digested().copy().digest('hex').slice(0, 16);
  }
}
