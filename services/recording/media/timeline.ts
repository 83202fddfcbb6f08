import { ALAW_SILENCE, toAlaw } from './g711.js';
import type { Interval } from './intervals.js';
import { distance16, distance32, parseRtp } from './rtp.js';

export const SAMPLES_PER_MS = 8;
/** A stream that is further from its arrival times than this is placed anew. */
const REANCHOR_SAMPLES = 120 * SAMPLES_PER_MS;
/** Within this the mean offset is jitter; beyond it the clocks drift, and one sample a packet is slipped. */
const DRIFT_DEADBAND_SAMPLES = 10 * SAMPLES_PER_MS;
/** A jump of the sequence by more is a sender that began anew (RFC 3550 appendix A.1). */
const RESTART_PACKETS = 3_000;
const DRIFT_WEIGHT = 1 / 250;
/** A hole in the coverage that one packet would fill is a lost packet, not an absence. */
const BRIDGE_SAMPLES = 20 * SAMPLES_PER_MS;

/** Counts of one channel, a witness of the account. */
export interface ChannelCounts {
  readonly packets: number;
  /** Sequence numbers that never came, over all streams. */
  readonly missing: number;
  readonly streams: number;
  /** The longest time between two packets of one stream while it ran without a change of stream. */
  readonly largestGapMs: number;
}

interface Stream {
  readonly ssrc: number;
  anchorSample: number;
  anchorTimestamp: number;
  meanOffset: number;
  firstSequence: number;
  highest: number;
  received: number;
}

/**
 * Puts the packets of one channel where they belong in time: each stream (SSRC) is anchored at the arrival of its first packet, and from
 * there RTP timestamps decide; a stream that comes back, or strays by more than 120 ms, is anchored again; slow drift between the clocks is
 * slipped out sample by sample. What no packet covers is silence. Pure: the same packets give the same sound.
 */
export class ChannelTimeline {
  #buffer = new Uint8Array(0);
  #base: number;
  #end: number;
  #stream: Stream | undefined;
  #covered: { from: number; to: number }[] = [];
  #packets = 0;
  #missing = 0;
  #streams = 0;
  #largestGapMs = 0;
  #lastArrivalMs = Number.NaN;

  /** `startMs`: where the timeline begins; earlier sound is dropped. */
  constructor(startMs: number) {
    this.#base = Math.round(startMs * SAMPLES_PER_MS);
    this.#end = this.#base;
  }

  /** `arrivalMs` on the call's clock. Packets that are not speech (key tones, comfort noise) count and are not heard. */
  push(packet: Uint8Array, arrivalMs: number): void {
    const header = parseRtp(packet);
    if (header === undefined) return;
    const arrival = Math.round(arrivalMs * SAMPLES_PER_MS);
    const stream = this.#streamOf(header.ssrc, header.sequence, header.timestamp, arrival, arrivalMs);
    this.#packets += 1;
    const speech = toAlaw(header.payloadType, packet.subarray(header.payloadStart, header.payloadEnd));
    if (speech === undefined || speech.length === 0) return;
    let at = stream.anchorSample + distance32(stream.anchorTimestamp, header.timestamp);
    const offset = at - arrival;
    if (Math.abs(offset) > REANCHOR_SAMPLES) {
      stream.anchorSample = arrival;
      stream.anchorTimestamp = header.timestamp;
      stream.meanOffset = 0;
      at = arrival;
    } else {
      stream.meanOffset += (offset - stream.meanOffset) * DRIFT_WEIGHT;
      const slip = stream.meanOffset > DRIFT_DEADBAND_SAMPLES ? -1 : stream.meanOffset < -DRIFT_DEADBAND_SAMPLES ? 1 : 0;
      stream.anchorSample += slip;
      stream.meanOffset += slip;
      at += slip;
    }
    this.#write(at, speech);
  }

  /** What comes next is placed by its arrival; packets that were left out on purpose are not missing. */
  interrupt(): void {
    if (this.#stream !== undefined) this.#missing += missingOf(this.#stream);
    this.#stream = undefined;
  }

  /** The sound up to `untilMs` as A-law, silence where there was none; it is given once and forgotten here. */
  take(untilMs: number): Uint8Array {
    const until = Math.max(this.#base, Math.round(untilMs * SAMPLES_PER_MS));
    const length = until - this.#base;
    const taken = new Uint8Array(length).fill(ALAW_SILENCE);
    const held = Math.min(length, this.#end - this.#base);
    taken.set(this.#buffer.subarray(0, held));
    this.#buffer = this.#buffer.slice(held, Math.max(held, this.#end - this.#base));
    this.#base = until;
    this.#end = Math.max(this.#end, until);
    return taken;
  }

  /** Where there was sound, in ms of the call's clock. */
  coverage(): Interval[] {
    return this.#covered.map(({ from, to }) => ({ from: from / SAMPLES_PER_MS, to: to / SAMPLES_PER_MS }));
  }

  counts(): ChannelCounts {
    const open = this.#stream === undefined ? 0 : missingOf(this.#stream);
    return { packets: this.#packets, missing: this.#missing + open, streams: this.#streams, largestGapMs: this.#largestGapMs };
  }

  #streamOf(ssrc: number, sequence: number, timestamp: number, arrival: number, arrivalMs: number): Stream {
    const current = this.#stream;
    if (current?.ssrc === ssrc) {
      current.received += 1;
      const ahead = distance16(current.highest & 0xffff, sequence);
      if (Math.abs(ahead) > RESTART_PACKETS) this.#renumber(current, sequence);
      else if (ahead > 0) current.highest += ahead;
      this.#largestGapMs = Math.max(this.#largestGapMs, arrivalMs - this.#lastArrivalMs);
      this.#lastArrivalMs = arrivalMs;
      return current;
    }
    if (current !== undefined) this.#missing += missingOf(current);
    this.#streams += 1;
    this.#lastArrivalMs = arrivalMs;
    this.#stream = {
      ssrc,
      anchorSample: arrival,
      anchorTimestamp: timestamp,
      meanOffset: 0,
      firstSequence: sequence,
      highest: sequence,
      received: 1,
    };
    return this.#stream;
  }

  #renumber(stream: Stream, sequence: number): void {
    this.#missing += missingOf({ ...stream, received: stream.received - 1 });
    stream.firstSequence = sequence;
    stream.highest = sequence;
    stream.received = 1;
  }

  #write(at: number, speech: Uint8Array): void {
    const from = Math.max(at, this.#base);
    const to = at + speech.length;
    if (to <= from) return;
    this.#reserve(to);
    this.#buffer.set(speech.subarray(from - at), from - this.#base);
    this.#end = Math.max(this.#end, to);
    const last = this.#covered.at(-1);
    if (last !== undefined && from >= last.from && from <= last.to + BRIDGE_SAMPLES) last.to = Math.max(last.to, to);
    else this.#covered.push({ from, to });
  }

  #reserve(to: number): void {
    const needed = to - this.#base;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2, 16_000)).fill(ALAW_SILENCE);
    larger.set(this.#buffer.subarray(0, this.#end - this.#base));
    this.#buffer = larger;
  }
}

const missingOf = ({ firstSequence, highest, received }: Pick<Stream, 'firstSequence' | 'highest' | 'received'>): number =>
  Math.max(0, highest - firstSequence + 1 - received);
