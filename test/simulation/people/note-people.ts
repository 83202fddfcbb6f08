import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Desk } from '../roles/desk.js';
import type { World } from '../world.js';

/** Whoever has no answer for this long asks again, with the same note. */
const ANSWER_WITHIN_MS = 3_000;
const AGAIN_MS = 500;
const TRIES = 8;
/** Chance that the process that writes a note dies a moment later, by step. */
const KILLS = { sent: 0.01, kept: 0.08, answered: 0.08 } as const;
const KILL_WITHIN_MS = 25;
const RESTART_MS = 6_000;

/** A note that somebody wrote, and what became of it. */
export interface WrittenNote {
  readonly callId: string;
  readonly noteId: string;
  readonly by: string;
  readonly text: string;
  readonly askedMs: number;
  /** When an answer said that the note is stored. */
  doneMs?: number;
  /** The last refusal that was no outage. */
  refused?: string;
  asked: number;
}
export interface ShownNote {
  readonly noteId: string;
  readonly by: string;
  readonly text: string;
}
type Answered = (of: WrittenNote) => void;
type OnRead = (userId: string, callId: string, notes: readonly ShownNote[] | undefined, askedMs: number) => void;

/**
 * Agents and supervisors who note down what goes on in a call, and others who try; also at the moment when a call ends or the process dies.
 */
export class NotePeople {
  readonly written: WrittenNote[] = [];
  readonly onDone: Answered[] = [];
  /** Undefined when the call is not there for whoever asks. */
  readonly onRead: OnRead[] = [];

  constructor(private readonly world: World) {
    world.notes.kept.onPut.push(({ callId }) => this.#atWorst('kept', callId, world.random.int(0, 4)));
  }

  /** Between two steps of a note the process that writes it dies, and the call may be over when it is back. */
  #atWorst(step: keyof typeof KILLS, callId: string, afterMs: number): void {
    const { world } = this;
    const { random, scheduler } = world;
    if (world.healthy || world.profile.faults.api === 0 || !random.chance(KILLS[step])) return;
    world.disturbed(scheduler.nowMs + RESTART_MS);
    scheduler.after(afterMs, () => world.gateway.kill());
    if (random.chance(0.8)) scheduler.after(random.int(0, ANSWER_WITHIN_MS), () => world.callerOf(callId)?.hangUp());
  }

  happens(desk: Desk): void {
    const { random, site } = this.world;
    const callId = this.#call();
    if (callId === undefined) return;
    const userId = random.chance(0.6) ? this.#partOf(callId) : random.pick([...site.agents, ...site.supervisors]);
    // Whoever leads a team opens the page of the call now and then.
    const board = this.world.boards.get(random.pick([...this.world.boards.keys(), '']));
    if (board !== undefined && random.chance(0.3)) void board.follow(callId);
    if (random.chance(0.4)) void this.#read(desk, userId, callId);
    else this.#write(userId, callId);
  }

  /** A live call, or one that has just ended. */
  #call(): string | undefined {
    const { random, stores } = this.world;
    const live = [...stores.calls.keys()];
    const ended = [...stores.records.keys()].slice(-3);
    const from = live.length > 0 && (random.chance(0.85) || ended.length === 0) ? live : ended;
    return from.length === 0 ? undefined : random.pick(from);
  }
  /** Who talks in it, else anybody. */
  #partOf(callId: string): string {
    const { random, site, stores } = this.world;
    const stage = stores.liveCall(callId)?.stage;
    return stage?.kind === 'connected' ? stage.agentId : random.pick([...site.agents, ...site.supervisors]);
  }

  #write(userId: string, callId: string): void {
    const { world } = this;
    const { random, scheduler } = world;
    const number = String(this.written.length + 1);
    const note: WrittenNote = {
      ...{ callId, by: userId, noteId: `note-${number.padStart(6, '0')}`, text: `what ${userId} noted, ${number}` },
      ...{ askedMs: scheduler.nowMs, asked: 0 },
    };
    this.written.push(note);
    world.note(userId, 'notes', { callId, noteId: note.noteId });
    this.#send(note);
    // The button is pressed twice.
    if (random.chance(0.1)) scheduler.after(random.int(0, 10), () => this.#send(note));
    this.#atWorst('sent', callId, random.int(0, KILL_WITHIN_MS));
  }

  #send(note: WrittenNote): void {
    const { world } = this;
    const { scheduler } = world;
    const again = (afterMs: number): void => {
      if (note.doneMs === undefined && note.refused === undefined && note.asked < TRIES) scheduler.after(afterMs, () => this.#send(note));
    };
    note.asked += 1;
    const desk = world.gateway.gateway?.desk;
    if (desk === undefined) {
      again(AGAIN_MS);
      return;
    }
    let isAnswered = false;
    const { callId, noteId, text } = note;
    const asked = desk.ask(world.staff.principalOf(note.by), 'POST /calls/:callId/notes', { params: { callId }, body: { noteId, text } });
    asked.then(
      () => {
        isAnswered = true;
        note.doneMs ??= scheduler.nowMs;
        for (const tell of this.onDone) tell(note);
        this.#atWorst('answered', callId, 0);
      },
      (error: unknown) => {
        isAnswered = true;
        const code = codeOf(world, error);
        if (code === 'service-unavailable' || code === 'timed-out') again(AGAIN_MS);
        else note.refused = code;
      },
    );
    scheduler.after(ANSWER_WITHIN_MS, () => {
      if (!isAnswered) again(0);
    });
  }

  async #read(desk: Desk, userId: string, callId: string): Promise<void> {
    const { world } = this;
    const askedMs = world.scheduler.nowMs;
    const tell = (notes: readonly ShownNote[] | undefined): void => {
      for (const each of this.onRead) each(userId, callId, notes, askedMs);
    };
    const asked = desk.ask<{ readonly notes: readonly ShownNote[] }>(world.staff.principalOf(userId), 'GET /calls/:callId/notes', {
      params: { callId },
    });
    await asked.then(
      ({ notes }) => tell(notes),
      (error: unknown) => codeOf(world, error) === 'not-found' && tell(undefined),
    );
  }
}

function codeOf(world: World, error: unknown): string {
  if (error instanceof CallCentreError) return error.code;
  world.fail('crash', `a note: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
  return 'internal';
}
