import type { InteropCase } from './case.js';
import { casesIn } from './cases-in.js';
import { casesOut } from './cases-out.js';
import { casesOfSheets } from './cases-sheet.js';
import { casesOfStacks } from './cases-stacks.js';
import type { InteropCentre } from './centre.js';

export const matrix: readonly InteropCase[] = [...casesIn, ...casesOut, ...casesOfSheets, ...casesOfStacks];

export interface CaseResult {
  readonly id: string;
  readonly group: string;
  readonly what: string;
  readonly carrier: InteropCase['carrier'];
  readonly sound: boolean;
  readonly passed: boolean;
  /** Why it did not pass. */
  readonly reason?: string;
  readonly tookMs: number;
}

const CASE_WITHIN_MS = 45_000;

export async function runCase(centre: InteropCentre, { run, ...about }: InteropCase): Promise<CaseResult> {
  const startedMs = performance.now();
  const took = (): number => Math.round(performance.now() - startedMs);
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      run(centre),
      new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`not over after ${String(CASE_WITHIN_MS)} ms`)), CASE_WITHIN_MS);
      }),
    ]);
    return { ...about, passed: true, tookMs: took() };
  } catch (error) {
    return { ...about, passed: false, reason: error instanceof Error ? error.message : String(error), tookMs: took() };
  } finally {
    clearTimeout(timer);
    await centre.quiet();
  }
}
