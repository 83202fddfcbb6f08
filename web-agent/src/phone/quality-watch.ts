import type { LiveCall } from '../../../services/shared/contracts/calls/commands.js';
import type { FromPagePayload } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { Clock } from '../../../services/shared/domain/time/clock.js';
import { expectsSound } from './phone.js';
import type { SeatLine } from './ports.js';
import type { LegQuality } from './quality.js';

const READ_EVERY_MS = 2_000;
/** Every four seconds: supervisors are promised a measurement that is five seconds old at most. */
const REPORT_EVERY_READINGS = 2;
/** This many readings without a packet mean that the relay has forgotten this seat while the browser still believes it is connected. */
const SILENT_READINGS = 2;

export interface QualityWatch {
  getSnapshot(): LegQuality | null;
  subscribe(listener: () => void): () => void;
  /** Something about the call has changed. */
  told(): void;
  stop(): void;
}

/** Reads the media quality during a call, reports samples, and detects a line that is connected but dead. */
export function createQualityWatch({
  line,
  call,
  report,
  silent,
  clock,
}: {
  readonly line: () => SeatLine | null;
  readonly call: () => LiveCall | null;
  readonly report: (sample: FromPagePayload<'seat:quality'>) => void;
  readonly silent: () => void;
  readonly clock: Clock;
}): QualityWatch {
  let quality: LegQuality | null = null;
  let readings = 0;
  let silentReadings = 0;
  let rebuiltFor = '';
  let silentIn = '';
  let afterBreak = false;
  const listeners = new Set<() => void>();

  function show(next: LegQuality | null): void {
    if (next === quality) return;
    quality = next;
    for (const listener of listeners) listener();
  }

  async function read(): Promise<void> {
    const talking = call();
    const open = line();
    if (talking === null || open === null || !expectsSound(talking)) {
      silentReadings = 0;
      show(null);
      return;
    }
    const next = await open.quality(afterBreak);
    afterBreak = false;
    if (next === null || open !== line()) return;
    readings += 1;
    if (readings % REPORT_EVERY_READINGS === 0) {
      const { lossPercent, jitterMs, roundTripMs, mos } = next;
      report({ callId: talking.callId, lossPercent, jitterMs, roundTripMs, mos });
    }
    // Silence at the end of one call is not added to silence at the beginning of the next.
    silentReadings = next.packetsReceived > 0 ? 0 : silentIn === talking.callId ? silentReadings + 1 : 1;
    silentIn = talking.callId;
    // A call that begins, or comes back from hold, has one reading without a packet; a warning waits for the second.
    if (silentReadings !== 1) show(next);
    if (next.packetsReceived > 0) rebuiltFor = '';
    // Once for each silence: another session does not help with a caller whose telephone sends nothing.
    if (silentReadings >= SILENT_READINGS && rebuiltFor !== talking.callId) {
      rebuiltFor = talking.callId;
      silentReadings = 0;
      silent();
    }
  }

  const stop = clock.every(READ_EVERY_MS, () => void read().catch(() => undefined));
  return {
    getSnapshot: () => quality,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    told() {
      const talking = call();
      afterBreak ||= talking !== null && !expectsSound(talking);
    },
    stop,
  };
}
