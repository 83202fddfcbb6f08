import { z } from 'zod';
import { normaliseNumber } from '../shared/domain/phone-number.js';
import { withinScope } from '../shared/domain/rights.js';
import { complaintKinds, complaintSources } from './deadline-rule.js';

/** One line of an import; the heads of the columns are these names. */
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
  province: z.preprocess((value) => (value === '' ? undefined : value), z.string().max(20).optional()),
});
export type ImportLine = z.infer<typeof Line>;

export interface ImportVerdict {
  readonly lines: readonly ImportLine[];
  /** Line numbers as a spreadsheet counts them: the head is 1. */
  readonly faults: readonly { readonly line: number; readonly column: string; readonly message: string }[];
}

/**
 * All lines or none: with one fault nothing is imported, and every fault is named. Whoever sees some client units only imports for those; a
 * line without a unit is of the one that they see.
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
  return { lines, faults };
}
