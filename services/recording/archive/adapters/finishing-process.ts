import type { ChildProcess } from 'node:child_process';
import type { Logger } from '../../../shared/platform/processes/logger.js';
import type { Finishing } from '../../capture/recorder-dependencies.js';
import type { Spool } from '../../capture/ports.js';
import { PIECE_MS } from '../opus-pieces.js';
import type { LiveMoment } from '../ports.js';
import { answerFrom, type FromFinishing, type ToFinishing } from './spool-link.js';
import type { CallId } from '../../../shared/domain/ids.js';

/** How long to wait before a process that ended is started again: the store may be refusing it. */
const AGAIN_MS = 1_000;

/**
 * A separate process archives ended calls. It yields to calls when the machine is busy, and its work and memory cannot delay incoming
 * media. Everything it knows is in the spool, which stays in this process: when the other process ends, a new one does its calls again.
 */
export class FinishingProcess implements Finishing {
  readonly #known = new Set<string>();
  #failing = 0;
  #child: ChildProcess | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(
    private readonly deps: {
      readonly spool: Pick<Spool, 'open' | 'sealed' | 'keepSealed' | 'remove'>;
      /** The started process must have a channel with `advanced` serialization. */
      readonly start: () => ChildProcess;
      readonly log: Logger;
    },
  ) {
    this.#begin();
  }

  finish(callId: CallId): void {
    if (this.#stopped || this.#known.has(callId)) return;
    this.#known.add(callId);
    this.#tell({ kind: 'finish', callId });
  }

  advance(calls: readonly LiveMoment[]): void {
    const long = calls.filter(({ nowMs }) => nowMs >= PIECE_MS);
    if (long.length > 0) this.#tell({ kind: 'advance', calls: long });
  }

  status(): { readonly waiting: number; readonly failing: number } {
    return { waiting: this.#known.size, failing: this.#failing };
  }

  /** Work in progress is completed; the rest stays in the spool. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#again);
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.#tell({ kind: 'stop' });
    await ended;
  }

  #begin(): void {
    const child = this.deps.start();
    this.#child = child;
    child.on('message', (message: FromFinishing) => this.#hear(child, message));
    // A broken channel means that the process ends: its exit counts.
    child.on('error', (error) => this.deps.log.error({ err: error }, 'the process that archives recordings cannot be reached'));
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      this.#failing = 0;
      if (this.#stopped) return;
      this.deps.log.warn({ code, signal }, 'the process that archives recordings has ended and is started again');
      this.#again = setTimeout(() => this.#begin(), AGAIN_MS);
    });
    for (const callId of this.#known) this.#tell({ kind: 'finish', callId });
  }

  #hear(child: ChildProcess, message: FromFinishing): void {
    switch (message.kind) {
      case 'done':
        this.#known.delete(message.callId);
        return;
      case 'failing':
        this.#failing = message.count;
        return;
      case 'ask': {
        const { kind: _kind, ...question } = message;
        // Sent only to the process that asked: its successor would take the number for another question.
        void answerFrom(this.deps.spool, question).then((answer) => send(child, answer));
      }
    }
  }

  #tell(message: ToFinishing): void {
    if (this.#child !== undefined) send(this.#child, message);
  }
}

function send(child: ChildProcess, message: ToFinishing): void {
  if (child.connected) child.send(message);
}
