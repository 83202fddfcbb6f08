interface RefusedRow<F extends string> {
  readonly line: number;
  readonly fault: F;
}

/** The faults of a list with the number of rows for each, most frequent first. */
export function countFaults<F extends string>(refused: readonly RefusedRow<F>[]): readonly (readonly [F, number])[] {
  const counts = new Map<F, number>();
  for (const { fault } of refused) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/**
 * The refused rows by their place in the list, with the reason; numbers stay in the list. The byte order mark tells spreadsheets that it is
 * UTF-8.
 */
export function refusedCsv<F extends string>(
  refused: readonly RefusedRow<F>[],
  heads: readonly [line: string, reason: string],
  wordsOf: (fault: F) => string,
): string {
  const lines = refused.map(({ line, fault }) => `${line},${quoted(wordsOf(fault))}`);
  return `\uFEFF${heads.map(quoted).join(',')}\n${lines.join('\n')}\n`;
}
