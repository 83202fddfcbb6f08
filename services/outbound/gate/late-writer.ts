import type { GateNeeds } from './gate-needs.js';

/** A leg's row that could not be written is tried again after this time. */
const WRITE_AGAIN_MS = 5_000;

/** Writes rows that no call may wait for, in order for each leg, until a store takes them. */
export class LateWriter {
  readonly #unwritten = new Map<string, Promise<void>>();

  constructor(private readonly needs: Pick<GateNeeds, 'later' | 'log'>) {}

  /** Written after the earlier rows of the same leg. */
  write(permitId: string, writes: readonly (() => Promise<unknown>)[]): void {
    const before = this.#unwritten.get(permitId) ?? Promise.resolve();
    const all = before
      .then(() => Promise.all(writes.map((write) => this.#again(write))))
      .then(() => {
        if (this.#unwritten.get(permitId) === all) this.#unwritten.delete(permitId);
      });
    this.#unwritten.set(permitId, all);
  }

  /** Resolves when all rows of the leg are written. */
  async written(permitId: string): Promise<void> {
    await this.#unwritten.get(permitId);
  }

  async #again(write: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await write();
        return;
      } catch (error) {
        this.needs.log.error({ err: error }, 'an emergency call could not be recorded yet');
      }
      await new Promise<void>((resolve) => void this.needs.later(WRITE_AGAIN_MS, resolve));
    }
  }
}
