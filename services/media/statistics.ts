import type { RelayCounts } from './relays/relay-counts.js';

/** The quality of a leg's audio, as the relay counted it. The E-model computes the score from these counts elsewhere. */
export interface LegStatistics {
  readonly packetsReceived: number;
  readonly packetsSent: number;
  /** Cumulative counts of what the party sent to us. */
  readonly packetsLost: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | undefined;
  readonly ssrcs: readonly number[];
}

const SAMPLES_PER_MS = 8;

/** Reads the counts of one party from a `query` or `delete` reply. */
export function legStatistics(reply: RelayCounts, tag: string): LegStatistics {
  const stream = reply.tags?.[tag]?.medias?.[0]?.streams?.[0];
  const ssrcs = (stream?.['ingress SSRCs'] ?? []).map(({ SSRC }) => SSRC);
  const reports = ssrcs.flatMap((ssrc) => reply.SSRC?.[String(ssrc)] ?? []);
  const roundTrips = reports.flatMap((report) => report['average round-trip time'] ?? []);
  return {
    packetsReceived: stream?.stats?.packets ?? 0,
    packetsSent: stream?.stats_out?.packets ?? 0,
    packetsLost: reports.reduce((sum, report) => sum + Math.max(0, report['cumulative loss'] ?? 0), 0),
    // The daemon gives jitter in samples of the clock.
    jitterMs: Math.max(0, ...reports.map((report) => (report['average jitter'] ?? 0) / SAMPLES_PER_MS)),
    roundTripMs: roundTrips.length === 0 ? undefined : Math.max(...roundTrips) / 1000,
    ssrcs,
  };
}

/** The SSRC with which a party is sending now. */
export function newestSsrc(reply: RelayCounts, tag: string): number | undefined {
  return reply.tags?.[tag]?.medias?.[0]?.streams?.[0]?.['ingress SSRCs']?.[0]?.SSRC;
}

/**
 * Packets to the port of a party or of a copy that were dropped: from a wrong address, or in a codec that was not negotiated. Cumulative.
 */
export function packetsRefused(reply: RelayCounts, innerTag: string): number {
  // On the inner side the last packets of the previous party arrive late after each new connection.
  const sides = Object.entries(reply.tags ?? {}).filter(([tag]) => tag !== innerTag);
  return sides.reduce((sum, [, { medias }]) => sum + (medias?.[0]?.streams?.[0]?.stats?.errors ?? 0), 0);
}
