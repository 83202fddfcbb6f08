import type { CommandBus } from '../../../services/shared/contracts/calls/commands.js';
import { createNoteRoutes } from '../../../services/calls/notes/http.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Route } from '../../../services/shared/platform/http/route.js';
import { NoteRows } from '../models/notes.js';
import type { Process, Scheduler } from '../scheduler.js';

/** Between the look for the calls of somebody who is erased and the moment in which the record is gone. */
const ERASING_MS = 500;

interface Line {
  readonly unit: string;
  readonly hash: string;
}

/** Calls with notes, one live call on each line at a time, and what they leave behind when a customer is erased. */
export class NotedCalls {
  readonly notes = new NoteRows();
  /** When each call ended, and whose it was. */
  readonly #ended = new Map<string, { readonly key: string; readonly line: Line; readonly atMs: number }>();
  readonly #turns = new Map<string, number>();
  #written = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly lineOf: (callId: string) => Line,
  ) {}

  /** The live call of a line. */
  now(line: string): string {
    return `${line}x${String(this.#turns.get(line) ?? 0)}`;
  }
  end(line: string): void {
    const callId = this.now(line);
    const of = this.lineOf(callId);
    this.#ended.set(callId, { key: `${of.unit}/${of.hash}`, line: of, atMs: this.scheduler.nowMs });
    this.#turns.set(line, (this.#turns.get(line) ?? 0) + 1);
  }
  nextNote(): { readonly noteId: string; readonly text: string } {
    const number = (this.#written += 1);
    return { noteId: `note-${String(number).padStart(6, '0')}`, text: `what was noted, ${String(number)}` };
  }

  /** As services/customers/references.ts finds them. */
  endedOf({ unit, hashes }: { readonly unit: string; readonly hashes: readonly string[] }): string[] {
    return [...this.#ended].flatMap(([callId, { line }]) => (line.unit === unit && hashes.includes(line.hash) ? [callId] : []));
  }

  /** What one process serves. */
  routes(process: Process, later: <T>(answer: T) => Promise<T>): Route[] {
    const commands = {
      send: (_name: string, { callId }: { readonly callId: string }) =>
        later(undefined).then(() => {
          if (this.#ended.has(callId)) throw new CallCentreError('no-such-call', 'it has ended');
          return { agentIds: [] };
        }),
    };
    return createNoteRoutes({
      notes: this.notes.store((work) => process.later(1, work)),
      commands: commands as unknown as Pick<CommandBus, 'send'>,
      bus: { publish: () => later(undefined) },
      audit: () => later(undefined),
      reachesCall: () => later(true),
      now: () => new Date(this.scheduler.nowMs),
    });
  }

  /** A note left on an ended call of an erased person with these numbers. */
  left(keys: readonly string[]): string | undefined {
    const untilMs = this.scheduler.nowMs - ERASING_MS;
    return [...this.#ended].find(
      ([callId, { key, atMs }]) => keys.includes(key) && atMs < untilMs && this.notes.of(callId).length > 0,
    )?.[0];
  }
}
