import { concat, OPUS_RATE, opusTags, readPackets, writeOpus } from '../media/ogg.js';
import { PeakMeter, peaksOf, type Peaks } from '../media/waveform.js';
import type { CallAssembly } from './assembly.js';
import type { Encoder, StereoSound } from './ports.js';

export const OPUS_PACKET_MS = 60;
/** A long call is encoded in pieces of this length while it lasts, so that little is left to do at its end. */
export const PIECE_MS = 300_000;
/** Each piece begins earlier by this much, and its first packets are dropped, so the encoder has settled where pieces join. */
const LEAD_MS = 2 * OPUS_PACKET_MS;
/** How late a packet may be. */
const SLACK_MS = 2_000;
const VENDOR = 'proofline';

/** The place of finished pieces: the folder of the call. */
export interface PieceShelf {
  write(index: number, piece: Uint8Array): Promise<void>;
  read(index: number): Promise<Uint8Array>;
}

export interface EncodedCall {
  readonly ogg: Uint8Array;
  readonly durationMs: number;
  readonly peaks: Peaks;
}

/** Encodes the audio of one call: complete parts while it lasts, the rest at its end. Times are in ms on the clock of the call. */
export interface CallEncoding {
  /** Requires that everything up to `nowMs` has been pushed. */
  advance(nowMs: number): Promise<void>;
  finish(endMs: number, comments: Readonly<Record<string, string>>): Promise<EncodedCall>;
}

/** Encodes one call from its assembly, piece by piece. */
export class PieceEncoder implements CallEncoding {
  readonly #callerPeaks = new PeakMeter();
  readonly #agentPeaks = new PeakMeter();
  #pieces = 0;
  #takenMs = 0;
  #lead: StereoSound = { caller: new Uint8Array(0), agent: new Uint8Array(0) };

  constructor(
    private readonly assembly: CallAssembly,
    private readonly encoder: Encoder,
    private readonly shelf: PieceShelf,
  ) {}

  /** Encodes all complete pieces. Requires that everything up to `nowMs` on the clock of the call has been pushed. */
  async advance(nowMs: number): Promise<void> {
    while (this.assembly.startMs + this.#takenMs + PIECE_MS + SLACK_MS <= nowMs) {
      await this.shelf.write(this.#pieces, await this.#encodeNext(PIECE_MS));
      this.#pieces += 1;
    }
  }

  /** Encodes the rest and joins all pieces into one file of exactly the given length. */
  async finish(endMs: number, comments: Readonly<Record<string, string>>): Promise<EncodedCall> {
    const durationMs = Math.max(OPUS_PACKET_MS, Math.round(endMs - this.assembly.startMs));
    await this.advance(endMs + SLACK_MS - 1);
    const pieces: Uint8Array[] = [];
    for (let index = 0; index < this.#pieces; index += 1) pieces.push(await this.shelf.read(index));
    pieces.push(await this.#encodeNext(Math.max(OPUS_PACKET_MS, durationMs - this.#takenMs)));
    return {
      ogg: joinPieces(pieces, durationMs, comments),
      durationMs,
      peaks: peaksOf(this.#callerPeaks, this.#agentPeaks),
    };
  }

  async #encodeNext(lengthMs: number): Promise<Uint8Array> {
    this.#takenMs += lengthMs;
    const sound = this.assembly.take(this.assembly.startMs + this.#takenMs);
    this.#callerPeaks.push(sound.caller);
    this.#agentPeaks.push(sound.agent);
    const led = { caller: concat([this.#lead.caller, sound.caller]), agent: concat([this.#lead.agent, sound.agent]) };
    this.#lead = { caller: sound.caller.slice(-LEAD_MS * 8), agent: sound.agent.slice(-LEAD_MS * 8) };
    return this.encoder.encode(led);
  }
}

/** Drops the lead and the padding of each piece, and writes the rest as one stream whose granule positions give the true length. */
export function joinPieces(pieces: readonly Uint8Array[], durationMs: number, comments: Readonly<Record<string, string>>): Uint8Array {
  const packets: Uint8Array[] = [];
  let head: Uint8Array | undefined;
  pieces.forEach((piece, index) => {
    const [first, , ...audio] = readPackets(piece);
    head ??= first;
    const lead = index === 0 ? 0 : LEAD_MS / OPUS_PACKET_MS;
    const isLast = index === pieces.length - 1;
    packets.push(...(isLast ? audio.slice(lead) : audio.slice(lead, lead + PIECE_MS / OPUS_PACKET_MS)));
  });
  if (head === undefined) throw new RangeError('there is nothing to join');
  return writeOpus({
    serial: 1,
    head,
    tags: opusTags(VENDOR, comments),
    packets,
    packetSamples: (OPUS_RATE / 1_000) * OPUS_PACKET_MS,
    samples: (OPUS_RATE / 1_000) * durationMs,
  });
}

/** The same audio with other comments: a watermark. */
export function withComments(ogg: Uint8Array, durationMs: number, comments: Readonly<Record<string, string>>): Uint8Array {
  return joinPieces([ogg], durationMs, comments);
}
