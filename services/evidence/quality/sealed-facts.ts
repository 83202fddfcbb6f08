import type { StoredRows, Stretch } from '../ports.js';
import { attemptColumns, callColumns, proofColumns, reviewColumns, stateColumns } from './call-row.js';
import { clockColumns, legColumns } from './proof-row.js';
import { answerColumns, caseColumns, turnColumns } from './witness-row.js';
import type { CallId } from '../../shared/domain/ids.js';

/** What a day sheet fixes for the rows of one kind. */
export interface SealedFact {
  readonly columns: readonly string[];
  readonly rows: number;
  /** SHA-256, hex, over the rows of the day in these columns: cells joined by a tab, lines sorted, each ended by a line feed. */
  readonly sha256: string;
}
export type SealedFacts = Readonly<Record<string, SealedFact>>;

/**
 * The columns that no later event may change, by kind of row. The caller is left out, because a person may ask for that to be deleted.
 * A survey answer may come after the day of its invitation, and the work on a complaint after that of its record: each is fixed by the day
 * on which it was written.
 */
export const sealedColumns = {
  calls: callColumns.filter((column) => column !== 'callerKey'),
  recordings: ['callId', 'atMs', 'sha256', 'durationMs', 'sizeBytes'],
  surveys: ['surveyId', 'callId', 'atMs', 'method', 'queueId', 'agentId'],
  answers: answerColumns,
  // Those that began and ended on the day; `turns` are the others.
  states: stateColumns,
  turns: turnColumns,
  seats: ['seatId', 'agentId', 'atMs'],
  cases: caseColumns,
  attempts: attemptColumns.filter((column) => column !== 'personKey' && column !== 'numberMasked'),
  proofs: proofColumns,
  // Nobody changes a review: an appeal and its answer stand beside it.
  reviews: reviewColumns,
  consents: ['consentId', 'atMs', 'givenAtMs', 'purposes', 'channel', 'clientUnit'],
  legs: legColumns.filter((column) => column !== 'personKey' && column !== 'numberMasked'),
  clocks: clockColumns,
  attachments: ['fileId', 'of', 'subject', 'atMs', 'sizeBytes', 'sha256'],
} as const satisfies Readonly<Partial<Record<keyof StoredRows, readonly string[]>>>;

type Sealed = keyof typeof sealedColumns;
const kinds = Object.keys(sealedColumns) as Sealed[];

/** The cell as it is written in a pack's file of rows. */
const cellText = (cell: unknown): string =>
  typeof cell === 'string' ? cell.replace(/[\r\n]+/g, ' ') : typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '';

export const lineOf = (row: object, columns: readonly string[]): string =>
  columns.map((column) => cellText((row as Readonly<Record<string, unknown>>)[column])).join('\t');

interface Sortable {
  readonly callId?: CallId;
  readonly untilMs?: number;
}

/** A state that is not over at midnight may end at any time; a recording that turned up late stands in a later sheet. */
function isFixed(kind: Sealed, { callId = '', untilMs = 0 }: Sortable, day: Stretch, late: ReadonlySet<string>): boolean {
  if (kind === 'recordings') return !late.has(callId);
  return kind !== 'states' || untilMs < day.untilMs;
}

/**
 * What the stores hold for a day, for its sheet. When an earlier sheet is compared, its `columns` are used, and the recordings of the calls
 * in `late`, which turned up after the day was sealed, are left out.
 */
export async function sealFacts(
  rows: Pick<StoredRows, Sealed>,
  day: Stretch,
  sha256Hex: (text: string) => string,
  { columns, late }: { readonly columns: Readonly<Record<string, readonly string[]>>; readonly late: ReadonlySet<string> } = {
    columns: sealedColumns,
    late: new Set(),
  },
): Promise<SealedFacts> {
  const facts: Record<string, SealedFact> = {};
  for (const kind of kinds) {
    const wanted = columns[kind];
    if (wanted === undefined) continue;
    const lines: string[] = [];
    const batches = rows[kind](day) as AsyncIterable<readonly Sortable[]>;
    for await (const batch of batches) for (const row of batch) if (isFixed(kind, row, day, late)) lines.push(lineOf(row, wanted));
    lines.sort();
    facts[kind] = { columns: wanted, rows: lines.length, sha256: sha256Hex(lines.map((line) => `${line}\n`).join('')) };
  }
  return facts;
}
