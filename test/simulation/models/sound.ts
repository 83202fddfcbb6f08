import type { Channel } from '../../../services/recording/capture/records.js';
import type { CallMedia, RelayCopies, Source, Tap, Taps } from '../../../services/recording/capture/ports.js';
import type { Captures } from '../../../services/recording/archive/ports.js';
import type { Interval } from '../../../services/recording/media/intervals.js';
import type { CapturedDatagram } from '../../../services/recording/media/pcap.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import { Random } from '../random.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

/** How much sound a packet holds: real ones hold 20 ms, but the account asks only for the time that they cover. */
export const PACKET_MS = 250;
const SAMPLES_PER_MS = 8;
const RTP_HEADER_BYTES = 12;
const PCMA = 8;
const ALAW_SILENCE = 0xd5;
/** What a killed recorder had only in memory: sound is on the disk within 200 ms. */
const UNFLUSHED_MS = 200;
const RELAY_ADDRESS = '127.0.0.2';
const RECORDER_ADDRESS = '127.0.0.1';
const CALLER_TAG = 'A';
/** Added to the seed for the randomness of sound: no other part draws from it. */
const SOUND = 2_000_000_011;

interface Copy {
  readonly channel: Channel;
  readonly tapPort: number;
  readonly source: Source;
}

interface Witnessed {
  /** By machine of the recorder. */
  readonly copies: readonly [{ from: number; to: number }[], { from: number; to: number }[]];
  readonly capture: { from: number; to: number }[];
}

const UNHEARD: Witnessed = { copies: [[], []], capture: [] };

interface Leg {
  /** True for the profile's share of legs: the others are silent, which a witness sees too. */
  readonly speaks: boolean;
  readonly sequence: Record<Channel, number>;
  /** By subscription: copies of one side or of both. */
  readonly copies: Map<string, readonly Copy[]>;
  readonly captured: CapturedDatagram[];
  readonly witnessed: Witnessed;
  capturing: boolean;
}

/**
 * The sound of the callers' legs at the relay, its copies for the recorder and the relay's own capture: each packet goes to whoever listens at
 * that moment, and the oracle keeps which witness had it. Copies end with the relay; a capture goes on in the relay that has the leg again.
 */
export class Sound {
  readonly #legs = new Map<string, Leg>();
  readonly #sockets = new Map<number, { readonly process: Process; readonly receive: (packet: Uint8Array, from: Source) => void }>();
  readonly #random: Random;
  #machine: 0 | 1 = 0;
  #ports = 40_000;
  #copies = 0;
  #subscriptions = 0;

  constructor(private readonly world: World) {
    this.#random = new Random(world.seed + SOUND);
  }

  /** The relay takes a leg of a caller, or of a number that was called, and captures it from here on. */
  opened(legId: string): void {
    if (legId.includes('-')) return;
    this.#legs.set(legId, {
      speaks: this.#random.chance(this.world.profile.sound),
      sequence: { caller: 0, agent: 0 },
      copies: new Map(),
      captured: [],
      witnessed: { copies: [[], []], capture: [] },
      capturing: true,
    });
  }

  relayDied(): void {
    for (const { copies } of this.#legs.values()) copies.clear();
  }

  /** What the process before had not flushed is no witness any more. */
  recorderDied(): void {
    const lostFromMs = this.world.scheduler.nowMs - UNFLUSHED_MS - PACKET_MS;
    for (const { witnessed } of this.#legs.values()) {
      const last = witnessed.copies[this.#machine].at(-1);
      if (last !== undefined) last.to = Math.max(last.from, Math.min(last.to, lostFromMs));
    }
  }

  /** What the recorder's machine had is no witness until it is back. */
  recordersMachineDied(): void {
    this.#machine = this.#machine === 0 ? 1 : 0;
  }

  /** When the recorder's copies, and the relay's capture, had sound of this leg: UTC, ms. */
  witnessed(legId: string): { readonly copies: readonly Interval[]; readonly capture: readonly Interval[] } {
    const { copies, capture } = this.#legs.get(legId)?.witnessed ?? UNHEARD;
    return { copies: copies[this.#machine], capture };
  }
  /** Whether both sides of the leg are copied to a recorder that is there. */
  isCopied(legId: string): boolean {
    const copied = { caller: false, agent: false };
    for (const copies of this.#legs.get(legId)?.copies.values() ?? [])
      for (const { channel, tapPort } of copies) copied[channel] ||= this.#sockets.get(tapPort)?.process.alive === true;
    return copied.caller && copied.agent;
  }
  hasCapture(legId: string): boolean {
    return (this.#legs.get(legId)?.captured.length ?? 0) > 0;
  }

  /** Every 250 ms of virtual time. */
  flow(): void {
    const { relay } = this.world;
    if (!relay.up) return;
    for (const { id, party } of relay.legs()) {
      const leg = this.#legs.get(id);
      if (leg === undefined || !leg.speaks || party === undefined || (leg.copies.size === 0 && !leg.capturing)) continue;
      this.#send(id, leg, 'caller');
      if ([...(relay.hears(id) ?? [])].some((source) => !source.startsWith('file:') && source !== party)) this.#send(id, leg, 'agent');
    }
  }

  #send(legId: string, leg: Leg, channel: Channel): void {
    const { nowMs } = this.world.scheduler;
    leg.sequence[channel] += 1;
    const packet = rtpOf(leg.sequence[channel], nowMs, channel === 'caller' ? 1 : 2);
    if (leg.capturing) {
      const ports = this.world.relay.portsOf(legId);
      leg.captured.push({
        atMs: nowMs,
        sourcePort: 1,
        destinationPort: channel === 'caller' ? ports.caller : ports.far,
        destinationAddress: RELAY_ADDRESS,
        payload: packet,
      });
      cover(leg.witnessed.capture, nowMs);
    }
    // What is subscribed or dropped while a packet is given out counts from the next packet on.
    for (const copies of [...leg.copies.values()])
      for (const copy of copies) {
        if (copy.channel !== channel) continue;
        const socket = this.#sockets.get(copy.tapPort);
        if (socket?.process.alive !== true) continue;
        socket.receive(packet, copy.source);
        cover(leg.witnessed.copies[this.#machine], nowMs);
      }
  }

  taps(process: Process): Taps {
    return {
      open: async (receive): Promise<Tap> => {
        this.#ports += 2;
        const port = this.#ports;
        this.#sockets.set(port, { process, receive });
        return { address: RECORDER_ADDRESS, port, close: () => void this.#sockets.delete(port) };
      },
    };
  }

  copies(process: Process): RelayCopies {
    const { relay } = this.world;
    const isThere = ({ mediaCallId }: CallMedia): boolean => [...relay.legs()].some(({ id }) => id === mediaCallId);
    const order = <T>(work: () => T): Promise<T> =>
      process.later(this.world.latency(), () => {
        if (!relay.up) throw new CallCentreError('media-relay-unavailable', 'the relay is away');
        return work();
      });
    const legOf = (media: CallMedia): Leg => {
      const leg = this.#legs.get(media.mediaCallId);
      if (leg === undefined || !isThere(media)) throw new CallCentreError('media-relay-unavailable', 'the relay does not know this leg');
      return leg;
    };
    return {
      subscribe: (media, sides) =>
        order(() => {
          const leg = legOf(media);
          this.#subscriptions += 1;
          const subscription = `rec-${this.#subscriptions}`;
          const copies = sides.map(({ tag, tap }): Copy => {
            this.#copies += 1;
            const source = { address: RELAY_ADDRESS, port: 20_000 + this.#copies };
            return { channel: tag === CALLER_TAG ? 'caller' : 'agent', tapPort: tap.port, source };
          });
          leg.copies.set(subscription, copies);
          return copies.map(({ source }) => ({ tag: subscription, source }));
        }),
      dropStale: (media) => order(() => legOf(media).copies.clear()),
      unsubscribe: (media, subscription) => order(() => void legOf(media).copies.delete(subscription)),
      look: (media) =>
        order(() => {
          if (!isThere(media)) return undefined;
          const { caller, far } = relay.portsOf(media.mediaCallId);
          const tags = new Set([media.callerTag, media.farTag, ...legOf(media).copies.keys()]);
          return { tags, ports: { caller: [caller], agent: [far] }, farAddress: RELAY_ADDRESS };
        }),
      startCapture: (media) => order(() => void (legOf(media).capturing = true)),
      stopCapture: (media) => order(() => void (legOf(media).capturing = false)),
      close: () => undefined,
    };
  }

  captures(process: Process): Captures {
    return {
      read: (mediaCallId) =>
        process.later(1, () => {
          const captured = this.#legs.get(mediaCallId)?.captured ?? [];
          return captured.length === 0 ? undefined : [...captured];
        }),
      setAside: async () => undefined,
      remove: (mediaCallId) => process.later(1, () => void this.#legs.get(mediaCallId)?.captured.splice(0)),
      removeOlder: async () => 0,
    };
  }
}

function cover(intervals: { from: number; to: number }[], atMs: number): void {
  const last = intervals.at(-1);
  if (last !== undefined && atMs <= last.to) last.to = atMs + PACKET_MS;
  else intervals.push({ from: atMs, to: atMs + PACKET_MS });
}

function rtpOf(sequence: number, atMs: number, ssrc: number): Uint8Array {
  const packet = Buffer.allocUnsafe(RTP_HEADER_BYTES + PACKET_MS * SAMPLES_PER_MS).fill(ALAW_SILENCE, RTP_HEADER_BYTES);
  packet[0] = 0x80;
  packet[1] = PCMA;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE((atMs * SAMPLES_PER_MS) % 2 ** 32, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}
