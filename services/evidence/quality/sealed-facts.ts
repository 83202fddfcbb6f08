import type { StoredRows, Stretch } from '../ports.js';
import { attemptColumns, callColumns, proofColumns } from './call-row.js';
import { clockColumns, legColumns } from './proof-row.js';
import type { CallId } from '../../shared/domain/ids.js';

/** What a day sheet fixes of the rows of one kind. */
export interface SealedFact {
  readonly columns: readonly string[];
  readonly rows: number;
  /** SHA-256, hex, over the rows of the day in these columns: cells joined by a tab, lines sorted, each ended by a line feed. */
  readonly sha256: string;
}
export type SealedFacts = Readonly<Record<string, SealedFact>>;

/**
 * The columns that no later event may change, by kind of row. Who called is left out: a person may ask for that to be deleted. Answers to
 * surveys come later than their day and carry their own times; of complaints the events of their clocks are fixed, and the files.
 */
export const sealedColumns = {
  calls: callColumns.filter((column) => column !== 'callerKey'),
  recordings: ['callId', 'atMs', 'sha256', 'durationMs', 'sizeBytes'],
  surveys: ['surveyId', 'callId', 'atMs', 'queueId', 'agentId'],
  attempts: attemptColumns.filter((column) => column !== 'personKey' && column !== 'numberMasked'),
  proofs: proofColumns,
  consents: ['consentId', 'atMs', 'givenAtMs', 'purposes', 'channel', 'clientUnit'],
  legs: legColumns.filter((column) => column !== 'personKey' && column !== 'numberMasked'),
  clocks: clockColumns,
  attachments: ['fileId', 'of', 'subject', 'atMs', 'sizeBytes', 'sha256'],
} as const satisfies Readonly<Partial<Record<keyof StoredRows, readonly string[]>>>;

type Sealed = keyof typeof sealedColumns;
const kinds = Object.keys(sealedColumns) as Sealed[];

/** As the cell stands in the file of rows of a pack. */
const cellText = (cell: unknown): string =>
  typeof cell === 'string' ? cell.replace(/[\r\n]+/g, ' ') : typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '';

export const lineOf = (row: object, columns: readonly string[]): string =>
  columns.map((column) => cellText((row as Readonly<Record<string, unknown>>)[column])).join('\t');

/**
 * What the stores hold of a day, for its sheet. When an earlier sheet is compared, its `columns` are taken, and the recordings of the calls in
 * `late`, which turned up after the day was sealed, are left out.
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
    const batches = rows[kind](day) as AsyncIterable<readonly { readonly callId?: CallId }[]>;
    for await (const batch of batches)
      for (const row of batch) if (kind !== 'recordings' || !late.has(row.callId ?? '')) lines.push(lineOf(row, wanted));
    lines.sort();
    facts[kind] = { columns: wanted, rows: lines.length, sha256: sha256Hex(lines.map((line) => `${line}\n`).join('')) };
  }
  return facts;
}
