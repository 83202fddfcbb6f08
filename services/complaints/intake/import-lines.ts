import { z } from 'zod';
import { normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import { WrittenProvince } from '../../shared/contracts/written-province.js';
import { withinScope } from '../../shared/domain/people/rights.js';
import { complaintKinds, complaintSources } from '../clock/deadline-rule.js';

/** One line of an import. The headers of the columns are these names. */
const Line = z.object({
  source: z.enum(complaintSources).default('mail'),
  kind: z.enum(complaintKinds).default('other'),
  name: z.string().trim().max(100).optional(),
  number: z.string().transform((text, ctx) => {
    const number = normaliseNumber(text);
    if (number === undefined) ctx.addIssue({ code: 'custom', message: 'not a telephone number' });
    return number ?? '';
  }),
  text: z.string().trim().min(1, 'the complaint has no text').max(10_000),
  receivedAt: z.coerce.date(),
  eventAt: z.preprocess((value) => (value === '' ? undefined : value), z.coerce.date().optional()),
  clientUnit: z.preprocess((value) => (value === '' ? undefined : value), z.string().max(100).optional()),
  province: z.preprocess((value) => (value === '' ? undefined : value), WrittenProvince.optional()),
});
export type ImportLine = z.infer<typeof Line>;

/** The number of faults that are listed; the rest is counted. */
const LISTED_FAULTS = 500;

export interface ImportVerdict {
  readonly lines: readonly ImportLine[];
  /** The first ones. Line numbers are those of a spreadsheet: the header is line 1. */
  readonly faults: readonly { readonly line: number; readonly column: string; readonly message: string }[];
  readonly faultCount: number;
}

/**
 * Reads an uploaded CSV. Fails with `invalid-request` for any other file, with `too-large` and `details.limit` for too many lines or
 * columns, and with `too-many-requests` when too many files wait.
 */
export type ReadLines = (file: {
  readonly csv: Uint8Array;
  readonly now: Date;
  readonly clientUnits: readonly string[];
}) => Promise<ImportVerdict>;

/**
 * All lines or none: with a single fault nothing is imported, and every fault is named. A person with some client units imports only for
 * those; a line without a unit belongs to the person's only one.
 */
export function readImport(rows: readonly Record<string, unknown>[], now: Date, clientUnits: readonly string[] = []): ImportVerdict {
  const [only] = clientUnits.length === 1 ? clientUnits : [];
  const lines: ImportLine[] = [];
  const faults: { line: number; column: string; message: string }[] = [];
  rows.forEach((row, i) => {
    const parsed = Line.safeParse(row);
    if (parsed.success) {
      const line = { ...parsed.data, clientUnit: parsed.data.clientUnit ?? only };
      if (line.receivedAt > now) faults.push({ line: i + 2, column: 'receivedAt', message: 'in the future' });
      else if (!withinScope(clientUnits, line.clientUnit)) faults.push({ line: i + 2, column: 'clientUnit', message: 'not one of yours' });
      else lines.push(line);
    } else faults.push(...parsed.error.issues.map(({ path, message }) => ({ line: i + 2, column: path.join('.'), message })));
  });
  return { lines, faults: faults.slice(0, LISTED_FAULTS), faultCount: faults.length };
}
