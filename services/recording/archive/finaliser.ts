import { union, clip, subtract, total, type Interval } from '../media/intervals.js';
import type { CapturedDatagram } from '../media/pcap.js';
import { accountFor, type Account } from '../ledger/account.js';
import { packetMerge } from './capture-fill.js';
import { CallAssembly, FactsReader, type CallFacts } from './assembly.js';
import { readRecords, channels, type SpoolRecord } from '../capture/records.js';
import type { CallEncoding, EncodedCall } from './opus-pieces.js';
import type { Captures, Gap, SpoolReading, Witnesses } from './ports.js';

/** The shortest part that is filled in from the relay's capture alone. */
const FILL_FROM_MS = 200;
/** The largest difference between wall clock and recorder clock; above it the recorder clock counts. */
const CLOCK_TOLERANCE_MS = 1_500;

export interface FinishedCall {
  readonly encoded: EncodedCall;
  readonly account: Account;
  readonly witnesses: Pick<Witnesses, 'recorder' | 'capture'>;
  readonly gaps: readonly Gap[];
  readonly marks: readonly { readonly atMs: number; readonly what: string }[];
  readonly startedAt: string;
  readonly endedAt: string;
}

interface Progress {
  readonly facts: FactsReader;
  assembly: CallAssembly | undefined;
  encoding: CallEncoding | undefined;
  /** Records that were read before the answer was known. */
  early: SpoolRecord[];
  readBytes: number;
}

/** Turns the spool of one call into audio and an account. Long calls are encoded in parts while they last. */
export class CallFinaliser {
  readonly #progress: Progress;
  /** One piece of work at a time: a call may end while a part of it is being encoded. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly file: SpoolReading,
    private readonly encodingOf: (assembly: CallAssembly) => CallEncoding,
    private readonly captures: Pick<Captures, 'read'>,
  ) {
    this.#progress = {
      facts: new FactsReader(file.header.originWallMs),
      assembly: undefined,
      encoding: undefined,
      early: [],
      readBytes: 0,
    };
  }

  /** Encodes what is complete up to `nowMs` on the clock of the call. */
  advance(nowMs: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#read();
      await this.#progress.encoding?.advance(nowMs);
    });
  }

  /** `answeredAt` and `endedAt`: the times of the dialog, if the spool does not have them. */
  finish(dialog: { readonly answeredAt?: string; readonly endedAt?: string }): Promise<FinishedCall> {
    return this.#inTurn(() => this.#finish(dialog));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn;
    return turn;
  }

  async #finish(dialog: { readonly answeredAt?: string; readonly endedAt?: string }): Promise<FinishedCall> {
    await this.#read();
    const facts = this.#progress.facts.facts();
    const answered = answeredInterval(facts, dialog, this.file.header.originWallMs);
    const captured = await this.captures.read(this.file.header.mediaCallId);
    const { encoded, assembly, capture } = await this.#encode(facts, answered, captured);
    const account = accountFor({
      answered,
      paused: facts.paused.map((pause) => ({ ...pause, to: Math.min(pause.to, answered.to) })),
      recorderWitness: facts.witnessed,
      captureWitness: capture.witness,
      sound: channels.flatMap((channel) => assembly.coverage(channel)),
      soundMissing: capture.missing,
      absenceReason: 'no-witness',
    });
    return {
      encoded,
      account,
      witnesses: {
        recorder: { ...assembly.counts(), restarts: facts.restarts },
        capture: captured === undefined ? undefined : { ...capture.packets, filledMs: Math.round(capture.filledMs) },
      },
      gaps: account.stretches.flatMap(({ kind, fromMs, toMs, reason }) =>
        kind === 'recorded' || kind === 'no-media' ? [] : [{ kind, fromMs, toMs, reason: reason ?? '' }],
      ),
      marks: [...facts.paused.map(({ from }) => ({ atMs: from, what: 'paused' })), ...facts.notes]
        .map(({ atMs, what }) => ({ atMs: Math.max(0, Math.round(atMs - answered.from)), what }))
        .sort((a, b) => a.atMs - b.atMs),
      startedAt: new Date(this.file.header.originWallMs + answered.from).toISOString(),
      endedAt: new Date(this.file.header.originWallMs + answered.to).toISOString(),
    };
  }

  async #encode(facts: CallFacts, answered: Interval, captured: readonly CapturedDatagram[] | undefined): Promise<Encoded> {
    const own = this.#progress.assembly;
    const comments = {
      RECORDED: new Date(this.file.header.originWallMs + answered.from).toISOString(),
      LEDGER: String(this.file.header.ledgerNumber),
    };
    const seen = captured === undefined ? undefined : packetMerge(captured, facts, this.file.header.originWallMs, answered);
    const missing = seen === undefined || own === undefined ? [] : missingSound(own, seen.sound, facts, answered);
    if (own?.startMs === answered.from && this.#progress.encoding !== undefined && total(missing) < FILL_FROM_MS)
      return {
        encoded: await this.#progress.encoding.finish(answered.to, comments),
        assembly: own,
        capture: {
          witness: seen?.witness ?? [],
          missing: [],
          packets: seen?.packets ?? { callerPackets: 0, agentPackets: 0 },
          filledMs: 0,
        },
      };
    // From the beginning, with packets from the relay where ours are missing.
    const { records } = readRecords(await this.file.read(0));
    const absent = seen === undefined ? [] : own === undefined ? [answered] : missing;
    const filled = seen === undefined ? records : seen.fill(records, absent);
    const assembly = new CallAssembly(answered.from);
    for (const record of filled) assembly.push(record);
    const encoded = await this.encodingOf(assembly).finish(answered.to, comments);
    return {
      encoded,
      assembly,
      capture: {
        witness: seen?.witness ?? [],
        missing: seen === undefined ? [] : missingSound(assembly, seen.sound, facts, answered),
        packets: seen?.packets ?? { callerPackets: 0, agentPackets: 0 },
        filledMs: total(clip(absent, answered)),
      },
    };
  }

  async #read(): Promise<void> {
    const progress = this.#progress;
    const bytes = await this.file.read(progress.readBytes);
    const { records, consumedBytes } = readRecords(bytes);
    progress.readBytes += consumedBytes;
    for (const record of records) {
      progress.facts.push(record);
      if (progress.assembly === undefined) {
        progress.early.push(record);
        const { answeredMs } = progress.facts.facts();
        if (answeredMs === undefined) continue;
        progress.assembly = new CallAssembly(answeredMs);
        progress.encoding = this.encodingOf(progress.assembly);
        for (const one of progress.early.splice(0)) progress.assembly.push(one);
      } else progress.assembly.push(record);
    }
  }
}

interface Encoded {
  readonly encoded: EncodedCall;
  readonly assembly: CallAssembly;
  readonly capture: {
    readonly witness: readonly Interval[];
    readonly missing: readonly Interval[];
    readonly packets: { readonly callerPackets: number; readonly agentPackets: number };
    readonly filledMs: number;
  };
}

/**
 * Audio of either side that the capture has and the file lacks, outside pauses. Short differences are edges of packets and do not count.
 */
function missingSound(
  assembly: CallAssembly,
  seen: Readonly<Record<'caller' | 'agent', readonly Interval[]>>,
  facts: CallFacts,
  answered: Interval,
): Interval[] {
  const paused = union(facts.paused);
  return union(
    channels.flatMap((channel) =>
      subtract(subtract(clip(seen[channel], answered), union(assembly.coverage(channel), FILL_FROM_MS)), paused).filter(
        ({ from, to }) => to - from >= FILL_FROM_MS,
      ),
    ),
  );
}

/**
 * The answered time on the clock of the call. The times of the dialog come from the wall clock. If they are impossible (an end before the
 * last packet, or after it was reported), the wall clock was set, and the recorder's monotonic clock decides.
 */
export function answeredInterval(
  facts: CallFacts,
  dialog: { readonly answeredAt?: string; readonly endedAt?: string },
  originWallMs: number,
): Interval {
  const answeredAt = facts.answeredAt ?? dialog.answeredAt;
  const from = answeredAt === undefined ? 0 : Date.parse(answeredAt) - originWallMs;
  const endedAt = facts.endedAt ?? dialog.endedAt;
  const latest = facts.endSeenMs ?? Infinity;
  const claimed = endedAt === undefined ? facts.lastMs : Date.parse(endedAt) - originWallMs;
  const stepped = claimed > latest + CLOCK_TOLERANCE_MS || claimed < facts.lastPacketMs - CLOCK_TOLERANCE_MS;
  const to = stepped ? Math.min(latest, Math.max(claimed, facts.lastPacketMs)) : claimed;
  return { from: Math.min(from, to), to };
}
