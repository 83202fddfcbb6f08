import type { Channel, Mark, SpoolRecord } from '../capture/records.js';
import { union, type Interval } from '../media/intervals.js';
import { ChannelTimeline, type ChannelCounts } from '../media/timeline.js';

/** A recorder that wrote nothing for longer than this was not running. */
const WITNESS_BRIDGE_MS = 2_500;

export interface JumpMark {
  readonly atMs: number;
  readonly what: string;
}

/** What the spool knows about one call besides the audio. Times are on the clock of the call (ms since the recorder opened it). */
export interface CallFacts {
  readonly answeredAt: string | undefined;
  readonly endedAt: string | undefined;
  readonly answeredMs: number | undefined;
  /** When the recorder learned of the end, by its own monotonic clock. */
  readonly endSeenMs: number | undefined;
  readonly lastMs: number;
  readonly lastPacketMs: number;
  readonly paused: readonly (Interval & { readonly reason: string })[];
  readonly witnessed: readonly Interval[];
  readonly restarts: number;
  readonly ports: Readonly<Record<Channel, readonly number[]>>;
  /** Where the relay receives the agent's side, if known. */
  readonly agentAddress: string | undefined;
  readonly notes: readonly JumpMark[];
}

/** Collects the facts record by record. `originWallMs`: UTC of zero on the clock of the call. */
export class FactsReader {
  readonly #originWallMs: number;
  readonly #paused: { from: number; to: number; reason: string }[] = [];
  readonly #witnessed: { from: number; to: number }[] = [];
  readonly #notes: JumpMark[] = [];
  readonly #ports: Record<Channel, number[]> = { caller: [], agent: [] };
  #agentAddress: string | undefined;
  #pausedSince: { from: number; reason: string } | undefined;
  #listening = 0;
  #lastMs = 0;
  #lastPacketMs = 0;
  #answered: { at: string; ms: number } | undefined;
  #ended: { at: string; ms: number } | undefined;

  constructor(originWallMs: number) {
    this.#originWallMs = originWallMs;
  }

  push(record: SpoolRecord): void {
    if (record.kind === 'mark') this.#note(record.mark, record.atMs);
    if (record.kind !== 'mark' || record.mark.kind === 'listening') this.#witness(record.atMs, record.kind === 'mark');
    this.#lastMs = Math.max(this.#lastMs, record.atMs);
    if (record.kind === 'packet') this.#lastPacketMs = Math.max(this.#lastPacketMs, record.atMs);
  }

  get isPaused(): boolean {
    return this.#pausedSince !== undefined;
  }

  facts(): CallFacts {
    const open = this.#pausedSince;
    return {
      answeredAt: this.#answered?.at,
      endedAt: this.#ended?.at,
      answeredMs: this.#answered?.ms,
      endSeenMs: this.#ended?.ms,
      lastMs: this.#lastMs,
      lastPacketMs: this.#lastPacketMs,
      paused: open === undefined ? this.#paused : [...this.#paused, { ...open, to: Infinity }],
      witnessed: union(this.#witnessed),
      restarts: Math.max(0, this.#listening - 1),
      ports: this.#ports,
      agentAddress: this.#agentAddress,
      notes: this.#notes,
    };
  }

  #note(mark: Mark, atMs: number): void {
    switch (mark.kind) {
      case 'listening':
        this.#listening += 1;
        break;
      case 'relay-ports':
        this.#ports.caller.push(...mark.caller);
        this.#ports.agent.push(...mark.agent);
        this.#agentAddress = mark.agentAddress ?? this.#agentAddress;
        break;
      case 'paused':
        this.#pausedSince ??= { from: atMs, reason: mark.reason };
        break;
      case 'resumed':
        if (this.#pausedSince !== undefined) this.#paused.push({ ...this.#pausedSince, to: atMs });
        this.#pausedSince = undefined;
        break;
      case 'answered':
        this.#answered ??= { at: mark.at, ms: Date.parse(mark.at) - this.#originWallMs };
        break;
      case 'ended':
        this.#ended ??= { at: mark.at, ms: atMs };
        break;
      case 'noted':
        this.#notes.push({ atMs, what: mark.what });
        break;
    }
  }

  #witness(atMs: number, begins: boolean): void {
    const last = this.#witnessed.at(-1);
    if (!begins && last !== undefined && atMs - last.to <= WITNESS_BRIDGE_MS) last.to = Math.max(last.to, atMs);
    else this.#witnessed.push({ from: atMs, to: atMs });
  }
}

/** Both channels of one call on one clock, in the order of the records. */
export class CallAssembly {
  readonly #caller: ChannelTimeline;
  readonly #agent: ChannelTimeline;
  #paused = false;

  constructor(readonly startMs: number) {
    this.#caller = new ChannelTimeline(startMs);
    this.#agent = new ChannelTimeline(startMs);
  }

  push(record: SpoolRecord): void {
    if (record.kind === 'packet' && !this.#paused) this.#of(record.channel).push(record.packet, record.atMs);
    if (record.kind === 'mark' && record.mark.kind === 'paused') {
      this.#paused = true;
      this.#caller.interrupt();
      this.#agent.interrupt();
    }
    if (record.kind === 'mark' && record.mark.kind === 'resumed') this.#paused = false;
  }

  /** The next part of the audio, both channels of the same length. */
  take(untilMs: number): { readonly caller: Uint8Array; readonly agent: Uint8Array } {
    return { caller: this.#caller.take(untilMs), agent: this.#agent.take(untilMs) };
  }

  coverage(channel: Channel): Interval[] {
    return this.#of(channel).coverage();
  }

  counts(): Record<Channel, ChannelCounts> {
    return { caller: this.#caller.counts(), agent: this.#agent.counts() };
  }

  #of(channel: Channel): ChannelTimeline {
    return channel === 'caller' ? this.#caller : this.#agent;
  }
}
