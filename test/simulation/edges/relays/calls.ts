import { createMedia, type Anchors, type AnchorState, type Media } from '../../../../services/media/index.js';
import { silentLogger } from '../../../../services/shared/platform/processes/logger.js';
import type { Random } from '../../random.js';
import type { Scheduler } from '../../scheduler.js';
import { SleepingProcess } from '../sleeping-process.js';
import type { LiveMemory } from './relay-memory-store.js';
import type { RelayPair } from './relay-pair.js';
import { partySdp } from './relay-process.js';

const MUSIC = 'music.wav';
const SILENT_AFTER_MS = 30_000;
const AGAIN_MS = 1_000;

/** One conversation, as the process that has it knows it. */
export interface TalkingCall {
  readonly id: string;
  /** The caller and whoever talks with the caller. */
  readonly legs: string[];
  /** When it was last as promised. */
  wellMs?: number;
  /** What the parties are promised at this moment; undefined while that changes. */
  state: 'joined' | 'music' | undefined;
  sinceMs: number;
  /** Music was begun for the caller, and not ended. */
  plays: boolean;
  isOver: boolean;
}

export interface LegNews {
  /** A command for a leg begins. */
  ordered(legId: string): void;
  lost(telephony: Telephony, legId: string): void;
  /** A new call was refused by the relays. */
  refused(telephony: Telephony, sinceMs: number): void;
  /** A party that speaks was taken for gone. */
  silent(legId: string): void;
}

/** One telephony process with the product's media part, and the calls that it has. */
export class Telephony extends SleepingProcess {
  readonly calls = new Map<string, TalkingCall>();
  /** Legs that are being set up, and since when. */
  readonly opening = new Map<string, number>();
  /** Legs that a command is under way for. */
  readonly busy = new Map<string, number>();
  readonly media: Media;

  constructor(
    readonly name: string,
    private readonly needs: {
      readonly scheduler: Scheduler;
      readonly random: Random;
      readonly memory: LiveMemory;
      readonly pairs: readonly RelayPair[];
      readonly news: LegNews;
    },
  ) {
    super(needs.scheduler);
    const { pairs, memory, news } = needs;
    this.media = createMedia({
      relayUrls: pairs.map(({ url }) => url),
      dtmfListen: '127.0.0.1:22230',
      seatCodec: 'pcma',
      callerSilentMs: SILENT_AFTER_MS,
      peers: {
        ...{ allowedNetworks: [], ownAddresses: () => [], ownBroadcasts: () => [], innerAddresses: [], ownPorts: new Set<number>() },
        ...{ ownRanges: [], relayAddresses: [], testCallAddress: undefined, ownServers: [] },
      },
      onStrangers: () => undefined,
      pingLiveState: () => memory.ping((what) => this.run(what)),
      onLiveStateLost: (handle) => memory.onLost(() => this.run(handle)),
      log: silentLogger,
      clock: this.clock,
      wire: {
        clock: this.clock,
        open: ({ host, ...ends }) => {
          const pair = pairs.find(({ place }) => place.name === host);
          if (pair === undefined) throw new Error(`nobody is at ${host}`);
          return pair.connect(this, ends);
        },
      },
      listenForDigits: () => ({ name: 'digits', start: async () => undefined, stop: async () => undefined }),
    });
    this.media.onLost((legId) => news.lost(this, legId));
    this.media.onRevived((legId) => this.#revived(legId));
    this.media.onSilent((legId) => news.silent(legId));
  }

  get anchors(): Anchors {
    return this.media.anchors;
  }

  async start(left: ReadonlyMap<TalkingCall, readonly AnchorState[]>): Promise<void> {
    for (const [call, states] of left) {
      for (const state of states) this.anchors.adopt(state);
      this.calls.set(call.id, { ...call, legs: [...call.legs], sinceMs: this.needs.scheduler.nowMs });
    }
    await this.media.service.start();
    await this.media.checkAdopted();
    await this.media.dropUnclaimed();
    // Whoever goes on with a call lets its caller hear what is to be heard.
    for (const call of this.calls.values()) if (call.state === 'music') void this.#becomes(call, 'music');
  }

  /** What the next process goes on with: calls with which nothing is under way. */
  left(): Map<TalkingCall, readonly AnchorState[]> {
    const calls = [...this.calls.values()].filter(({ state, isOver }) => state !== undefined && !isOver);
    return new Map(
      calls.map((call) => [
        call,
        call.legs.flatMap((id) => {
          const state = this.anchors.export(id);
          return state === undefined ? [] : [JSON.parse(JSON.stringify(state)) as AnchorState];
        }),
      ]),
    );
  }

  #revived(legId: string): void {
    const call = [...this.calls.values()].find(({ legs }) => legs.includes(legId));
    if (call?.plays === true && legId === call.legs[0]) void this.#plays(call).catch(() => undefined);
  }

  async #plays(call: TalkingCall): Promise<void> {
    const [caller = ''] = call.legs;
    call.plays = true;
    await this.#order(caller, () => this.anchors.play(caller, MUSIC, 0));
  }

  /** A command for a leg; what is under way is what a relay may have died over. */
  async #order<T>(legId: string, work: () => Promise<T>): Promise<T> {
    this.busy.set(legId, (this.busy.get(legId) ?? 0) + 1);
    this.needs.news.ordered(legId);
    try {
      return await work();
    } finally {
      this.busy.set(legId, (this.busy.get(legId) ?? 0) - 1);
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }

  async #opens(call: TalkingCall, id: string, kind: 'caller' | 'seat' | 'dialled'): Promise<boolean> {
    const { scheduler, random, news } = this.needs;
    const sinceMs = scheduler.nowMs;
    const sdp = partySdp(2 * random.int(2_000, 16_000));
    this.opening.set(id, sinceMs);
    try {
      if (kind === 'dialled') {
        await this.#order(id, () => this.anchors.invite({ id, captured: false }));
        await this.#wait(random.int(10, 3_000));
        await this.#order(id, () => this.anchors.inviteAnswered(id, sdp));
      } else await this.#order(id, () => this.anchors.accept({ id, kind, sdp }));
      return true;
    } catch {
      if (this.anchors.has(id)) await this.#releases(id);
      if (!call.isOver) news.refused(this, sinceMs);
      return false;
    } finally {
      this.opening.delete(id);
    }
  }

  async #releases(id: string): Promise<void> {
    await this.anchors.release(id).catch(() => undefined);
  }

  /** One call from its beginning to its end. */
  async lives(id: string): Promise<void> {
    const { random } = this.needs;
    const call: TalkingCall = { id, legs: [`${id}-caller`], state: undefined, sinceMs: 0, plays: false, isOver: false };
    this.calls.set(id, call);
    if (!(await this.#opens(call, `${id}-caller`, 'caller'))) {
      this.calls.delete(id);
      return;
    }
    await this.#becomes(call, 'music');
    await this.#wait(random.int(50, 4_000));
    await this.#joins(call);
    await this.goesOn(call);
  }

  /** What happens in a call that is joined, or waits with music. */
  async goesOn(call: TalkingCall): Promise<void> {
    const { random } = this.needs;
    while (!call.isOver) {
      await this.#wait(random.int(100, 15_000));
      if (call.isOver) return;
      const next = random.pick(['hold', 'hand-over', 'end', 'talk', 'talk'] as const);
      if (next === 'end') await this.ends(call);
      else if (call.state === 'music') await this.#joins(call);
      else if (next === 'hold') await this.#becomes(call, 'music');
      else if (next === 'hand-over') {
        const [other = ''] = call.legs.splice(1, 1);
        call.state = undefined;
        await this.#releases(other);
        await this.#joins(call);
      }
    }
  }

  async #joins(call: TalkingCall): Promise<void> {
    const { random } = this.needs;
    call.state = undefined;
    if (call.legs[1] === undefined) {
      const id = `${call.id}-${(this.#others += 1)}`;
      call.legs.push(id);
      if (!(await this.#opens(call, id, random.pick(['seat', 'dialled'])))) {
        await this.ends(call);
        return;
      }
    }
    await this.#becomes(call, 'joined');
  }
  #others = 0;

  /** The parties are promised this from when the relay has taken it. What it did not take is asked for again. */
  async #becomes(call: TalkingCall, state: 'joined' | 'music'): Promise<void> {
    call.state = undefined;
    while (!call.isOver) {
      const [caller = '', other = ''] = call.legs;
      try {
        if (state === 'joined') {
          call.plays = false;
          await this.#order(caller, () => this.anchors.stopPlay(caller));
          await this.#order(caller, () => this.#order(other, () => this.anchors.pair(caller, other)));
        } else {
          await Promise.all(call.legs.map((legId) => this.#order(legId, () => this.anchors.part(legId))));
          await this.#plays(call);
        }
        call.state = state;
        call.sinceMs = this.needs.scheduler.nowMs;
        return;
      } catch {
        await this.#wait(AGAIN_MS);
      }
    }
  }

  async ends(call: TalkingCall): Promise<void> {
    if (call.isOver) return;
    call.isOver = true;
    this.calls.delete(call.id);
    await Promise.all(call.legs.map((legId) => this.#releases(legId)));
  }
}
