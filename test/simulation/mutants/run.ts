import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { mutants } from './list.js';
import type { Mutant } from './mutant.js';

const SEEDS = 2_000;
const WITHIN_MS = 240_000;

interface Found {
  readonly seed: number | undefined;
  readonly invariant: string;
}

/** Runs seeds in a process that has the fault in its memory until one fails. */
function find(mutant: Mutant): Promise<Found> {
  const { edits, profile } = mutant;
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      '--import',
      'tsx',
      '--import',
      join(import.meta.dirname, '..', 'patch.mjs'),
      join(import.meta.dirname, '..', 'simulate.ts'),
      ...['--seeds', `1..${SEEDS}`, '--profile', profile, '--first', '--all'],
    ],
    { env: { ...process.env, SIMULATION_PATCH: JSON.stringify(edits) }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return new Promise((resolve) => {
    let [output, errors] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    const timer = setTimeout(() => child.kill(), WITHIN_MS);
    child.on('close', () => {
      clearTimeout(timer);
      const [, seed, invariant] = /^seed (\d+) \([^)]*\): (.*) does not hold/m.exec(output) ?? [];
      const unfit = errors.trim() !== '' && invariant === undefined;
      resolve({
        seed: seed === undefined ? undefined : Number(seed),
        invariant:
          invariant ??
          (unfit
            ? (errors
                .trim()
                .split('\n')
                .find((line) => line.includes('Error')) ?? errors.trim().slice(0, 200))
            : ''),
      });
    });
  });
}

/** Each known fault is put back, one at a time, and must be found. */
export async function runMutants(only: string | undefined): Promise<number> {
  const chosen = mutants.filter(({ name }) => only === undefined || name.includes(only));
  let found = 0;
  for (const mutant of chosen) {
    const { seed, invariant } = await find(mutant);
    if (seed !== undefined) found += 1;
    console.log(
      seed === undefined
        ? `NOT FOUND ${mutant.name} ${invariant}`
        : `found by seed ${String(seed).padStart(4)} (${invariant}): ${mutant.name}`,
    );
  }
  console.log(`${found} of ${chosen.length} known faults found, each within ${SEEDS} seeds`);
  return found === chosen.length && chosen.length > 0 ? 0 : 1;
}
