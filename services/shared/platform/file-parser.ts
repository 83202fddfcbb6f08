import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { CallCentreError, type FailureCode } from '../domain/failure.js';
import { errorCode } from './error-code.js';
import { startThread } from './thread.js';

/** What a file may cost. */
export interface ParseLimits {
  readonly wallMs: number;
  readonly heapMb: number;
}

export const usualParseLimits: ParseLimits = { wallMs: 30_000, heapMb: 256 };

/** Files that are parsed at the same time in this process, and those that wait for their turn; more are refused. */
const AT_ONCE = 2;
const WAITING_AT_MOST = 30;

type Reply =
  | { readonly value: unknown }
  | { readonly refused: { readonly code: FailureCode; readonly message: string; readonly details: unknown } }
  | { readonly failed: string };

/** A file is more than a limit allows. `limit` is what pages have words for. */
export const overLimit = (limit: string, most: number, message: string): CallCentreError =>
  new CallCentreError('too-large', message, { details: { limit, most } });

/** Turns in the order in which they were asked for. */
class Turns {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  async take(): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= WAITING_AT_MOST)
      throw new CallCentreError('too-many-requests', 'Too many files are being read at this moment.');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The place goes to the one that has waited longest. */
  giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
const turns = new Turns();

/**
 * Parses what strangers sent in a thread of its own, one thread a file: whatever the file does to its parser, the process goes on, and the
 * thread ends with its memory. Refused with `too-large` and `details.limit` (`time`, `memory`, or what the parser itself counts), with
 * `too-many-requests` when too many files wait, and with what the parser refuses.
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

function parseOnce(from: string, name: string, { wallMs, heapMb }: ParseLimits, input: unknown): Promise<unknown> {
  const tooSlow = overLimit('time', wallMs / 1_000, `The file took longer than ${wallMs / 1_000} seconds to read.`);
  const tooWide = overLimit('memory', heapMb, `The file needs more than ${heapMb} MB of memory to be read.`);
  return new Promise((resolve, reject) => {
    const thread = startThread(from, name, { workerData: input, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    const timer = setTimeout(() => end(() => reject(tooSlow)), wallMs);
    function end(settle: () => void): void {
      clearTimeout(timer);
      settle();
      void thread.terminate();
    }
    thread.once('message', (reply: Reply) => {
      if ('value' in reply) end(() => resolve(reply.value));
      else if ('refused' in reply) {
        const { code, message, details } = reply.refused;
        end(() => reject(new CallCentreError(code, message, { details })));
      } else end(() => reject(new Error(reply.failed)));
    });
    thread.once('error', (error: Error) => {
      end(() => reject(errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY' ? tooWide : error));
    });
    thread.once('exit', () => end(() => reject(new Error(`the thread ${name} ended without an answer`))));
  });
}

/** The body of such a thread: reads its one file and answers. */
export async function parseInThread(parse: (input: never) => unknown): Promise<void> {
  if (parentPort === null) throw new Error('This is the body of a thread.');
  // Of this thread alone, on Linux: a file never takes the processor from a call or a page.
  setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  parentPort.postMessage(await replyOf(() => parse(workerData as never)));
}

async function replyOf(parse: () => unknown): Promise<Reply> {
  try {
    return { value: await parse() };
  } catch (error) {
    if (error instanceof CallCentreError) return { refused: { code: error.code, message: error.message, details: error.details } };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : 'the parser failed' };
  }
}
