import type { ImportFault } from '../../../../services/shared/domain/consent-list.js';

interface RefusedRow {
  readonly line: number;
  readonly fault: ImportFault;
}

/** The faults of a list with how many rows have each, the most frequent first. */
export function countFaults(refused: readonly RefusedRow[]): readonly (readonly [ImportFault, number])[] {
  const counts = new Map<ImportFault, number>();
  for (const { fault } of refused) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** The refused rows by their place in the list, with the reason; numbers stay in the list. The mark tells spreadsheets that it is UTF-8. */
export function refusedCsv(
  refused: readonly RefusedRow[],
  heads: readonly [line: string, reason: string],
  wordsOf: (fault: ImportFault) => string,
): string {
  const lines = refused.map(({ line, fault }) => `${line},${quoted(wordsOf(fault))}`);
  return `\uFEFF${heads.map(quoted).join(',')}\n${lines.join('\n')}\n`;
}
