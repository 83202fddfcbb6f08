import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { failureOf } from '../../shared/domain/failure.js';
import { CALLER, type Call, type PartyId } from '../machine/call.js';
import type { CallerEar } from './caller-ear.js';
import { mediaPlan } from './media-plan.js';
import type { CallMedia } from '../ports.js';
import { agentOf, legOf } from '../machine/step.js';
import { within } from '../running/within.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

type Room = Readonly<Record<PartyId, readonly PartyId[]>>;
type Link = 'nobody' | 'room' | `pair:${string}`;

interface Actual {
  readonly links: Map<string, Link>;
  /** Members of the room by leg, with their names in the room. */
  readonly inRoom: Map<string, PartyId>;
  /**
   * By party: resolves when the mixer has removed the party or has given up. A party that joined again before that would be removed by the
   * late command.
   */
  readonly leaving: Map<PartyId, Promise<unknown>>;
  roomOpen: boolean;
  matrix: string;
}

/**
 * Brings the audio of a call to the state that its stage requires, changing only the difference. The controller ensures that it runs once
 * at a time for each call.
 */
export interface MediaDirector {
  apply(call: Call): Promise<void>;
  /** Registers a call of an earlier process. It may have a room, which is closed when the call ends. */
  adopt(callId: CallId): void;
  /** A new mixer has no rooms. The next `apply` of a call creates its room again. Returns the calls that had one. */
  forgetRooms(): readonly string[];
  /** Asks the mixer again to close rooms of ended calls whose removal it did not confirm. */
  closeAgain(): Promise<void>;
  /**
   * All calls of the previous process have been adopted. Closes the other rooms of that process: it may have died before the mixer
   * confirmed their end.
   */
  takenOver(): Promise<void>;
  /** The seat has another leg now. */
  forgetLeg(legId: string): void;
  /** A leg outside is ending; nothing more is played to it. */
  endLeg(legId: string): void;
  /** Also for a call that the earlier process had in a room and that ended before this process knew of it. */
  end(call: Call): Promise<void>;
}

/** A mixer that is slow or down must not delay the end of a conversation or of a call. It carries out commands when it gets them. */
const MIXER_WAIT_MS = 300;

export const outsideLeg = (callId: CallId, legId: string): string => `${callId}-${legId}`;

/** The leg outside with this id at the relay; the id of a call has no hyphen. */
export function outsideLegOf(id: string): { readonly callId: CallId; readonly legId: string } | undefined {
  const [callId = '', legId] = id.split('-');
  return legId === undefined ? undefined : { callId, legId };
}

interface MediaDirectorDependencies {
  readonly media: Omit<CallMedia, 'play' | 'stopPlay'>;
  readonly ear: CallerEar;
  readonly commands: CommandBus;
  /** The leg of an agent's seat, if it has one. */
  readonly seatLeg: (agentId: AgentId) => string | undefined;
  readonly later: (ms: number, run: () => void) => () => void;
  /** Distinguishes the rooms of this process from those of the previous one. */
  readonly term: string;
}

const forgetRoom = (actual: Actual): void => {
  actual.inRoom.clear();
  actual.leaving.clear();
  actual.roomOpen = false;
  actual.matrix = '';
};

/** Rooms of three and more parties in the mixer: created, filled and closed. */
function createRooms({
  media,
  commands,
  later,
  term,
  legOfParty,
}: Pick<MediaDirectorDependencies, 'media' | 'commands' | 'later' | 'term'> & {
  readonly legOfParty: (call: Call, party: PartyId) => string | undefined;
}) {
  /** Rooms of calls that have ended, until the mixer confirms their removal. */
  const unclosed = new Set<string>();
  /** The calls that were taken over, until the mixer has closed all other rooms of the previous process. */
  let kept: readonly string[] | undefined;

  async function leaveRoom(callId: CallId, actual: Actual, legId: string): Promise<void> {
    const partyId = actual.inRoom.get(legId);
    if (partyId === undefined) return;
    actual.inRoom.delete(legId);
    // The party is already there with another leg, from its seat's next session: only this leg is removed.
    if ([...actual.inRoom.values()].includes(partyId)) return;
    // The mixer falls silent before the leg is connected elsewhere; otherwise its party would hear both.
    const left = commands.send('mixer.leave', { roomId: callId, partyId }).catch(() => undefined);
    actual.leaving.set(partyId, left);
    await within(later, MIXER_WAIT_MS, left);
  }

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

  /** A mixer without such a room has been restarted: the room is created in it again. */
  async function fillRoom(call: Call, actual: Actual, room: Room): Promise<void> {
    try {
      await putIntoRoom(call, actual, room);
    } catch (error) {
      if (failureOf(error) !== 'not-found') throw error;
      forgetRoom(actual);
      await putIntoRoom(call, actual, room);
    }
  }

  async function putIntoRoom(call: Call, actual: Actual, room: Room): Promise<void> {
    if (!actual.roomOpen) await commands.send('mixer.open', { roomId: call.id, term });
    actual.roomOpen = true;
    // Set first: whoever is connected to the room hears the others at once, even while another party is slow to join.
    const hears = Object.fromEntries(Object.entries(room).map(([partyId, heard]) => [partyId, [...heard]]));
    const matrix = JSON.stringify(hears);
    if (matrix !== actual.matrix) await commands.send('mixer.matrix', { roomId: call.id, hears });
    actual.matrix = matrix;
    // All at once: while one command is sent again, the others are not silent longer than necessary.
    await allOver(
      Object.keys(room).map(async (partyId) => {
        const legId = legOfParty(call, partyId);
        if (legId === undefined || actual.inRoom.has(legId) || !media.has(legId)) return;
        await actual.leaving.get(partyId);
        const towards = await commands.send('mixer.join', { roomId: call.id, partyId, sendTo: media.innerOf(legId) });
        await media.attach(legId, towards);
        actual.inRoom.set(legId, partyId);
      }),
    );
  }

  return {
    leave: leaveRoom,
    fill: fillRoom,
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

export function createMediaDirector({ media, ear, commands, seatLeg, later, term }: MediaDirectorDependencies): MediaDirector {
  const calls = new Map<string, Actual>();
  const rooms = createRooms({ media, commands, later, term, legOfParty });

  function legOfParty(call: Call, party: PartyId): string | undefined {
    if (party === CALLER) return call.id;
    const agentId = agentOf(party);
    if (agentId !== undefined) return seatLeg(agentId);
    const legId = legOf(party);
    return legId === undefined ? undefined : outsideLeg(call.id, legId);
  }

  function actualOf(callId: CallId): Actual {
    const known = calls.get(callId);
    if (known !== undefined) return known;
    const fresh: Actual = { links: new Map(), inRoom: new Map(), leaving: new Map(), roomOpen: false, matrix: '' };
    calls.set(callId, fresh);
    return fresh;
  }

  async function unlink(callId: CallId, actual: Actual, legId: string, was: Link, wanted: Link): Promise<void> {
    if (was === 'room' && wanted !== 'room') await rooms.leave(callId, actual, legId);
    if (wanted === 'nobody' && was !== 'nobody') await media.part(legId);
  }

  async function link(callId: CallId, actual: Actual, desired: ReadonlyMap<string, Link>): Promise<void> {
    // All at once, as with joining: in sequence, each slow party would keep the others waiting.
    await allOver([...actual.links].map(([legId, was]) => unlink(callId, actual, legId, was, desired.get(legId) ?? 'nobody')));
    for (const legId of [...actual.links.keys()]) if (!desired.has(legId)) actual.links.delete(legId);
    const done = new Set<string>();
    for (const [legId, wanted] of desired) {
      if (wanted.startsWith('pair:') && !done.has(legId)) {
        const other = wanted.slice('pair:'.length);
        done.add(other);
        if (actual.links.get(legId) !== wanted || actual.links.get(other) !== `pair:${legId}`) await media.pair(legId, other);
      }
      actual.links.set(legId, wanted);
    }
  }

  return {
    async apply(call) {
      const plan = mediaPlan(call);
      const actual = actualOf(call.id);
      const desired = new Map<string, Link>();
      if (call.stage.kind === 'connected') {
        const seat = seatLeg(call.stage.agentId);
        if (seat !== undefined) desired.set(seat, 'nobody');
      }
      desired.set(call.id, 'nobody');
      for (const [one, other] of plan.pairs) {
        const [a, b] = [legOfParty(call, one), legOfParty(call, other)];
        if (a === undefined || b === undefined || !media.has(a) || !media.has(b)) continue;
        desired.set(a, `pair:${b}`);
        desired.set(b, `pair:${a}`);
      }
      for (const partyId of Object.keys(plan.room ?? {})) {
        const legId = legOfParty(call, partyId);
        if (legId !== undefined) desired.set(legId, 'room');
      }
      await allOver([
        link(call.id, actual, desired).then(() => (plan.room === undefined ? undefined : rooms.fill(call, actual, plan.room))),
        ear.hear({ id: call.id, callId: call.id, language: call.language }, plan.callerHears),
        ...[...plan.legsHear].map(([legId, hears]) =>
          ear.hear({ id: outsideLeg(call.id, legId), callId: call.id, language: call.language }, hears),
        ),
      ]);
    },
    adopt(callId) {
      actualOf(callId).roomOpen = true;
      ear.adopt(callId);
    },
    forgetRooms() {
      rooms.forgetUnclosed();
      const mixed = [...calls].filter(([, { roomOpen }]) => roomOpen);
      for (const [, actual] of mixed) forgetRoom(actual);
      return mixed.map(([callId]) => callId);
    },
    closeAgain: () => rooms.closeAgain(),
    takenOver: () => rooms.keepOnly([...calls.keys()]),
    forgetLeg(legId) {
      for (const actual of calls.values()) {
        actual.links.delete(legId);
        actual.inRoom.delete(legId);
      }
    },
    endLeg: (legId) => ear.end(legId),
    async end(call) {
      const { id: callId } = call;
      ear.end(callId);
      const actual = calls.get(callId);
      calls.delete(callId);
      if (actual?.roomOpen ?? wasMixed(call)) await rooms.close(callId);
      if (actual === undefined) return;
      const joined = [...actual.links].filter(([legId, was]) => was !== 'nobody' && legId !== callId);
      await Promise.all(joined.map(([legId, was]) => media.part(legId, { otherEnds: was === `pair:${callId}` })));
    },
  };
}

/**
 * Waits for all of them, because one that is still running could open a room for a call that has ended meanwhile. Fails with the first
 * failure.
 */
async function allOver(works: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

const wasMixed = ({ history }: Call): boolean =>
  history.some(({ what, detail }) => what === 'party-joined' || (what === 'transferred' && detail === 'take-over'));
