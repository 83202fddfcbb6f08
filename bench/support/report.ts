/** One measured figure. The baseline was measured in the same run, on the same machine, doing the same without the product. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: { readonly what: string; readonly value: number };
  /** The target as text: `<= 1 ms`. */
  readonly target?: string;
}

const json = process.argv.includes('--json');

/** Prints a figure: a line for people, or with `--json` a line of JSON for programs. */
export function report(figure: Figure): void {
  if (json) {
    console.log(JSON.stringify(figure));
    return;
  }
  const shown = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
  const { what, value, unit, baseline, target } = figure;
  const beside = baseline === undefined ? '' : `   baseline ${shown(baseline.value)} ${unit} (${baseline.what})`;
  console.log(
    `  ${what.padEnd(58)} ${`${shown(value)} ${unit}`.padStart(16)}${target === undefined ? '' : `   target ${target}`}${beside}`,
  );
}

/** The value below which `share` of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
