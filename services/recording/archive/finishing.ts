import type { EventBus } from '../../shared/events/catalogue.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Archiver, SealedCall, SealedShelf } from './archiver.js';
import { CallFinaliser } from './finaliser.js';
import type { CallAssembly } from './assembly.js';
import { PIECE_MS, type CallEncoding } from './opus-pieces.js';
import type { Captures, EndedSpool, LiveMoment, SpoolReading } from './ports.js';
import type { CallId } from '../../shared/domain/ids.js';

/**
 * The number of calls that are archived at once: their audio is encoded together, and one call can wait for the store while another is
 * encoded.
 */
const AT_ONCE = 12;
/** A long call is encoded while it lasts only when there is little other work. */
const ADVANCING = 2;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 60_000;
/** A failure is reported to people after this many attempts. */
const TELL_AFTER_ATTEMPTS = 5;

export interface FinishingDependencies {
  readonly spool: EndedSpool;
  readonly archiver: Archiver;
  readonly captures: Captures;
  /** The encoder for the call with this folder of working files. */
  readonly encoding: (folder: string) => (assembly: CallAssembly) => CallEncoding;
  readonly shelf: (callId: CallId) => SealedShelf;
  readonly readSealed: (kept: Uint8Array) => SealedCall;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  /** A call has left the spool. */
  readonly done: (callId: CallId) => void;
  /** Called with the number of calls that have failed at least once and are tried again. */
  readonly failing: (count: number) => void;
}

/**
 * Moves ended calls from the spool into the archive, a few at once, and repeats failed ones for ever: a call leaves the spool only when it
 * is stored and read back. Everything it knows is in the spool, so a new process continues where this one stopped.
 */
export class FinishingQueue {
  readonly #waiting: string[] = [];
  readonly #known = new Map<string, { attempts: number; stopTimer: (() => void) | undefined }>();
  readonly #growing = new Map<string, CallFinaliser>();
  readonly #advancedMs = new Map<string, number>();
  #working = 0;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(private readonly deps: FinishingDependencies) {}

  finish(callId: CallId): void {
    if (this.#stopped || this.#known.has(callId)) return;
    this.#known.set(callId, { attempts: 0, stopTimer: undefined });
    this.#waiting.push(callId);
    this.#work();
  }

  /** A long call: its complete parts are encoded when there is more than one piece. */
  advance(calls: readonly LiveMoment[]): void {
    for (const { callId, nowMs } of calls) {
      const last = this.#advancedMs.get(callId) ?? 0;
      if (nowMs - last < PIECE_MS || this.#working >= ADVANCING || this.#stopped || this.#known.has(callId)) continue;
      this.#advancedMs.set(callId, nowMs);
      this.#working += 1;
      this.#advance(callId, nowMs)
        .catch((error: unknown) => {
          // The call is then encoded from the beginning, after its end.
          this.#growing.delete(callId);
          this.deps.log.warn({ err: error, callId }, 'a long call could not be encoded during the call');
        })
        .finally(() => this.#done());
    }
  }

  /** Work in progress is completed; the rest stays in the spool. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { stopTimer } of this.#known.values()) stopTimer?.();
    this.#waiting.length = 0;
    if (this.#working > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async #advance(callId: CallId, nowMs: number): Promise<void> {
    const file = await this.deps.spool.open(callId);
    if (file === undefined) this.#advancedMs.delete(callId);
    else await this.#finaliserOf(callId, file).advance(nowMs);
  }

  #finaliserOf(callId: CallId, file: SpoolReading): CallFinaliser {
    const known = this.#growing.get(callId);
    if (known !== undefined) return known;
    const made = new CallFinaliser(file, this.deps.encoding(this.deps.spool.folderOf(callId)), this.deps.captures);
    this.#growing.set(callId, made);
    return made;
  }

  #work(): void {
    while (this.#working < AT_ONCE && !this.#stopped) {
      const callId = this.#waiting.shift();
      if (callId === undefined) return;
      this.#working += 1;
      this.#bringIn(callId)
        .catch((error: unknown) => this.#tryAgain(callId, error))
        .finally(() => this.#done());
    }
  }

  #done(): void {
    this.#working -= 1;
    this.#work();
    if (this.#working === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #bringIn(callId: CallId): Promise<void> {
    const { spool, archiver, captures, readSealed } = this.deps;
    const file = await spool.take(callId);
    if (file === undefined) {
      this.#forget(callId);
      return;
    }
    const waiting = file.sealed === undefined ? undefined : readSealed(file.sealed);
    const sealed =
      waiting ??
      (await archiver.seal(callId, file.header.ledgerNumber, await this.#finaliserOf(callId, file).finish({}), this.deps.shelf(callId)));
    await archiver.deliver(sealed, { again: waiting !== undefined });
    await captures.remove(file.header.mediaCallId);
    await spool.remove(callId);
    this.#forget(callId);
  }

  #forget(callId: CallId): void {
    const known = this.#known.get(callId);
    this.#growing.delete(callId);
    this.#advancedMs.delete(callId);
    this.#known.delete(callId);
    this.deps.done(callId);
    if ((known?.attempts ?? 0) > 0) this.#tellFailing();
  }

  #tellFailing(): void {
    this.deps.failing([...this.#known.values()].filter(({ attempts }) => attempts > 0).length);
  }

  #tryAgain(callId: CallId, error: unknown): void {
    const known = this.#known.get(callId);
    if (known === undefined) return;
    known.attempts += 1;
    if (known.attempts === 1) this.#tellFailing();
    this.#growing.delete(callId);
    this.deps.log.error({ err: error, callId, attempt: known.attempts }, 'a recording waits in the spool and is tried again');
    if (known.attempts === TELL_AFTER_ATTEMPTS) void this.#tell(callId);
    if (this.#stopped) return;
    known.stopTimer = this.deps.clock.after(Math.min(FIRST_RETRY_MS * 2 ** (known.attempts - 1), LONGEST_RETRY_MS), () => {
      this.#waiting.push(callId);
      this.#work();
    });
  }

  async #tell(callId: CallId): Promise<void> {
    const file = await this.deps.spool.open(callId).catch(() => undefined);
    if (file === undefined) return;
    await this.deps.bus
      .publish('recording.failed', {
        callId,
        at: new Date(this.deps.clock.nowMs()).toISOString(),
        ledgerNumber: file.header.ledgerNumber,
        reason: 'it waits in the spool: the store does not accept it',
      })
      .catch(() => undefined);
  }
}
