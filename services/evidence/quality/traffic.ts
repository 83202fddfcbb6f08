import type { TrafficResult } from '../../shared/contracts/api/evidence/evidence.js';
import type { CallRow, RecordingRow } from './call-row.js';
import { concurrency } from './concurrency.js';

/** What the calls of a period used: numbers, trunks and simultaneous channels. One pass, in order of time. */
export interface Traffic {
  addCall(row: CallRow): void;
  addRecording(row: RecordingRow): void;
  result(): TrafficResult;
}

export function createTraffic(): Traffic {
  const numbers = new Map<string, { calls: number; outbound: number }>();
  const trunks = new Map<string, { calls: number; peak: number; channels: ReturnType<typeof concurrency> }>();
  const all = concurrency();
  let peakCalls = 0;
  let opened = 0;
  let lastOpenedMs: number | undefined;
  let [calls, inbound, handled, talkMs, recordings, recordedMs, recordedBytes] = [0, 0, 0, 0, 0, 0, 0];
  return {
    addCall(row) {
      calls += 1;
      if (row.direction === 'inbound') inbound += 1;
      if (row.agentAnsweredAtMs !== undefined) handled += 1;
      talkMs += row.talkMs;
      peakCalls = Math.max(peakCalls, all.add(row.invitedAtMs, row.endedAtMs));
      const number = numbers.get(row.called) ?? { calls: 0, outbound: 0 };
      if (row.direction === 'inbound') number.calls += 1;
      else number.outbound += 1;
      // A call to a number that is not ours was refused, so that number does not count as used.
      if (row.called !== '' && row.cause !== 'number-not-in-service') numbers.set(row.called, number);
      if (row.trunkId === '') return;
      const trunk = trunks.get(row.trunkId) ?? { calls: 0, peak: 0, channels: concurrency() };
      trunk.calls += 1;
      trunk.peak = Math.max(trunk.peak, trunk.channels.add(row.invitedAtMs, row.endedAtMs));
      trunks.set(row.trunkId, trunk);
    },
    addRecording({ durationMs, sizeBytes, kept, openedAtMs }) {
      if (openedAtMs !== undefined) lastOpenedMs = Math.max(lastOpenedMs ?? 0, openedAtMs);
      if (kept === 'missing') return;
      recordings += 1;
      if (kept === 'stored' && openedAtMs !== undefined) opened += 1;
      recordedMs += durationMs;
      recordedBytes += sizeBytes;
    },
    result: () => ({
      calls,
      inbound,
      outbound: calls - inbound,
      handled,
      talkMs,
      peakCalls,
      recordings,
      recordedMs,
      recordedBytes,
      opened,
      lastOpenedMs,
      numbers: [...numbers].map(([number, each]) => ({ number, ...each })).sort((a, b) => b.calls - a.calls),
      trunks: [...trunks].map(([trunkId, { calls: count, peak }]) => ({ trunkId, calls: count, peakChannels: peak })),
    }),
  };
}
