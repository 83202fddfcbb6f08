import { errorCode } from '../../../shared/platform/processes/error-code.js';
import type { Logger } from '../../../shared/platform/processes/logger.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';
import { CALL_REMOVED, type JournalEntry } from './spool-entry.js';
import type { SpoolJournal } from './spool-journal.js';
import type { SpooledCall } from './spooled-call.js';
import type { CallId } from '../../../shared/domain/ids.js';

const FLUSH_EVERY_MS = 100;

/** Writes the pending bytes of all calls of the spool to its journal: every 100 ms, in one write and one flush. */
export class SpoolFlushes {
  private readonly removed = new Set<string>();
  private stopFlushing = (): void => undefined;
  private flushing: Promise<void> = Promise.resolve();
  lastFlushMs = 0;
  /** Failures of the journal, and of copying from it into folders. Each is cleared when the same work succeeds. */
  private journalFailure: string | undefined;
  private folderFailure: string | undefined;

  constructor(
    private readonly journal: SpoolJournal,
    private readonly calls: ReadonlyMap<string, SpooledCall>,
    private readonly turnOverEveryMs: number,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.stopFlushing = systemClock.every(FLUSH_EVERY_MS, () => void this.flush());
  }

  async stop(): Promise<void> {
    this.stopFlushing();
    await this.flush();
  }

  get failure(): string | undefined {
    return this.journalFailure ?? this.folderFailure;
  }

  /** The next flush records that the call is gone. */
  noteRemoved(callId: CallId): void {
    this.removed.add(callId);
  }

  /** Flushes after the flushes that have begun; a failure is recorded. */
  flush(): Promise<void> {
    this.flushing = this.flushing
      .then(() => this.flushAll())
      .catch((error: unknown) => {
        this.journalFailure = String(errorCode(error) ?? 'unknown');
        this.log.error({ err: error }, 'the recording spool cannot be written');
      });
    return this.flushing;
  }

  async settle(): Promise<void> {
    await this.flush();
    if (this.journalFailure !== undefined) throw new Error(`the recording spool cannot be written (${this.journalFailure})`);
  }

  folderWritten(error?: unknown): void {
    this.folderFailure = error === undefined ? undefined : String(errorCode(error) ?? 'unknown');
    if (error !== undefined) this.log.error({ err: error }, 'the folder of a call in the recording spool cannot be written');
  }

  /** Everything pending goes into one write of the journal and is flushed with it. */
  private async flushAll(): Promise<void> {
    if (this.journalFailure !== undefined) await this.journal.open();
    const taken = [...this.calls.values()].flatMap((call) => call.take() ?? []);
    const gone = [...this.removed].map((callId): JournalEntry => ({ callId, at: CALL_REMOVED, body: new Uint8Array(0) }));
    if (taken.length + gone.length > 0) {
      try {
        await this.journal.write([...taken.flatMap(({ entries }) => entries), ...gone]);
      } catch (error) {
        for (const one of taken) one.putBack();
        throw error;
      }
      for (const one of taken) one.kept();
      for (const { callId } of gone) this.removed.delete(callId);
    }
    this.lastFlushMs = performance.now();
    this.journalFailure = undefined;
    if (this.journal.ageMs > this.turnOverEveryMs) await this.turnOver();
  }

  /** Afterwards everything from older journals is in folders. If that fails, the journals stay. */
  private async turnOver(): Promise<void> {
    await this.journal.open();
    try {
      await Promise.all(
        [...this.calls.values()].map(async (call) => {
          await call.writeOut();
          await call.synced();
        }),
      );
    } catch (error) {
      this.folderWritten(error);
      return;
    }
    await this.journal.dropRetired();
    this.folderWritten();
  }
}
