import type { Lost } from '../documents/pack-facts.js';
import type { LedgerReader, StoredRows, Stretch } from '../ports.js';
import {
  alarmColumns,
  attemptColumns,
  callColumns,
  complaintColumns,
  proofColumns,
  recordingColumns,
  reviewColumns,
  stateColumns,
  surveyColumns,
  type AlarmRow,
  type AttemptRow,
  type ComplaintRow,
  type ProofRow,
  type RecordingRow,
} from '../quality/call-row.js';
import { clockColumns, consentColumns, ledgerColumns, legColumns } from '../quality/proof-row.js';
import { answerColumns, caseColumns, seatColumns, turnColumns, type SeatRow } from '../quality/witness-row.js';
import { createTally } from '../quality/tally.js';
import type { Figure } from '../quality/formulas.js';
import { createTraffic, type Traffic } from '../quality/traffic.js';
import type { createDraw, Drawn } from './draw.js';
import { createSampler } from './sampler.js';

/** Writes rows to the pack as they pass. A reader that only computes passes them on unwritten. */
export type KeepRows = <Row extends object>(
  name: string,
  columns: readonly (keyof Row & string)[],
  batches: AsyncIterable<readonly Row[]>,
  seen: (row: Row) => void,
) => Promise<number>;

export const countOnly: KeepRows = async (_name, _columns, batches, seen) => {
  let count = 0;
  for await (const rows of batches) {
    for (const row of rows) seen(row);
    count += rows.length;
  }
  return count;
};

export interface Gathered {
  readonly figures: readonly Figure[];
  readonly traffic: ReturnType<Traffic['result']>;
  readonly complaints: readonly ComplaintRow[];
  readonly scores: Readonly<Record<string, number>>;
  readonly proofs: readonly ProofRow[];
  readonly alarms: readonly AlarmRow[];
  readonly outboundSample: readonly AttemptRow[];
  /** The recordings that are missing or damaged, of which documents print some, and how many the pack looked at itself. */
  readonly lost: Lost;
  /** Only when recordings were asked for. */
  readonly drawn?: Drawn<RecordingRow>;
  /** How often each rule refused an outbound request. */
  readonly blocked: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, number>>;
  /** The lowest and the highest number of the ledger's rows; undefined without any. */
  readonly ledgerNumbers: readonly [lowest: number, highest: number] | undefined;
}

export interface GatherOptions {
  readonly rows: StoredRows;
  readonly stretch: Stretch;
  readonly monthOf: (atMs: number) => string;
  readonly keep: KeepRows;
  readonly seed: string;
  /** Draws recordings as they pass. */
  readonly draw?: ReturnType<typeof createDraw<RecordingRow>> | undefined;
  /** Also keeps the rows that no figure is counted from; the ledger only when there is a reader for it. */
  readonly proofs?: { readonly ledger?: LedgerReader; readonly nowMs: number };
  /** Called between the steps, and every few thousand calls. */
  readonly progress: (step: string, rows: number) => Promise<void> | void;
}

/** The seats that were online in the period, also those that came online before it. */
async function* onlineIn(batches: AsyncIterable<readonly SeatRow[]>, { fromMs }: Stretch): AsyncGenerator<readonly SeatRow[]> {
  for await (const batch of batches) yield batch.filter(({ atMs, offlineAtMs = fromMs }) => atMs >= fromMs || offlineAtMs >= fromMs);
}

type ReadRows = <Row extends object>(
  name: string,
  columns: readonly (keyof Row & string)[],
  source: AsyncIterable<readonly Row[]>,
  seen: (row: Row) => void,
) => Promise<void>;

/**
 * The rows with which the verifiers compare states, surveys and complaints, read after those, so that none of them lacks its row here. They
 * reach beyond the period: an answer by link, a letter that was recorded late, the end of a state.
 */
async function readLast(read: ReadRows, { rows, stretch, nowMs }: Pick<GatherOptions, 'rows' | 'stretch'> & { readonly nowMs: number }) {
  const toNow = { fromMs: stretch.fromMs, untilMs: Math.max(stretch.untilMs, nowMs + DAY_MS) };
  await read('turns', turnColumns, rows.turns(toNow), () => undefined);
  await read('answers', answerColumns, rows.answers(toNow), () => undefined);
  await read('cases', caseColumns, rows.cases(toNow), () => undefined);
  await read('seats', seatColumns, onlineIn(rows.seats({ fromMs: 0, untilMs: stretch.untilMs }), stretch), () => undefined);
}

/** The largest number of rows of these kinds that documents print; the files of rows have all. */
const MOST_ON_PAPER = 5_000;
const MOST_LOST_ON_PAPER = 20;
const PROGRESS_ROWS = 20_000;
const DAY_MS = 86_400_000;

/**
 * Reads every row of the period in one pass per kind: stored, counted, and released. The kinds are read in parallel, so that the store
 * works on one while another is counted. When one fails, the others end at their next row.
 */
export async function gather({ rows, stretch, monthOf, keep, seed, draw, proofs: asked, progress }: GatherOptions): Promise<Gathered> {
  const tally = createTally({ monthOf, untilMs: stretch.untilMs });
  const traffic = createTraffic();
  const outbound = createSampler<AttemptRow>(20, seed);
  const blocked: Record<string, number> = {};
  const complaints: ComplaintRow[] = [];
  const scores: Record<string, number> = {};
  const proofs: ProofRow[] = [];
  const alarms: AlarmRow[] = [];
  const lost: RecordingRow[] = [];
  let [lostCount, looked] = [0, 0];
  const counts: Record<string, number> = {};
  let numbers: Gathered['ledgerNumbers'];
  let seenRows = 0;
  let failure: Error | undefined;

  async function read<Row extends object>(
    name: string,
    columns: readonly (keyof Row & string)[],
    source: AsyncIterable<readonly Row[]>,
    seen: (row: Row) => void,
  ): Promise<void> {
    try {
      counts[name] = await keep<Row>(name, columns, source, (row) => {
        if (failure !== undefined) throw failure;
        seen(row);
        seenRows += 1;
        if (seenRows % PROGRESS_ROWS === 0) void progress('rows', seenRows);
      });
    } catch (error) {
      failure ??= error instanceof Error ? error : new Error('rows could not be read', { cause: error });
    }
  }
  const readProofs = ({ ledger }: NonNullable<GatherOptions['proofs']>): Promise<void>[] => [
    // A request of the period may rely on a much older consent.
    read('consents', consentColumns, rows.consents({ fromMs: 0, untilMs: stretch.untilMs }), () => undefined),
    read('legs', legColumns, rows.legs(stretch), () => undefined),
    read('clocks', clockColumns, rows.clocks(stretch), () => undefined),
    ...(ledger === undefined
      ? []
      : [
          read('ledger', ledgerColumns, ledger(stretch), ({ number }) => {
            const [lowest, highest] = numbers ?? [number, number];
            numbers = [Math.min(lowest, number), Math.max(highest, number)];
          }),
        ]),
  ];
  await progress('rows', 0);
  await Promise.all([
    read('calls', callColumns, rows.calls(stretch), (row) => {
      tally.addCall(row);
      traffic.addCall(row);
    }),
    read('recordings', recordingColumns, rows.recordings(stretch), (row) => {
      tally.addRecording(row);
      traffic.addRecording(row);
      if (row.lookedAtMs !== undefined) looked += 1;
      if (row.kept === 'missing' && (lostCount += 1) <= MOST_LOST_ON_PAPER) lost.push(row);
      draw?.add(row);
    }),
    read('complaints', complaintColumns, rows.complaints(stretch), (row) => {
      tally.addComplaint(row);
      if (complaints.push(row) > MOST_ON_PAPER) complaints.shift();
    }),
    read('surveys', surveyColumns, rows.surveys(stretch), (row) => {
      tally.addSurvey(row);
      if (row.score !== undefined) scores[row.score] = (scores[row.score] ?? 0) + 1;
    }),
    read('proofs', proofColumns, rows.proofs(stretch), (row) => {
      tally.addProof(row);
      if (proofs.push(row) > MOST_ON_PAPER) proofs.shift();
    }),
    read('states', stateColumns, rows.states(stretch), (row) => tally.addState(row)),
    read('reviews', reviewColumns, rows.reviews(stretch), (row) => tally.addReview(row)),
    read('alarms', alarmColumns, rows.alarms(stretch), (row) => void alarms.push(row)),
    ...(asked === undefined ? [] : readProofs(asked)),
    read('attempts', attemptColumns, rows.attempts(stretch), (row) => {
      tally.addAttempt(row);
      if (row.allowed) outbound.add(row);
      else blocked[row.reason] = (blocked[row.reason] ?? 0) + 1;
    }),
  ]);
  if (asked !== undefined) await readLast(read, { rows, stretch, nowMs: asked.nowMs });
  if (failure !== undefined) throw failure;
  await progress('figures', seenRows);
  return {
    figures: tally.figures(),
    traffic: traffic.result(),
    complaints,
    scores,
    proofs,
    alarms,
    outboundSample: outbound.drawn(),
    blocked,
    rows: counts,
    lost: { looked, count: lostCount, rows: lost },
    ledgerNumbers: numbers,
    ...(draw === undefined ? {} : { drawn: draw.drawn() }),
  };
}
