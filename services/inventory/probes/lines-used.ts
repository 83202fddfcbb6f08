import type { ProbeRow } from '../../shared/domain/licence/probe-row.js';
import type { LinesUsed } from '../ports.js';
import type { ProbeRunner } from './probe.js';

/** Trunks and numbers really used are readings like the others: their raw answer is the count. */
export function linesUsed({ trunks, numbers }: LinesUsed, { sha256Hex }: Pick<ProbeRunner, 'sha256Hex'>, at: Date): ProbeRow[] {
  const row = (kind: 'trunk-use' | 'number-use', subject: string, facts: ProbeRow['facts']): ProbeRow => {
    const raw = JSON.stringify(facts);
    return { at, probe: 'call-records', outcome: 'answered', durationMs: 0, subject, kind, facts, raw, rawSha256: sha256Hex(raw) };
  };
  return [
    ...trunks.map(({ trunkId, calls, peakChannels }) => row('trunk-use', `trunk:${trunkId}`, { calls, peakChannels: peakChannels ?? 0 })),
    ...numbers.map(({ number, calls, outbound }) => row('number-use', `number:${number}`, { calls, outbound })),
  ];
}
