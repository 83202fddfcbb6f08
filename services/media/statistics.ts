import type { LossSource } from '../shared/contracts/calls/line-quality.js';
import type { Reports, StreamCounts } from './losses.js';
import type { NgStream, RelayCounts } from './relays/relay-counts.js';

/** What one side of a leg has sent so far, as the relay counted it. */
export interface SideCounts {
  readonly packetsReceived: number;
  readonly packetsSent: number;
  /** Gaps in the sequence numbers of what this side sent. */
  readonly packetsMissing: number;
  /** What the receivers of this side's packets reported as lost, and in how many reports. */
  readonly packetsReported: number;
  readonly reports: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | undefined;
  readonly ssrcs: readonly number[];
}

/** The quality of a leg's audio, for the record of its call. The E-model computes the score from these counts elsewhere. */
export interface LegStatistics extends Pick<SideCounts, 'packetsReceived' | 'packetsSent' | 'jitterMs' | 'roundTripMs'> {
  readonly packetsLost: number;
  /** Who says so: the receivers of this side's packets by RTCP, or the gaps in the sequence numbers that the relay received. */
  readonly lostBy: LossSource;
  readonly ssrcs: number[];
}

const streamOf = (reply: RelayCounts, tag: string): NgStream | undefined => reply.tags?.[tag]?.medias?.[0]?.streams?.[0];

/** Reads what the relay received from a party from a `query` or `delete` reply. */
export function receivedFrom(reply: RelayCounts, tag: string): StreamCounts & { readonly sent: number } {
  const stream = streamOf(reply, tag);
  // After a leg was pointed elsewhere the relay has no number until the next packet comes, and says 0.
  const sources = (stream?.['ingress SSRCs'] ?? []).flatMap(({ SSRC: ssrc, packets, 'last RTP seq': sequence = 0 }) =>
    sequence === 0 ? [] : [{ ssrc, packets, sequence }],
  );
  return { packets: stream?.stats?.packets ?? 0, sources, sent: stream?.stats_out?.packets ?? 0 };
}

/** In RTCP the number has 24 bits and a sign (RFC 3550 section 6.4.1): below zero when packets came twice. */
const MOST_LOST = 0x7f_ffff;
const lostOf = (lost = 0): number => (lost > MOST_LOST ? 0 : Math.max(0, lost));

/** What the party has reported of the packets that it receives. */
export function reportedBy(reply: RelayCounts, tag: string): readonly (Reports & Pick<SideCounts, 'jitterMs' | 'roundTripMs'>)[] {
  return ssrcsOf(reply, tag).flatMap((ssrc) => {
    const said = reply.SSRC?.[String(ssrc)];
    if (said === undefined) return [];
    const { jitter = 0, samples = 0, 'round-trip time': roundTripUs = 0 } = said['average MOS'] ?? {};
    const roundTripMs = roundTripUs === 0 ? undefined : roundTripUs / 1_000;
    return [{ ssrc, reports: samples, lost: lostOf(said['cumulative loss']), jitterMs: jitter, roundTripMs }];
  });
}

export const ssrcsOf = (reply: RelayCounts, tag: string): readonly number[] =>
  (streamOf(reply, tag)?.['ingress SSRCs'] ?? []).map(({ SSRC }) => SSRC);

/** What is lost on the way of this side's sound: what its receivers report, unless more of it did not even reach the relay. */
export function statisticsOf({ packetsMissing, packetsReported, reports, ...counts }: SideCounts): LegStatistics {
  const { packetsReceived, packetsSent, jitterMs, roundTripMs, ssrcs } = counts;
  const isReported = reports > 0 && packetsReported >= packetsMissing;
  return {
    ...{ packetsReceived, packetsSent, packetsLost: isReported ? packetsReported : packetsMissing },
    ...{ lostBy: isReported ? 'reports' : 'sequence', jitterMs, roundTripMs, ssrcs: [...ssrcs] },
  };
}

/** The SSRC with which a party is sending now. */
export const newestSsrc = (reply: RelayCounts, tag: string): number | undefined => ssrcsOf(reply, tag)[0];

/**
 * Packets to the port of a party or of a copy that were dropped: from a wrong address, or in a codec that was not negotiated. Cumulative.
 */
export function packetsRefused(reply: RelayCounts, innerTag: string): number {
  // On the inner side the last packets of the previous party arrive late after each new connection.
  const sides = Object.keys(reply.tags ?? {}).filter((tag) => tag !== innerTag);
  return sides.reduce((sum, tag) => sum + (streamOf(reply, tag)?.stats?.errors ?? 0), 0);
}
