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
