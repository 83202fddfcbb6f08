import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { failureOf } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Call, PartyId } from '../machine/call.js';
import type { CallMedia } from '../ports.js';
import { within } from '../running/within.js';
import type { CallId } from '../../shared/domain/ids.js';

export type Room = Readonly<Record<PartyId, readonly PartyId[]>>;
export type Link = 'nobody' | 'room' | `pair:${string}`;

/** What the mixer is to have of a call. */
export interface RoomPlan {
  readonly room: Room | undefined;
  /** The parties whom the room hears by copies, while they stay joined to each other. */
  readonly copied: readonly PartyId[];
}

export interface Actual {
  readonly links: Map<string, Link>;
  /** What the legs are to be joined with, as the newest state says. */
  wanted: ReadonlyMap<string, Link>;
  /** Members of the room by leg, with their names in the room. */
  readonly inRoom: Map<string, PartyId>;
  /** The name of the copy of each leg that is copied into the room. */
  readonly copies: Map<string, string>;
  /** Names of copies that have ended here, with their leg, until the relay confirms it. */
  readonly ending: Map<string, string>;
  /**
   * By member: resolves when the mixer has removed it or has given up. A member that joined again before that would be removed by the late
   * command.
   */
  readonly leaving: Map<string, Promise<unknown>>;
  /** Work for those who only listen: the call itself never waits for it. */
  listening: Promise<void>;
  /** How much of it is not done yet. */
  listens: number;
  /** A listener could not be joined: how long it takes until the next try, and the end of that wait. */
  again: { readonly ms: number; readonly cancel: () => void } | undefined;
  roomOpen: boolean;
  matrix: string;
  /** How many mixers have been forgotten. What an earlier one answers counts no more. */
  mixer: number;
}

export const newActual = (): Actual => ({
  links: new Map(),
  wanted: new Map(),
  inRoom: new Map(),
  copies: new Map(),
  ending: new Map(),
  leaving: new Map(),
  listening: Promise.resolve(),
  listens: 0,
  again: undefined,
  roomOpen: false,
  matrix: '',
  mixer: 0,
});

/** A mixer that is slow or down must not delay the end of a conversation or of a call. It carries out commands when it gets them. */
export const MIXER_WAIT_MS = 300;
/** A listener who could not be joined is joined again after this long, each time after twice as long, and when the mixer has started. */
const LISTEN_AGAIN_MS = 1_000;
const LISTEN_AGAIN_MOST_MS = 60_000;

/** The member that speaks with the copy of a leg. */
const copyOf = (legId: string): string => `copy:${legId}`;

export interface RoomNeeds {
  readonly media: Pick<CallMedia, 'has' | 'innerOf' | 'attach' | 'copy' | 'endCopy'>;
  readonly commands: CommandBus;
  readonly later: (ms: number, run: () => void) => () => void;
  /** Distinguishes the rooms of this process from those of the previous one. */
  readonly term: string;
  readonly legOfParty: (call: Call, party: PartyId) => string | undefined;
  readonly log: Logger;
}

export type MixerRooms = ReturnType<typeof createMixerRooms>;

/** Copies of parties in the rooms of calls to which somebody only listens. */
function createCopies({ media, commands, legOfParty }: Pick<RoomNeeds, 'media' | 'commands' | 'legOfParty'>) {
  function legsOf(call: Call, parties: readonly PartyId[]): string[] {
    return parties.flatMap((party) => legOfParty(call, party) ?? []).filter((legId) => media.has(legId));
  }

  async function make(callId: CallId, actual: Actual, legId: string): Promise<void> {
    const { mixer } = actual;
    const partyId = copyOf(legId);
    await actual.leaving.get(partyId);
    const name = await media
      .copy(legId, (from) => commands.send('mixer.join', { roomId: callId, partyId, sendTo: from, isCopy: true }))
      .catch((error: unknown) => {
        // The mixer may have the member already, and would keep its port for a copy that never comes.
        leave(callId, actual, legId);
        throw error;
      });
    if (mixer === actual.mixer) actual.copies.set(legId, name);
    else actual.ending.set(name, legId);
  }

  function leave(callId: CallId, actual: Actual, legId: string): void {
    const partyId = copyOf(legId);
    const left = commands.send('mixer.leave', { roomId: callId, partyId }, { timeoutMs: MIXER_WAIT_MS }).catch(() => undefined);
    actual.leaving.set(partyId, left);
  }

  function forget(actual: Actual): void {
    for (const [legId, name] of actual.copies) actual.ending.set(name, legId);
    actual.copies.clear();
  }

  return {
    legsOf,
    make: (call: Call, actual: Actual, parties: readonly PartyId[]): Promise<unknown>[] =>
      legsOf(call, parties).flatMap((legId) => (actual.copies.has(legId) ? [] : [make(call.id, actual, legId)])),
    forget,
    /** Ends those that are not wanted any more. */
    async endOthers(callId: CallId, actual: Actual, wanted: readonly string[]): Promise<void> {
      for (const [legId, name] of [...actual.copies].filter(([copied]) => !wanted.includes(copied))) {
        actual.copies.delete(legId);
        actual.ending.set(name, legId);
        leave(callId, actual, legId);
      }
      await allOver([...actual.ending].map(([name, legId]) => media.endCopy(legId, name).then(() => actual.ending.delete(name))));
    },
    /** The matrix as the mixer knows its members. */
    named: (call: Call, room: Room, copied: readonly PartyId[]): Record<string, string[]> => {
      const nameOf = (party: PartyId): string => {
        const legId = copied.includes(party) ? legOfParty(call, party) : undefined;
        return legId === undefined ? party : copyOf(legId);
      };
      return Object.fromEntries(Object.entries(room).map(([partyId, heard]) => [partyId, heard.map(nameOf)]));
    },
  };
}

/** The end of rooms: of calls that have ended, and of those that the previous process left. */
function createClosing({ commands, term }: Pick<RoomNeeds, 'commands' | 'term'>) {
  /** Rooms of calls that have ended, until the mixer confirms their removal. */
  const unclosed = new Set<string>();
  /** The calls that were taken over, until the mixer has closed all other rooms of the previous process. */
  let kept: readonly string[] | undefined;

  async function close(roomId: string): Promise<void> {
    unclosed.add(roomId);
    await commands.send('mixer.close', { roomId }, { timeoutMs: MIXER_WAIT_MS }).then(
      () => unclosed.delete(roomId),
      () => undefined,
    );
  }

  /** Harmless however late it reaches the mixer: rooms that this process has opened since carry its own term. */
  async function keep(): Promise<void> {
    if (kept === undefined) return;
    await commands.send('mixer.keep', { roomIds: [...kept], term }, { timeoutMs: MIXER_WAIT_MS }).then(
      () => (kept = undefined),
      () => undefined,
    );
  }

  return {
    close,
    async closeAgain(): Promise<void> {
      await Promise.all([...[...unclosed].map(close), keep()]);
    },
    async keepOnly(roomIds: readonly string[]): Promise<void> {
      kept = roomIds;
      await keep();
    },
    forgetUnclosed: (): void => {
      unclosed.clear();
      kept = undefined;
    },
  };
}

type Copies = ReturnType<typeof createCopies>;

/** Who is put into rooms and taken out of them. */
function createFilling({ media, commands, later, term, legOfParty }: Omit<RoomNeeds, 'log'>, copies: Copies) {
  function forget(actual: Actual): void {
    copies.forget(actual);
    actual.inRoom.clear();
    actual.leaving.clear();
    actual.roomOpen = false;
    actual.matrix = '';
    actual.mixer += 1;
  }

  async function leave(callId: CallId, actual: Actual, legId: string): Promise<void> {
    const partyId = actual.inRoom.get(legId);
    if (partyId === undefined) return;
    actual.inRoom.delete(legId);
    // The party is already there with another leg, from its seat's next session: only this leg is removed.
    if ([...actual.inRoom.values()].includes(partyId)) return;
    // The mixer falls silent before the leg is connected elsewhere; otherwise its party would hear both.
    await within(later, MIXER_WAIT_MS, takenOut(callId, actual, partyId));
  }

  function takenOut(roomId: CallId, actual: Actual, partyId: PartyId): Promise<unknown> {
    const left = commands.send('mixer.leave', { roomId, partyId }).catch(() => undefined);
    actual.leaving.set(partyId, left);
    return left;
  }

  /** A mixer without such a room has been restarted: the room is created in it again. */
  async function fill(call: Call, actual: Actual, room: Room, copied: readonly PartyId[]): Promise<void> {
    try {
      await putIntoRoom(call, actual, room, copied);
    } catch (error) {
      if (failureOf(error) !== 'not-found') throw error;
      forget(actual);
      await putIntoRoom(call, actual, room, copied);
    }
  }

  async function putIntoRoom(call: Call, actual: Actual, room: Room, copied: readonly PartyId[]): Promise<void> {
    const { mixer } = actual;
    if (!actual.roomOpen) await commands.send('mixer.open', { roomId: call.id, term });
    actual.roomOpen = true;
    // Set first: whoever is connected to the room hears the others at once, even while another party is slow to join.
    const hears = copies.named(call, room, copied);
    const matrix = JSON.stringify(hears);
    if (matrix !== actual.matrix) await commands.send('mixer.matrix', { roomId: call.id, hears });
    actual.matrix = matrix;
    // All at once: while one command is sent again, the others are not silent longer than necessary.
    await allOver([
      ...copies.make(call, actual, copied),
      ...Object.keys(room).map(async (partyId) => {
        const legId = legOfParty(call, partyId);
        if (legId === undefined || actual.inRoom.has(legId) || !media.has(legId)) return;
        await actual.leaving.get(partyId);
        const towards = await commands.send('mixer.join', { roomId: call.id, partyId, sendTo: media.innerOf(legId) });
        if (mixer !== actual.mixer) return;
        // The call may have gone on meanwhile, because it does not wait for listeners.
        if (actual.wanted.get(legId) !== 'room') return void takenOut(call.id, actual, partyId);
        actual.inRoom.set(legId, partyId);
        await media.attach(legId, towards).catch((error: unknown) => {
          actual.inRoom.delete(legId);
          throw error;
        });
      }),
    ]);
  }

  return { forget, leave, fill };
}

/** Rooms in the mixer: of three and more parties, and of listeners with copies of those who talk; created, filled and closed. */
export function createMixerRooms(needs: RoomNeeds) {
  const { later, log } = needs;
  const copies = createCopies(needs);
  const { forget, leave, fill } = createFilling(needs, copies);

  /**
   * Joins those who only listen, and ends the copies that nobody listens to any more, one change after the other. `newest` is asked when it
   * is its turn. The call does not wait for it: a mixer that is away is no matter of the call's.
   */
  function listen(
    callId: CallId,
    actual: Actual,
    newest: () => { readonly call: Call; readonly plan: RoomPlan } | undefined,
  ): Promise<void> {
    actual.listens += 1;
    actual.listening = actual.listening.then(async () => {
      const now = newest();
      const { room, copied } = now?.plan ?? { room: undefined, copied: [] };
      const { again } = actual;
      again?.cancel();
      actual.again = undefined;
      try {
        if (now !== undefined && room !== undefined && copied.length > 0) await fill(now.call, actual, room, copied);
        await copies.endOthers(callId, actual, now === undefined ? [] : copies.legsOf(now.call, copied));
      } catch (error) {
        log.warn({ err: error, callId, code: failureOf(error) }, 'a listener could not be joined, and is joined again');
        const ms = again === undefined ? LISTEN_AGAIN_MS : Math.min(2 * again.ms, LISTEN_AGAIN_MOST_MS);
        const cancel = later(ms, () => {
          if (newest() !== undefined || actual.ending.size > 0) void listen(callId, actual, newest);
        });
        actual.again = { ms, cancel };
      } finally {
        actual.listens -= 1;
      }
    });
    return actual.listening;
  }

  /** Whether copies are there, are being made, or are ending. */
  const hasCopies = ({ copies: made, ending, listens }: Actual): boolean => made.size > 0 || ending.size > 0 || listens > 0;

  /** The relay was started again: it may have the copies of this leg, or not. They are made anew. */
  function copyAgain(actual: Actual, legId: string): boolean {
    const name = actual.copies.get(legId);
    if (name === undefined) return false;
    actual.copies.delete(legId);
    actual.ending.set(name, legId);
    return true;
  }

  return { leave, fill, forget, listen, hasCopies, copyAgain, ...createClosing(needs) };
}

/**
 * Waits for all of them, because one that is still running could open a room for a call that has ended meanwhile. Fails with the first
 * failure.
 */
export async function allOver(works: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
