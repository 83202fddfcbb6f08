import type { ProbeRow, Reading } from '../../shared/domain/licence/probe-row.js';

export interface Probe {
  readonly name: string;
  /** Rejects when the subject does not answer. `signal` is aborted when the time is up; a probe that ignores it is cut off all the same. */
  read(signal: AbortSignal): Promise<readonly Reading[]>;
}

export interface ProbeRunner {
  readonly now: () => Date;
  readonly sha256Hex: (text: string) => string;
  /** Resolves after this many milliseconds; `cancel` frees the timer. */
  readonly after: (ms: number) => { readonly passed: Promise<void>; cancel(): void };
  readonly timeoutMs: number;
}

/** The stored part of an answer. The hash covers the whole answer. */
export const MAX_RAW_CHARACTERS = 32_768;

/** Runs all probes at once. Each ends within its time: a hanging probe is cut off and leaves a row that says so. */
export async function runProbes(probes: readonly Probe[], { now, sha256Hex, after, timeoutMs }: ProbeRunner): Promise<ProbeRow[]> {
  const rows = await Promise.all(
    probes.map(async (probe): Promise<ProbeRow[]> => {
      const startedAt = now();
      const controller = new AbortController();
      const clock = after(timeoutMs);
      const row = (outcome: ProbeRow['outcome'], reading: Reading | undefined, raw: string): ProbeRow => ({
        at: startedAt,
        probe: probe.name,
        outcome,
        // A clock that was set back meanwhile must not give a negative time.
        durationMs: Math.max(0, now().getTime() - startedAt.getTime()),
        subject: reading?.subject ?? probe.name,
        kind: reading?.kind ?? 'probe',
        facts: reading?.facts ?? {},
        raw: raw.slice(0, MAX_RAW_CHARACTERS),
        rawSha256: sha256Hex(raw),
      });
      try {
        const answered = await Promise.race([probe.read(controller.signal), clock.passed.then(() => undefined)]);
        if (answered === undefined) return [row('timed-out', undefined, `no answer within ${timeoutMs} ms`)];
        return answered.map((reading) => row('answered', reading, reading.raw));
      } catch (error) {
        return [row('failed', undefined, error instanceof Error ? error.name : 'failed')];
      } finally {
        clock.cancel();
        controller.abort();
      }
    }),
  );
  return rows.flat();
}
