import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { CommandHandlers } from '../../../services/shared/contracts/calls/commands.js';

interface Member {
  /** Where the member's leg sends its sound. */
  readonly receivesAt: number;
  /** The inner port of the leg, to which the mix goes; of a copy the port from which it comes, and nothing goes there. */
  readonly sendTo: number;
}

interface Room {
  readonly members: Map<string, Member>;
  hears: Readonly<Record<string, readonly string[]>>;
  term?: string | undefined;
}

const ADDRESS = '127.0.0.3';

/** Rooms and who hears whom in them. A killed mixer has none. */
export class Mixer {
  #rooms = new Map<string, Room>();
  #byPort = new Map<number, { readonly room: Room; readonly partyId: string }>();
  #nextPort = 40_000;

  clear(): void {
    this.#rooms = new Map();
    this.#byPort = new Map();
  }

  get rooms(): readonly string[] {
    return [...this.#rooms.keys()];
  }

  /** Whether somebody in a room receives sound at this port. */
  receives(port: number): boolean {
    return this.#byPort.has(port);
  }

  /** The members whom the one that sends to `port` hears, when the mix really goes to `innerPort`. */
  heardAt(port: number, innerPort: number): Member[] {
    const found = this.#byPort.get(port);
    if (found === undefined) return [];
    const { room, partyId } = found;
    if (room.members.get(partyId)?.sendTo !== innerPort) return [];
    return (room.hears[partyId] ?? []).flatMap((other) => room.members.get(other) ?? []);
  }

  served(): CommandHandlers {
    const roomOf = (roomId: string): Room => {
      const room = this.#rooms.get(roomId);
      if (room === undefined) throw new CallCentreError('not-found', 'no such room');
      return room;
    };
    const leave = (room: Room, partyId: string): void => {
      const member = room.members.get(partyId);
      if (member !== undefined) this.#byPort.delete(member.receivesAt);
      room.members.delete(partyId);
    };
    const close = (roomId: string): void => {
      const room = this.#rooms.get(roomId);
      for (const partyId of [...(room?.members.keys() ?? [])]) if (room !== undefined) leave(room, partyId);
      this.#rooms.delete(roomId);
    };
    return {
      'mixer.open': async ({ roomId, term }) => {
        const known = this.#rooms.get(roomId);
        if (known === undefined) this.#rooms.set(roomId, { members: new Map(), hears: {}, term });
        else known.term = term;
        return {};
      },
      'mixer.keep': async ({ roomIds, term }) => {
        for (const [roomId, room] of [...this.#rooms]) if (room.term !== term && !roomIds.includes(roomId)) close(roomId);
        return {};
      },
      'mixer.join': async ({ roomId, partyId, sendTo }) => {
        const room = roomOf(roomId);
        const known = room.members.get(partyId);
        if (known !== undefined) {
          room.members.set(partyId, { ...known, sendTo: sendTo.port });
          return { address: ADDRESS, port: known.receivesAt };
        }
        this.#nextPort += 2;
        room.members.set(partyId, { receivesAt: this.#nextPort, sendTo: sendTo.port });
        this.#byPort.set(this.#nextPort, { room, partyId });
        return { address: ADDRESS, port: this.#nextPort };
      },
      'mixer.matrix': async ({ roomId, hears }) => {
        roomOf(roomId).hears = hears;
        return {};
      },
      'mixer.leave': async ({ roomId, partyId }) => {
        const room = this.#rooms.get(roomId);
        if (room !== undefined) leave(room, partyId);
        return {};
      },
      'mixer.status': async () => ({ rooms: this.#rooms.size }),
      'mixer.close': async ({ roomId }) => {
        close(roomId);
        return {};
      },
    };
  }
}
