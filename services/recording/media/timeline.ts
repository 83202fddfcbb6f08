import { ALAW_SILENCE } from '../../shared/domain/sound/g711.js';
import { toAlaw } from './g711.js';
import type { Interval } from './intervals.js';
import { distance16, distance32, parseRtp } from './rtp.js';

export const SAMPLES_PER_MS = 8;
/** A stream that is further from its arrival times than this is anchored again. */
const REANCHOR_SAMPLES = 120 * SAMPLES_PER_MS;
/** Late packets that keep their distance for this long were sent late; those that catch up were held up on the way. */
const LATE_FOR_SAMPLES = 400 * SAMPLES_PER_MS;
const CATCHING_UP = 0.8;
const UNDECIDED_SAMPLES = 1_000 * SAMPLES_PER_MS;
/** No packet is held up for longer than this. */
const LATE_AT_MOST_SAMPLES = 3_000 * SAMPLES_PER_MS;
/**
 * Clock drift shows in the earliest arrivals within ten seconds: queues and busy machines only ever delay. Within the dead band nothing is
 * done; beyond it, one sample per packet is slipped.
 */
const DRIFT_WINDOW_PACKETS = 500;
const DRIFT_DEADBAND_SAMPLES = 10 * SAMPLES_PER_MS;
/** A larger jump of the sequence number means that the sender restarted (RFC 3550 appendix A.1). */
const RESTART_PACKETS = 3_000;
/** A hole in the coverage that one packet would fill is a lost packet, not an absence. */
const BRIDGE_SAMPLES = 20 * SAMPLES_PER_MS;

/** Counts of one channel, a witness of the account. */
export interface ChannelCounts {
  readonly packets: number;
  /** Sequence numbers that never came, over all streams. */
  readonly missing: number;
  readonly streams: number;
  /** The longest time between two packets of one stream, not counting a change of stream. */
  readonly largestGapMs: number;
}

interface Stream {
  readonly ssrc: number;
  anchorSample: number;
  anchorTimestamp: number;
  /** The earliest arrival in the window relative to its place, and the number of packets in the window. */
  earliest: number;
  counted: number;
  /** Samples that are still to be slipped. */
  slip: number;
  firstSequence: number;
  highest: number;
  received: number;
}

/**
 * Puts the packets of one channel where they belong in time: each stream (SSRC) is anchored at the arrival of its first packet, and from
 * there RTP timestamps decide; a stream that comes back, or strays by more than 120 ms, is anchored again; slow drift between the clocks is
 * slipped out sample by sample. Time that no packet covers is silence. Pure: the same packets give the same audio.
 */
export class ChannelTimeline {
  #buffer = new Uint8Array(0);
  #base: number;
  #end: number;
  #stream: Stream | undefined;
  #late: { timestamp: number; arrival: number; speech: Uint8Array; offset: number; number: number }[] = [];
  #covered: { from: number; to: number }[] = [];
  #packets = 0;
  #missing = 0;
  #streams = 0;
  #largestGapMs = 0;
  #lastArrivalMs = Number.NaN;

  /**
   * `startMs`: where the timeline begins; earlier audio is dropped. `onPlaced` is told where each speech packet belongs, by its number in
   * the order of `push`, from 0; for a late packet once that is decided, in `coverage` or `take` at the latest.
   */
  constructor(
    startMs: number,
    private readonly onPlaced?: (number: number, atMs: number) => void,
  ) {
    this.#base = Math.round(startMs * SAMPLES_PER_MS);
    this.#end = this.#base;
  }

  /** `arrivalMs` is on the call's clock. Packets that are not speech (DTMF events, comfort noise) are counted but not heard. */
  push(packet: Uint8Array, arrivalMs: number): void {
    const header = parseRtp(packet);
    if (header === undefined) return;
    const arrival = Math.round(arrivalMs * SAMPLES_PER_MS);
    const stream = this.#streamOf(header.ssrc, header.sequence, header.timestamp, arrival, arrivalMs);
    const number = this.#packets;
    this.#packets += 1;
    const speech = toAlaw(header.payloadType, packet.subarray(header.payloadStart, header.payloadEnd));
    if (speech === undefined || speech.length === 0) return;
    const at = stream.anchorSample + distance32(stream.anchorTimestamp, header.timestamp);
    const offset = at - arrival;
    if (offset < -REANCHOR_SAMPLES) {
      this.#late.push({ timestamp: header.timestamp, arrival, speech, offset, number });
      const [first] = this.#late;
      const forSamples = arrival - (first?.arrival ?? arrival);
      const keepsDistance = offset < (first?.offset ?? 0) * CATCHING_UP;
      if ((forSamples >= LATE_FOR_SAMPLES && keepsDistance) || forSamples >= LATE_AT_MOST_SAMPLES) this.#settleLate(true);
      return;
    }
    this.#settleLate(false);
    if (offset > REANCHOR_SAMPLES) this.#anchor(stream, header.timestamp, arrival);
    else followDrift(stream, offset);
    this.#place(stream, header.timestamp, speech, number);
  }

  /** The next packet is placed by its arrival; packets that were left out on purpose do not count as missing. */
  interrupt(): void {
    this.#settleLate();
    if (this.#stream !== undefined) this.#missing += missingOf(this.#stream);
    this.#stream = undefined;
  }

  /** The audio up to `untilMs` as A-law, with silence where there was none; it is returned once and then dropped here. */
  take(untilMs: number): Uint8Array {
    this.#settleLate();
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

  /** The times with audio, in ms on the call's clock. */
  coverage(): Interval[] {
    this.#settleLate();
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
    this.#settleLate();
    if (current !== undefined) this.#missing += missingOf(current);
    this.#streams += 1;
    this.#lastArrivalMs = arrivalMs;
    this.#stream = {
      ssrc,
      anchorSample: arrival,
      anchorTimestamp: timestamp,
      earliest: -Infinity,
      counted: 0,
      slip: 0,
      firstSequence: sequence,
      highest: sequence,
      received: 1,
    };
    return this.#stream;
  }

  #anchor(stream: Stream, timestamp: number, arrival: number): void {
    stream.anchorSample = arrival;
    stream.anchorTimestamp = timestamp;
    stream.earliest = -Infinity;
    stream.counted = 0;
    stream.slip = 0;
  }

  /** Without further packets to decide by, those more than a second late were sent late, unless they were catching up already. */
  #settleLate(reanchor = this.#sentLate()): void {
    const [first] = this.#late;
    if (first === undefined || this.#stream === undefined) return;
    if (reanchor) this.#anchor(this.#stream, first.timestamp, first.arrival);
    for (const { timestamp, speech, number } of this.#late.splice(0)) this.#place(this.#stream, timestamp, speech, number);
  }

  #sentLate(): boolean {
    const [first, last] = [this.#late[0], this.#late.at(-1)];
    if (first === undefined || last === undefined || first.offset >= -UNDECIDED_SAMPLES) return false;
    return last.offset < first.offset * CATCHING_UP;
  }

  #place(stream: Stream, timestamp: number, speech: Uint8Array, number: number): void {
    const at = stream.anchorSample + distance32(stream.anchorTimestamp, timestamp);
    this.onPlaced?.(number, at / SAMPLES_PER_MS);
    this.#write(at, speech);
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
    // A slip leaves one sample open, which repeats the sample before it: silence would click.
    if (from === this.#end + 1 && from > this.#base + 1)
      this.#buffer[from - 1 - this.#base] = this.#buffer[from - 2 - this.#base] ?? ALAW_SILENCE;
    this.#end = Math.max(this.#end, to);
    const last = this.#covered.at(-1);
    if (last !== undefined && from >= last.from && from <= last.to + BRIDGE_SAMPLES) last.to = Math.max(last.to, to);
    else this.#covered.push({ from, to });
  }

  #reserve(to: number): void {
    const needed = to - this.#base;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2, 16_000));
    const held = this.#end - this.#base;
    larger.set(this.#buffer.subarray(0, held));
    larger.fill(ALAW_SILENCE, held);
    this.#buffer = larger;
  }
}

function followDrift(stream: Stream, offset: number): void {
  stream.earliest = Math.max(stream.earliest, offset);
  stream.counted += 1;
  if (stream.counted === DRIFT_WINDOW_PACKETS) {
    if (Math.abs(stream.earliest) > DRIFT_DEADBAND_SAMPLES) stream.slip = -stream.earliest;
    stream.earliest = -Infinity;
    stream.counted = 0;
  }
  const step = Math.sign(stream.slip);
  stream.anchorSample += step;
  stream.slip -= step;
}

const missingOf = ({ firstSequence, highest, received }: Pick<Stream, 'firstSequence' | 'highest' | 'received'>): number =>
  Math.max(0, highest - firstSequence + 1 - received);
