import { fork, type ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { FailureLimit } from '../../domain/failure-details.js';
import { CallCentreError, type FailureArguments } from '../../domain/failure.js';
import { nodeBoundToParent } from '../processes/bound-process.js';
import { AFTER_CALLS } from '../processes/niceness.js';
import { typescriptLoader } from '../threads/thread.js';

/** The limits of a file. */
export interface ParseLimits {
  readonly wallMs: number;
  readonly heapMb: number;
}

export const usualParseLimits: ParseLimits = { wallMs: 30_000, heapMb: 256 };

/** The number of files that are parsed at the same time in this process, and of those that wait. Further files are refused. */
const AT_ONCE = 2;
const WAITING_AT_MOST = 30;

type Reply = { readonly value: unknown } | { readonly refused: FailureArguments } | { readonly failed: string };

/** The file exceeds a limit. */
export const overLimit = (limit: FailureLimit, most: number, message: string): CallCentreError =>
  new CallCentreError('too-large', message, { details: { limit, most } });

/** Gives turns in the order of the requests. */
class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  async take(): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= WAITING_AT_MOST) throw new CallCentreError('too-many-requests', 'Too many files are being read right now.');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The place goes to the request that has waited longest. */
  giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
const turns = new Turns();

/**
 * Parses files from strangers, each in its own process. Whatever a file does to its parser, this process continues, and the memory is freed
 * with the other process. `name` is the program next to `from` (its `import.meta.url`), whose body is `parseInProcess`. Fails with
 * `too-large` and `details.limit` (`time`, `memory`, or a limit of the parser), with `too-many-requests` when too many files wait, and with
 * the parser's own failure.
 */
export function createFileParser(from: string, name: string, limits: ParseLimits = usualParseLimits): (input: unknown) => Promise<unknown> {
  return async (input) => {
    await turns.take();
    try {
      return await parseOnce(from, name, limits, input);
    } finally {
      turns.giveBack();
    }
  };
}

/** Compiled, the program is a JavaScript file. Run from source, it first needs the loader for TypeScript. */
function startParser(from: string, name: string, heapMb: number): ChildProcess {
  const isSource = from.endsWith('.ts');
  return fork(new URL(`./${name}.${isSource ? 'ts' : 'js'}`, from), [], {
    // Ends with its parent, which may be killed while this process would read for ever.
    ...nodeBoundToParent([`--max-old-space-size=${heapMb}`, ...(isSource ? ['--import', typescriptLoader()] : [])]),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // The parser gets no settings and no secrets of this process, so a file that takes it over finds nothing.
    env: {},
  });
}

function parseOnce(from: string, name: string, { wallMs, heapMb }: ParseLimits, input: unknown): Promise<unknown> {
  const tooSlow = overLimit('time', wallMs / 1_000, `The file took longer than ${wallMs / 1_000} seconds to read.`);
  const tooWide = overLimit('memory', heapMb, `The file needs more than ${heapMb} MB of memory to be read.`);
  return new Promise((resolve, reject) => {
    const child = startParser(from, name, heapMb);
    const timer = setTimeout(() => end(() => reject(tooSlow)), wallMs);
    function end(settle: () => void): void {
      clearTimeout(timer);
      settle();
      child.kill('SIGKILL');
    }
    child.once('message', (reply: Reply) => {
      if ('value' in reply) end(() => resolve(reply.value));
      else if ('refused' in reply) {
        const { refused } = reply;
        end(() => reject(new CallCentreError(...refused)));
      } else end(() => reject(new Error(reply.failed)));
    });
    child.on('error', (error) => end(() => reject(error)));
    child.once('exit', (_code, signal) => {
      const ended = (): void =>
        end(() => reject(signal === 'SIGABRT' || signal === 'SIGKILL' ? tooWide : new Error(`${name} ended without an answer`)));
      // The answer may still be on the channel, which closes after the process.
      if (child.connected) child.once('disconnect', ended);
      else ended();
    });
    child.send({ input }, (error) => {
      // If the process has ended, the way it ended says more than this error.
      if (error !== null) child.kill('SIGKILL');
    });
  });
}

/** The body of such a process: reads its one file and answers. */
export function parseInProcess(parse: (input: never) => unknown): void {
  // Both ends of a parser belong to one slice: what one sends is what the other accepts.
  const parseInput = parse as (input: unknown) => unknown;
  setPriority(0, AFTER_CALLS);
  process.once('message', ({ input }: { readonly input: unknown }) => {
    void replyOf(() => parseInput(input)).then((reply) => process.send?.(reply));
  });
}

async function replyOf(parse: () => unknown): Promise<Reply> {
  try {
    return { value: await parse() };
  } catch (error) {
    // The code and the details of the same failure match.
    if (error instanceof CallCentreError) return { refused: [error.code, error.message, { details: error.details }] as FailureArguments };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : 'the parser failed' };
  }
}
