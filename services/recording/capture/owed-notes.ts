import type { CallId } from '../../shared/domain/ids.js';
import type { Logger } from '../../shared/platform/processes/logger.js';

type Write = () => Promise<void>;

/**
 * What the ledger is to be told of live calls. What the store does not take waits here and is written again, the notes of one call in their
 * order: a recorder on another machine knows of a call only what its row says.
 */
export class OwedNotes {
  readonly #owed = new Map<CallId, Write[]>();
  #busy = false;

  constructor(private readonly log: Logger) {}

  /** Resolves once the note is written, or waits for the next turn. */
  async note(callId: CallId, write: Write): Promise<void> {
    const waiting = this.#owed.get(callId);
    if (waiting !== undefined) {
      waiting.push(write);
      return;
    }
    const notes = [write];
    this.#owed.set(callId, notes);
    await this.#write(callId, notes);
  }

  /** Every second. The first note that is not taken ends the turn: all of them need the same store. */
  async again(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (const [callId, notes] of [...this.#owed]) if (!(await this.#write(callId, notes))) return;
    } finally {
      this.#busy = false;
    }
  }

  async #write(callId: CallId, notes: Write[]): Promise<boolean> {
    for (let next = notes[0]; next !== undefined; next = notes[0]) {
      try {
        await next();
      } catch (error) {
        this.log.warn({ err: error, callId }, 'the ledger does not have a note on a live call yet; it is written again');
        return false;
      }
      if (notes[0] === next) notes.shift();
    }
    if (this.#owed.get(callId) === notes) this.#owed.delete(callId);
    return true;
  }
}
