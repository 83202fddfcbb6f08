import type { StoredRows, Stretch } from '../ports.js';
import {
  callColumns,
  complaintColumns,
  proofColumns,
  recordingColumns,
  stateColumns,
  surveyColumns,
  type CallRow,
  type ComplaintRow,
  type ProofRow,
} from '../quality/call-row.js';
import { createTally } from '../quality/tally.js';
import type { Figure } from '../quality/formulas.js';
import { createTraffic, type TrafficResult } from '../quality/traffic.js';
import { createSampler } from './sampler.js';

/** Writes rows as they pass; what only computes passes them on. */
export type KeepRows = <Row extends object>(
  name: string,
  columns: readonly (keyof Row & string)[],
  rows: AsyncIterable<Row>,
  seen: (row: Row) => void,
) => Promise<number>;

export const countOnly: KeepRows = async (_name, _columns, rows, seen) => {
  let count = 0;
  for await (const row of rows) {
    seen(row);
    count += 1;
  }
  return count;
};

export interface Gathered {
  readonly figures: readonly Figure[];
  readonly traffic: TrafficResult;
  readonly complaints: readonly ComplaintRow[];
  readonly scores: Readonly<Record<string, number>>;
  readonly proofs: readonly ProofRow[];
  readonly outboundSample: readonly CallRow[];
  readonly rows: Readonly<Record<string, number>>;
}

export interface GatherOptions {
  readonly rows: StoredRows;
  readonly stretch: Stretch;
  readonly monthOf: (atMs: number) => string;
  readonly keep: KeepRows;
  readonly seed: string;
  /** Between the steps, and every some thousand calls. */
  readonly progress: (step: string, rows: number) => Promise<void> | void;
}

/** Most rows of these kinds that documents print; the files of rows hold all. */
const MOST_ON_PAPER = 5_000;
const PROGRESS_ROWS = 20_000;

/** Every row of the period in one pass each: kept, counted, and gone. */
export async function gather({ rows, stretch, monthOf, keep, seed, progress }: GatherOptions): Promise<Gathered> {
  const tally = createTally({ monthOf, untilMs: stretch.untilMs });
  const traffic = createTraffic();
  const outbound = createSampler<CallRow>(20, seed);
  const counts: Record<string, number> = {};
  let seenCalls = 0;

  await progress('calls', 0);
  counts['calls'] = await keep<CallRow>('calls', callColumns, rows.calls(stretch), (row) => {
    tally.addCall(row);
    traffic.addCall(row);
    if (row.direction === 'outbound') outbound.add(row);
    seenCalls += 1;
    if (seenCalls % PROGRESS_ROWS === 0) void progress('calls', seenCalls);
  });
  await progress('recordings', 0);
  counts['recordings'] = await keep('recordings', recordingColumns, rows.recordings(stretch), (row) => {
    tally.addRecording(row);
    traffic.addRecording(row);
  });
  const complaints: ComplaintRow[] = [];
  counts['complaints'] = await keep('complaints', complaintColumns, rows.complaints(stretch), (row) => {
    tally.addComplaint(row);
    if (complaints.push(row) > MOST_ON_PAPER) complaints.shift();
  });
  const scores: Record<string, number> = {};
  counts['surveys'] = await keep('surveys', surveyColumns, rows.surveys(stretch), (row) => {
    tally.addSurvey(row);
    if (row.score !== undefined) scores[row.score] = (scores[row.score] ?? 0) + 1;
  });
  const proofs: ProofRow[] = [];
  counts['proofs'] = await keep('proofs', proofColumns, rows.proofs(stretch), (row) => {
    tally.addProof(row);
    if (proofs.push(row) > MOST_ON_PAPER) proofs.shift();
  });
  counts['states'] = await keep('states', stateColumns, rows.states(stretch), (row) => tally.addState(row));
  await progress('figures', seenCalls);
  return {
    figures: tally.figures(),
    traffic: traffic.result(),
    complaints,
    scores,
    proofs,
    outboundSample: outbound.drawn(),
    rows: counts,
  };
}
