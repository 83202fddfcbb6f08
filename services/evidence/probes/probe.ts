/** What a probe read about one thing. */
export interface Reading {
  /** A stable name of the subject: `host:cc-01`, `relay:127.0.0.1:22222`, `seat:agent1`. */
  readonly subject: string;
  readonly kind: ReadingKind;
  readonly facts: Facts;
  /** The raw answer. */
  readonly raw: string;
}

export const readingKinds = [
  'host',
  'process',
  'relay',
  'sip-server',
  'document-store',
  'object-store',
  'live-state',
  'certificate',
  'seat',
  'trunk-use',
  'number-use',
  'listener',
  'connection',
  'software',
  'clock',
  'logs',
  'snmp',
] as const;
export type ReadingKind = (typeof readingKinds)[number];
export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface Probe {
  readonly name: string;
  /** Rejects when the subject does not answer. `signal` is aborted when the time is up; a probe that ignores it is cut off all the same. */
  read(signal: AbortSignal): Promise<readonly Reading[]>;
}

/** A row of evidence: the time, the probe, what it saw, and the raw answer with its hash. */
export interface ProbeRow {
  readonly at: Date;
  readonly probe: string;
  readonly outcome: 'answered' | 'failed' | 'timed-out';
  readonly durationMs: number;
  readonly subject: string;
  readonly kind: ReadingKind | 'probe';
  readonly facts: Facts;
  readonly raw: string;
  readonly rawSha256: string;
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
