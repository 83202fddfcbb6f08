import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { CALLER, type Call, type PartyId } from '../machine/call.js';
import type { CallerEar } from './caller-ear.js';
import { mediaPlan, type MediaPlan } from './media-plan.js';
import { allOver, createMixerRooms, MIXER_WAIT_MS, newActual, type Actual, type Link, type MixerRooms } from './mixer-rooms.js';
import type { CallMedia } from '../ports.js';
import { agentOf, legOf } from '../machine/step.js';
import { within } from '../running/within.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

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
  /** The calls whose listeners could not be joined and are tried again. */
  unheard(): ReadonlySet<string>;
  /** An earlier process may have copied these legs for listeners; nobody else would end that. */
  endOtherCopies(legIds: readonly string[]): Promise<void>;
  /** The relay was started again and has this leg. */
  legRevived(legId: string): void;
  /** The seat has another leg now. */
  forgetLeg(legId: string): void;
  /** A leg outside is ending; nothing more is played to it. */
  endLeg(legId: string): void;
  /** Also for a call that the earlier process had in a room and that ended before this process knew of it. */
  end(call: Call): Promise<void>;
}

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
  readonly log: Logger;
}

interface Known {
  readonly actual: Actual;
  /** The newest state of the call; undefined before the first. */
  newest: { readonly call: Call; readonly plan: MediaPlan } | undefined;
}

type Joining = Pick<MediaDirectorDependencies, 'media'> & {
  readonly rooms: Pick<MixerRooms, 'leave'>;
  readonly legOfParty: (call: Call, party: PartyId) => string | undefined;
};

const legsOfParties =
  (seatLeg: MediaDirectorDependencies['seatLeg']) =>
  (call: Call, party: PartyId): string | undefined => {
    if (party === CALLER) return call.id;
    const agentId = agentOf(party);
    if (agentId !== undefined) return seatLeg(agentId);
    const legId = legOf(party);
    return legId === undefined ? undefined : outsideLeg(call.id, legId);
  };

/** Joins the legs of a call with each other and with the mixer, changing only the difference. */
function createLinks({ media, rooms, legOfParty }: Joining, seatLeg: MediaDirectorDependencies['seatLeg']) {
  /** What each leg of the call is to be joined with. */
  function linksOf(call: Call, plan: MediaPlan): ReadonlyMap<string, Link> {
    const links = new Map<string, Link>();
    if (call.stage.kind === 'connected') {
      const seat = seatLeg(call.stage.agentId);
      if (seat !== undefined) links.set(seat, 'nobody');
    }
    links.set(call.id, 'nobody');
    for (const [one, other] of plan.pairs) {
      const [a, b] = [legOfParty(call, one), legOfParty(call, other)];
      if (a === undefined || b === undefined || !media.has(a) || !media.has(b)) continue;
      links.set(a, `pair:${b}`);
      links.set(b, `pair:${a}`);
    }
    for (const partyId of Object.keys(plan.room ?? {})) {
      const legId = legOfParty(call, partyId);
      if (legId !== undefined) links.set(legId, 'room');
    }
    return links;
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

  return { linksOf, link };
}

/** Ends the copies of an earlier process. */
const endingOtherCopies =
  ({ media, log }: Pick<MediaDirectorDependencies, 'media' | 'log'>) =>
  async (legIds: readonly string[]): Promise<void> => {
    for (const legId of legIds)
      await media
        .endOtherCopies(legId)
        .catch((error: unknown) => log.warn({ err: error, legId }, 'the copies of the process before could not be ended'));
  };

export function createMediaDirector({ media, ear, commands, seatLeg, later, term, log }: MediaDirectorDependencies): MediaDirector {
  const calls = new Map<string, Known>();
  const legOfParty = legsOfParties(seatLeg);
  const rooms = createMixerRooms({ media, commands, later, term, legOfParty, log });
  const { linksOf, link } = createLinks({ media, rooms, legOfParty }, seatLeg);
  const endOtherCopies = endingOtherCopies({ media, log });

  function knownOf(callId: CallId): Known {
    const known = calls.get(callId);
    if (known !== undefined) return known;
    const fresh: Known = { actual: newActual(), newest: undefined };
    calls.set(callId, fresh);
    return fresh;
  }

  function listen(callId: CallId, known: Known): Promise<void> {
    return rooms.listen(callId, known.actual, () => (calls.get(callId) === known ? known.newest : undefined));
  }

  /** The call has ended, and with it its copies. A listener who is being joined could open the room again. */
  async function listenedOut(callId: CallId, known: Known): Promise<void> {
    const { actual } = known;
    actual.wanted = new Map();
    let isLate = false;
    const over = listen(callId, known).then(() => (isLate ? rooms.close(callId) : undefined));
    await within(later, MIXER_WAIT_MS, over);
    isLate = true;
  }

  return {
    async apply(call) {
      const plan = mediaPlan(call);
      const known = knownOf(call.id);
      const { actual } = known;
      known.newest = { call, plan };
      const links = linksOf(call, plan);
      actual.wanted = links;
      const { room, copied } = plan;
      await allOver([
        link(call.id, actual, links).then(async () => {
          if (room === undefined || copied.length > 0) return;
          // Those who only listened so far may still be joining.
          await actual.listening;
          await rooms.fill(call, actual, room, copied);
        }),
        ear.hear({ id: call.id, callId: call.id, language: call.language }, plan.callerHears),
        ...[...plan.legsHear].map(([legId, hears]) =>
          ear.hear({ id: outsideLeg(call.id, legId), callId: call.id, language: call.language }, hears),
        ),
      ]).finally(() => {
        if (copied.length > 0 || rooms.hasCopies(actual)) void listen(call.id, known);
      });
    },
    adopt(callId) {
      knownOf(callId).actual.roomOpen = true;
      ear.adopt(callId);
    },
    forgetRooms() {
      rooms.forgetUnclosed();
      const mixed = [...calls].filter(([, { actual }]) => actual.roomOpen);
      for (const [, { actual }] of mixed) rooms.forget(actual);
      return mixed.map(([callId]) => callId);
    },
    closeAgain: () => rooms.closeAgain(),
    takenOver: () => rooms.keepOnly([...calls.keys()]),
    unheard: () => new Set([...calls].flatMap(([callId, { actual }]) => (actual.again === undefined ? [] : [callId]))),
    endOtherCopies,
    legRevived(legId) {
      void endOtherCopies([legId]);
      for (const [callId, known] of calls) if (rooms.copyAgain(known.actual, legId)) void listen(callId, known);
    },
    forgetLeg(legId) {
      for (const { actual } of calls.values()) {
        actual.links.delete(legId);
        actual.inRoom.delete(legId);
      }
    },
    endLeg: (legId) => ear.end(legId),
    async end(call) {
      const { id: callId } = call;
      ear.end(callId);
      const known = calls.get(callId);
      const actual = known?.actual;
      calls.delete(callId);
      if (known !== undefined) await listenedOut(callId, known);
      if (actual?.roomOpen ?? wasMixed(call)) await rooms.close(callId);
      if (actual === undefined) return;
      const joined = [...actual.links].filter(([legId, was]) => was !== 'nobody' && legId !== callId);
      await Promise.all(joined.map(([legId, was]) => media.part(legId, { otherEnds: was === `pair:${callId}` })));
    },
  };
}

const wasMixed = ({ history }: Call): boolean =>
  history.some(({ what, detail }) => what === 'party-joined' || (what === 'transferred' && detail === 'take-over'));
