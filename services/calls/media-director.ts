import type { CommandBus } from '../shared/contracts/commands.js';
import type { Logger } from '../shared/platform/logger.js';
import { CALLER, type Call, type PartyId } from './call.js';
import { mediaPlan, type CallerHears } from './media-plan.js';
import type { CallMedia, Prompts } from './ports.js';
import { agentOf, legOf } from './step.js';

type Link = 'nobody' | 'room' | `pair:${string}`;

interface Actual {
  readonly links: Map<string, Link>;
  /** Members of the room, by leg, with the name under which they are in it. */
  readonly inRoom: Map<string, PartyId>;
  hears: CallerHears | undefined;
  roomOpen: boolean;
  matrix: string;
}

/** Brings the audio of a call to what its state asks for, changing only what differs. One at a time per call: the controller sees to it. */
export interface MediaDirector {
  apply(call: Call): Promise<void>;
  /** Something else was played to the caller, or has ended: the next `apply` must not take it for music. */
  played(callId: string): void;
  /** The seat's leg is another one now. */
  forgetLeg(legId: string): void;
  end(callId: string): Promise<void>;
}

export const outsideLeg = (callId: string, legId: string): string => `${callId}-${legId}`;

export function createMediaDirector({
  media,
  prompts,
  commands,
  seatLeg,
  log,
}: {
  readonly media: CallMedia;
  readonly prompts: Prompts;
  readonly commands: CommandBus;
  /** The leg of an agent's seat, when it has one. */
  readonly seatLeg: (agentId: string) => string | undefined;
  readonly log: Logger;
}): MediaDirector {
  const calls = new Map<string, Actual>();

  function legOfParty(call: Call, party: PartyId): string | undefined {
    if (party === CALLER) return call.id;
    const agentId = agentOf(party);
    if (agentId !== undefined) return seatLeg(agentId);
    const legId = legOf(party);
    return legId === undefined ? undefined : outsideLeg(call.id, legId);
  }

  function actualOf(callId: string): Actual {
    const known = calls.get(callId);
    if (known !== undefined) return known;
    const fresh: Actual = { links: new Map(), inRoom: new Map(), hears: undefined, roomOpen: false, matrix: '' };
    calls.set(callId, fresh);
    return fresh;
  }

  async function hear(call: Call, actual: Actual, hears: CallerHears): Promise<void> {
    if (actual.hears === hears || hears === 'prompt') {
      if (hears === 'prompt') actual.hears = 'prompt';
      return;
    }
    const before = actual.hears;
    actual.hears = hears;
    if (!media.has(call.id)) return;
    if (hears === 'party') {
      if (before !== undefined) await media.stopPlay(call.id);
      return;
    }
    const file = prompts.file(hears === 'music' ? call.flow.musicPromptId : 'comfort', call.language);
    if (file === undefined) log.warn({ callId: call.id, prompt: hears }, 'prompt is missing');
    else await media.play(call.id, file, 0);
  }

  async function leaveRoom(callId: string, actual: Actual, legId: string): Promise<void> {
    const partyId = actual.inRoom.get(legId);
    if (partyId === undefined) return;
    actual.inRoom.delete(legId);
    // The mixer falls silent before the leg is pointed elsewhere, or its party hears both.
    await commands.send('mixer.leave', { roomId: callId, partyId }).catch(() => undefined);
  }

  async function link(callId: string, actual: Actual, desired: ReadonlyMap<string, Link>): Promise<void> {
    for (const [legId, was] of actual.links) {
      const wanted = desired.get(legId) ?? 'nobody';
      if (was === 'room' && wanted !== 'room') await leaveRoom(callId, actual, legId);
      if (wanted === 'nobody' && was !== 'nobody') await media.part(legId);
      if (!desired.has(legId)) actual.links.delete(legId);
    }
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

  async function fillRoom(call: Call, actual: Actual, room: Readonly<Record<PartyId, readonly PartyId[]>>): Promise<void> {
    if (!actual.roomOpen) await commands.send('mixer.open', { roomId: call.id });
    actual.roomOpen = true;
    for (const partyId of Object.keys(room)) {
      const legId = legOfParty(call, partyId);
      if (legId === undefined || actual.inRoom.has(legId) || !media.has(legId)) continue;
      const towards = await commands.send('mixer.join', { roomId: call.id, partyId, sendTo: media.innerOf(legId) });
      await media.attach(legId, towards);
      actual.inRoom.set(legId, partyId);
    }
    const hears = Object.fromEntries(Object.entries(room).map(([partyId, heard]) => [partyId, [...heard]]));
    const matrix = JSON.stringify(hears);
    if (matrix !== actual.matrix) await commands.send('mixer.matrix', { roomId: call.id, hears });
    actual.matrix = matrix;
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
      await Promise.all([
        link(call.id, actual, desired).then(() => (plan.room === undefined ? undefined : fillRoom(call, actual, plan.room))),
        hear(call, actual, plan.callerHears),
      ]);
    },
    played(callId) {
      actualOf(callId).hears = 'prompt';
    },
    forgetLeg(legId) {
      for (const actual of calls.values()) {
        actual.links.delete(legId);
        actual.inRoom.delete(legId);
      }
    },
    async end(callId) {
      const actual = calls.get(callId);
      if (actual === undefined) return;
      calls.delete(callId);
      if (actual.roomOpen) await commands.send('mixer.close', { roomId: callId }).catch(() => undefined);
      const joined = [...actual.links].filter(([legId, was]) => was !== 'nobody' && legId !== callId);
      await Promise.all(joined.map(([legId]) => media.part(legId)));
    },
  };
}
