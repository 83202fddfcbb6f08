import { mosCqe, oneWayDelayMs, POOR_MOS } from '../../../services/shared/domain/mos.js';

/** The part of getStats about incoming audio, over the last interval. */
export interface LegQuality {
  readonly lossPercent: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
  readonly packetsReceived: number;
  /** Estimated conversational quality, 1 to 4.5. */
  readonly mos: number;
}

/** Cumulative counters of one `inbound-rtp` and its candidate pair. */
export interface StatsCounters {
  /** The source that they count. */
  readonly ssrc: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
}

/** The part of getStats about one source that was heard on the line. */
export interface InboundRow {
  readonly ssrc: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  /** Seconds. */
  readonly jitter?: number;
  readonly lastPacketReceivedTimestamp?: number;
}

const heardAt = (row: InboundRow): number => row.lastPacketReceivedTimestamp ?? 0;

/**
 * The counters of the source that was heard last. Earlier sources (the echo test, another caller) keep their rows for the life of the line.
 */
export function heardLast(sources: readonly InboundRow[]): Omit<StatsCounters, 'roundTripMs'> | undefined {
  const [last] = [...sources].sort((one, other) => heardAt(other) - heardAt(one));
  if (last === undefined) return undefined;
  const { ssrc, packetsReceived = 0, packetsLost = 0, jitter = 0 } = last;
  return { ssrc, packetsReceived, packetsLost, jitterMs: Math.round(jitter * 1_000) };
}

/** MOS-CQE by the same E-model as the figures of the server (ITU-T G.107). */
export const estimateMos = (lossPercent: number, jitterMs: number, roundTripMs: number): number =>
  Math.round(100 * mosCqe({ lossPercent, delayMs: oneWayDelayMs(roundTripMs, jitterMs) }).mos) / 100;

/** The quality between two readings. Counters of another source, or that went back, count from zero. */
export function qualityBetween(before: StatsCounters | null, now: StatsCounters): LegQuality {
  const fresh = before === null || now.ssrc !== before.ssrc || now.packetsReceived < before.packetsReceived;
  const received = now.packetsReceived - (fresh ? 0 : before.packetsReceived);
  const lost = Math.max(0, now.packetsLost - (fresh ? 0 : before.packetsLost));
  const lossPercent = received + lost === 0 ? 0 : Math.round((1000 * lost) / (received + lost)) / 10;
  return {
    lossPercent,
    jitterMs: now.jitterMs,
    roundTripMs: now.roundTripMs,
    packetsReceived: received,
    mos: estimateMos(lossPercent, now.jitterMs, now.roundTripMs),
  };
}

/** The number of readings with packets that end a break; one may fall between the end of the break and its first packet. */
const READINGS_AFTER_BREAK = 2;

/**
 * The quality at each reading of one line. After a break (hold, a consultation) a source continues with later sequence numbers, and a
 * browser counts up to a second of it as lost packets, although they were not meant for this seat. So losses of the first readings are
 * ignored.
 */
export function createQualityReader(): (now: StatsCounters, afterBreak: boolean) => LegQuality {
  const known = new Map<number, StatsCounters>();
  let last: number | undefined;
  let leftOut = 0;
  return (now, afterBreak) => {
    const before = known.get(now.ssrc);
    const comesBack = before !== undefined && last !== now.ssrc;
    if (afterBreak || comesBack) leftOut = READINGS_AFTER_BREAK;
    last = now.ssrc;
    known.set(now.ssrc, now);
    if (leftOut === 0) return qualityBetween(before ?? null, now);
    const since = before ?? { ...now, packetsReceived: 0 };
    if (now.packetsReceived > since.packetsReceived) leftOut -= 1;
    return qualityBetween({ ...since, packetsLost: now.packetsLost }, now);
  };
}

/** Bars from 0 (none) to 4, as on a telephone. */
export function barsOf(quality: LegQuality | null): 0 | 1 | 2 | 3 | 4 {
  if (quality === null) return 0;
  if (quality.mos >= 4) return 4;
  if (quality.mos >= POOR_MOS) return 3;
  if (quality.mos >= 3.1) return 2;
  return 1;
}

export type QualityAdvice = 'loss' | 'jitter' | 'delay' | 'silence';

/** The worst problem, as a warning that an agent can act on; null while all is well. */
export function adviceFor(quality: LegQuality | null, expectSound: boolean): QualityAdvice | null {
  if (quality === null) return null;
  if (expectSound && quality.packetsReceived === 0) return 'silence';
  if (quality.lossPercent >= 3) return 'loss';
  if (quality.jitterMs >= 40) return 'jitter';
  if (quality.roundTripMs >= 300) return 'delay';
  return null;
}
