import type { AnchorPlace } from '../../../services/calls/machine/call.js';
import type { AnchorState, CallMedia } from '../../../services/calls/ports.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

/** Who speaks at the far end of a leg, as descriptions name them: `caller:7`, `seat:a1:3`, `far:12`. */
export type PartyName = string;

interface Playing {
  readonly file: string;
  readonly untilMs: number;
}

interface RelayLeg {
  readonly id: string;
  readonly innerPort: number;
  party: PartyName | undefined;
  towards: number;
  playing: Playing | undefined;
  /** Files that were played to their end. */
  readonly heardOut: Set<string>;
}

/** What an anchor of the product keeps of a leg; handed on to the process after it. */
interface Anchor extends AnchorState {
  readonly id: string;
  readonly innerPort: number;
  readonly towards: number;
}

/** What the party of a leg sends, sent once more to another place. */
interface Copy {
  readonly legId: string;
  readonly name: string;
  /** The port from which it comes. */
  readonly port: number;
  /** Undefined until its receiver has said where to. */
  towards: number | undefined;
}

const NOBODY = 0;
const ADDRESS = '127.0.0.2';
const RESTART_MS = 1_000;
/** Share of a killed relay's legs that the live state did not have. */
const FORGOTTEN = 0.05;
/** The length of each prompt; music and comfort go on for ever. */
const PROMPT_MS: Readonly<Record<string, number>> = { beep: 400, notice: 5_000, 'refusal-key': 4_000 };
const USUAL_PROMPT_MS = 2_500;

const portsAt = (innerPort: number): { readonly caller: number; readonly far: number; readonly farAddress: string } => ({
  caller: innerPort + 1,
  far: innerPort,
  farAddress: ADDRESS,
});

export const promptMs = (promptId: string): number => PROMPT_MS[promptId] ?? (promptId.startsWith('digit-') ? 500 : USUAL_PROMPT_MS);

/**
 * The media relay as a graph: what is played to each leg, and where its inner side is pointed. Who hears whom follows from it. While a file
 * is played to a leg, its party hears that alone (`block egress`). Killed, it is silent until it is started again; then it has the legs that
 * it kept in the live state, and plays nothing to them.
 */
export class Relay {
  readonly #legs = new Map<string, RelayLeg>();
  readonly #byPort = new Map<number, RelayLeg>();
  readonly #copies = new Map<number, Copy>();
  #nextPort = 10_000;
  up = true;
  #onLost: { readonly process: Process; readonly handle: (legId: string) => void } | undefined;
  #onRevived: { readonly process: Process; readonly handle: (legId: string) => void } | undefined;
  /** Deleted by telephony while the relay was away, so deleted again once it is back (services/media/anchors.ts). */
  readonly #undeleted = new Set<string>();
  /** Calls of which the relay has lost a leg. */
  readonly #forgotten = new Set<string>();
  /** The anchors of the present telephony process. */
  #anchors = new Map<string, Anchor>();
  /** Legs that are being opened: the relay does not have them yet, but they are not lost. */
  readonly #opening = new Set<string>();
  orders = 0;

  constructor(private readonly world: World) {}

  onLost(process: Process, handle: (legId: string) => void): void {
    this.#onLost = { process, handle };
  }

  onRevived(process: Process, handle: (legId: string) => void): void {
    this.#onRevived = { process, handle };
  }

  hasForgotten(callId: string): boolean {
    return this.#forgotten.has(callId);
  }

  kill(): void {
    this.up = false;
    this.world.sound.relayDied();
    this.world.scheduler.after(RESTART_MS, () => {
      this.up = true;
      for (const legId of this.#undeleted) this.#remove(legId);
      this.#undeleted.clear();
      for (const legId of [...this.#legs.keys()].filter(() => this.world.random.chance(FORGOTTEN))) {
        this.#remove(legId);
        this.#forgotten.add(legId.split('-', 1)[0] ?? '');
      }
      for (const leg of this.#legs.values()) {
        leg.playing = undefined;
        leg.towards = this.#anchors.get(leg.id)?.towards ?? leg.towards;
      }
      this.#sift();
      if (this.#onRevived?.process.alive === true) for (const legId of this.#legs.keys()) this.#onRevived.handle(legId);
    });
  }

  #remove(id: string): void {
    const leg = this.#legs.get(id);
    this.#legs.delete(id);
    if (leg !== undefined) this.#byPort.delete(leg.innerPort);
    for (const { port, legId } of this.#copies.values()) if (legId === id) this.#copies.delete(port);
  }

  /** Where the sound of a leg's party goes besides the other end of the leg. */
  copiesOf(legId: string): readonly string[] {
    return [...this.#copies.values()].filter((copy) => copy.legId === legId).map(({ name }) => name);
  }

  /** Whether the inner side of a leg is pointed at the mixer. */
  isInMixer(legId: string): boolean {
    const leg = this.#legs.get(legId);
    return leg !== undefined && this.world.mixer.receives(leg.towards);
  }

  /** As in services/media/relays/revival.ts: legs that telephony has and the relay has not are lost. */
  #sift(): void {
    const { process, handle } = this.#onLost ?? {};
    if (process?.alive !== true || handle === undefined) return;
    for (const legId of [...this.#anchors.keys()])
      if (!this.#opening.has(legId) && !this.#legs.has(legId) && this.#anchors.delete(legId)) handle(legId);
  }

  /** Checks what a process took over from the one before. A relay that is away is asked when it is back. */
  checkAdopted(process: Process): void {
    void process.later(this.world.latency(), () => {
      if (this.up) this.#sift();
    });
  }

  /** As in services/media/relays/revival.ts: legs that this process does not have belong to nobody. */
  dropUnclaimed(process: Process): void {
    const anchors = this.#anchors;
    void process.later(this.world.latency(), () => {
      if (this.up) for (const id of [...this.#legs.keys()].filter((each) => !anchors.has(each))) this.#remove(id);
    });
  }

  legs(): Iterable<{ readonly id: string; readonly party: PartyName | undefined }> {
    return this.#legs.values();
  }

  /** What a leg's party hears now: names of parties, and `file:` with the prompt. Undefined for a leg that is not there. */
  hears(legId: string): ReadonlySet<string> | undefined {
    const leg = this.#legs.get(legId);
    if (leg === undefined) return undefined;
    if (!this.up) return new Set();
    if (leg.playing !== undefined && leg.playing.untilMs > this.world.scheduler.nowMs) return new Set([`file:${leg.playing.file}`]);
    const heard = new Set<string>();
    if (leg.towards === leg.innerPort && leg.party !== undefined) heard.add(leg.party);
    const other = this.#byPort.get(leg.towards);
    if (other !== undefined && other !== leg && other.towards === leg.innerPort && other.party !== undefined) heard.add(other.party);
    for (const port of this.world.mixer.heardAt(leg.towards, leg.innerPort)) {
      const copy = this.#copies.get(port.sendTo);
      const speaker = copy === undefined ? this.#byPort.get(port.sendTo) : this.#legs.get(copy.legId);
      if ((copy ?? speaker)?.towards === port.receivesAt && speaker?.party !== undefined) heard.add(speaker.party);
    }
    return heard;
  }

  #noteHeard({ playing, heardOut }: RelayLeg): void {
    if (playing !== undefined && playing.untilMs <= this.world.scheduler.nowMs) heardOut.add(playing.file);
  }

  /** Whether a file was played to a leg to its end. */
  hasHeard(legId: string, file: string): boolean {
    const leg = this.#legs.get(legId);
    if (leg === undefined) return false;
    this.#noteHeard(leg);
    return leg.heardOut.has(file);
  }

  /** The ports at which it receives the two sides of a leg. */
  portsOf(legId: string): { readonly caller: number; readonly far: number } {
    return portsAt(this.#legs.get(legId)?.innerPort ?? NOBODY);
  }

  partyOf(legId: string): PartyName | undefined {
    return this.#legs.get(legId)?.party;
  }
  legOf(party: PartyName): string | undefined {
    for (const leg of this.#legs.values()) if (leg.party === party) return leg.id;
    return undefined;
  }

  /** Copies as services/media/legs/leg-copies.ts asks for them; they are in the live state with their leg. */
  #copying({
    anchors,
    order,
    legOf,
  }: {
    readonly anchors: ReadonlyMap<string, Anchor>;
    readonly order: <T>(id: string, work: () => T) => Promise<T>;
    readonly legOf: (id: string) => RelayLeg;
  }): Pick<CallMedia, 'copy' | 'endCopy' | 'endOtherCopies'> {
    const own = new Set<string>();
    const end = (legId: string, ends: (name: string) => boolean): void => {
      for (const copy of this.#copies.values()) if (copy.legId === legId && ends(copy.name)) this.#copies.delete(copy.port);
    };
    return {
      copy: async (id, openFor) => {
        if (!anchors.has(id)) throw new CallCentreError('no-such-call', 'This leg has no media');
        const copy = await order(id, () => {
          this.#nextPort += 2;
          const made: Copy = { legId: legOf(id).id, name: `ear-${this.#nextPort}`, port: this.#nextPort, towards: undefined };
          this.#copies.set(made.port, made);
          own.add(made.name);
          return made;
        });
        try {
          const { port } = await openFor({ address: ADDRESS, port: copy.port });
          await order(id, () => {
            if (!this.#copies.has(copy.port)) throw new CallCentreError('media-relay-unavailable', 'the relay does not know this copy');
            copy.towards = port;
          });
        } catch (error) {
          await order(id, () => end(id, (name) => name === copy.name)).catch(() => undefined);
          throw error;
        }
        return copy.name;
      },
      endCopy: async (id, name) => {
        if (anchors.has(id)) await order(id, () => end(id, (each) => each === name));
      },
      endOtherCopies: async (id) => {
        if (anchors.has(id)) await order(id, () => end(id, (name) => !own.has(name)));
      },
    };
  }

  /** The relay as one telephony process works with it. */
  of(process: Process): Omit<CallMedia, 'digitByInfo'> {
    const anchors = new Map<string, Anchor>();
    /** As anchors promise: orders for one leg run one after another, however long a lost one takes. */
    const turns = new Map<string, Promise<unknown>>();
    this.#anchors = anchors;
    /** The anchors to which keys can be sent. */
    const described = new WeakSet<Anchor>();
    const order = <T>(id: string, work: () => T): Promise<T> => {
      this.orders += 1;
      const turn = (turns.get(id) ?? Promise.resolve()).then(() =>
        process.later(this.world.latency(), () => {
          if (!this.up) throw new CallCentreError('media-relay-unavailable', 'the relay is away');
          return work();
        }),
      );
      turns.set(
        id,
        turn.catch(() => undefined),
      );
      return turn;
    };
    const anchorOf = (id: string): Anchor => {
      const anchor = anchors.get(id);
      if (anchor === undefined) throw new CallCentreError('no-such-call', 'This leg has no media');
      return anchor;
    };
    const legOf = (id: string): RelayLeg => {
      const leg = this.#legs.get(id);
      if (leg === undefined) throw new CallCentreError('media-relay-unavailable', 'the relay does not know this leg');
      return leg;
    };
    const point = async (id: string, towards: number): Promise<void> => {
      const anchor = anchorOf(id);
      if (anchor.towards === towards) return;
      anchors.set(id, { ...anchor, towards });
      await order(id, () => {
        legOf(id).towards = towards;
        const other = this.#byPort.get(towards);
        this.world.note('relay', 'points', { legId: id, to: other?.id ?? (towards === NOBODY ? 'nobody' : 'mixer') });
      }).catch((error: unknown) => {
        // As in services/media/anchors.ts: what the relay did not accept did not happen.
        const now = anchors.get(id);
        if (now?.towards === towards) anchors.set(id, { ...now, towards: anchor.towards });
        throw error;
      });
    };
    const place = (anchor: Anchor): AnchorPlace => ({
      relay: 'r1',
      mediaCallId: anchor.id,
      callerTag: 'A',
      farTag: 'far',
      ports: portsAt(anchor.innerPort),
    });
    const open = async (id: string, party: PartyName | undefined): Promise<{ sdp: string } & AnchorPlace> => {
      if (anchors.has(id)) throw new CallCentreError('already-exists', 'This leg has media already');
      this.#nextPort += 2;
      const anchor: Anchor = { id, innerPort: this.#nextPort, towards: NOBODY };
      anchors.set(id, anchor);
      this.#opening.add(id);
      try {
        await order(id, () => {
          const leg: RelayLeg = { id, innerPort: anchor.innerPort, party, towards: NOBODY, playing: undefined, heardOut: new Set() };
          this.#legs.set(id, leg);
          this.#byPort.set(leg.innerPort, leg);
          this.world.sound.opened(id);
        });
      } catch (error) {
        anchors.delete(id);
        throw error;
      } finally {
        this.#opening.delete(id);
      }
      return { sdp: `leg:${id}`, ...place(anchor) };
    };
    const remove = <T>(id: string, work: () => T): Promise<T> =>
      order(id, work).catch((error: unknown) => {
        this.#undeleted.add(id);
        throw error;
      });
    return {
      accept: ({ id, sdp }) => open(id, sdp),
      invite: ({ id }) => open(id, undefined),
      inviteAnswered: async (id, sdp) => {
        const anchor = anchorOf(id);
        await order(id, () => (legOf(id).party = sdp));
        return place(anchor);
      },
      reoffer: async (id) => {
        anchorOf(id);
        return order(id, () => `leg:${id}`);
      },
      offerFor: async (id) => {
        anchorOf(id);
        return order(id, () => `leg:${id}`);
      },
      offerAgain: (id) => `leg:${anchorOf(id).id}`,
      offerAnswered: async (id) => {
        anchorOf(id);
        await order(id, () => undefined);
      },
      pair: async (one, other) => {
        const [a, b] = [anchorOf(one), anchorOf(other)];
        await Promise.all([point(one, b.innerPort), point(other, a.innerPort)]);
      },
      part: async (id) => {
        if (anchors.has(id)) await point(id, NOBODY);
      },
      innerOf: (id) => ({ address: ADDRESS, port: anchorOf(id).innerPort }),
      attach: (id, towards) => point(id, towards.port),
      ...this.#copying({ anchors, order, legOf }),
      echo: async (id, on) => point(id, on ? anchorOf(id).innerPort : NOBODY),
      play: async (id, file, times) => {
        anchorOf(id);
        const durationMs = promptMs(file) * Math.max(times, 1);
        return order(id, () => {
          this.#noteHeard(legOf(id));
          const untilMs = times === 0 ? Number.POSITIVE_INFINITY : this.world.scheduler.nowMs + durationMs;
          legOf(id).playing = { file, untilMs };
          this.world.note('relay', 'plays', { legId: id, file });
          return { durationMs };
        });
      },
      stopPlay: async (id) => {
        if (!anchors.has(id)) return;
        await order(id, () => {
          this.world.note('relay', 'stops', { legId: id, file: legOf(id).playing?.file ?? 'nothing' });
          this.#noteHeard(legOf(id));
          legOf(id).playing = undefined;
        });
      },
      readyForKeys: async (id) => {
        const anchor = anchorOf(id);
        if (described.has(anchor)) return false;
        described.add(anchor);
        await order(id, () => undefined);
        return true;
      },
      sendKey: async (id) => {
        anchorOf(id);
        await order(id, () => undefined);
      },
      ssrcOf: async (id) => {
        anchorOf(id);
        return order(id, () => undefined);
      },
      release: async (id) => {
        if (!anchors.delete(id)) {
          await turns.get(id)?.catch(() => undefined);
          return undefined;
        }
        return remove(id, () => {
          this.#remove(id);
          return {
            packetsReceived: 0,
            packetsSent: 0,
            packetsLost: 0,
            lostBy: 'sequence' as const,
            jitterMs: 0,
            roundTripMs: undefined,
            ssrcs: [],
          };
        });
      },
      discard: ({ mediaCallId }) => remove(mediaCallId, () => this.#remove(mediaCallId)),
      has: (id) => anchors.has(id),
      export: (id) => anchors.get(id),
      adopt: (state) => void anchors.set(state.id, state as Anchor),
    };
  }
}
