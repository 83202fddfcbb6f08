import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runSeed } from '../run.js';
import { mutants } from './list.js';
import type { Edit, Mutant } from './mutant.js';

const SEEDS = 2_000;
/** Time of one core: the elapsed time depends on whoever else uses the machine. */
const WITHIN_CPU_S = 600;
const SIMULATION = join(import.meta.dirname, '..');

interface Failure {
  readonly seed: number;
  readonly invariant: string;
}

interface Found {
  readonly failure: Failure | undefined;
  /** Why nothing was found, unless the seeds are clean. */
  readonly error: string;
}

/** Runs seeds in a process that has these edits in its memory, until one fails. */
function run(edits: readonly Edit[], { profile, all }: Pick<Mutant, 'profile' | 'all'>, from: number, to: number): Promise<Found> {
  const child = spawn(
    process.execPath,
    [
      ...['--no-warnings', '--import', 'tsx', '--import', join(SIMULATION, 'patch.mjs'), join(SIMULATION, 'simulate.ts')],
      ...[
        '--seeds',
        `${from}..${to}`,
        '--profile',
        profile,
        '--first',
        '--cpu-seconds',
        String(WITHIN_CPU_S),
        ...(all === true ? ['--all'] : []),
      ],
    ],
    { env: { ...process.env, SIMULATION_PATCH: JSON.stringify(edits) }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return new Promise((resolve) => {
    let [output, errors] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    child.on('close', () => {
      const [, seed, invariant] = /^seed (\d+) \([^)]*\): (.*) does not hold/m.exec(output) ?? [];
      const error = errors.split('\n').find((line) => line.includes('Error')) ?? '';
      resolve({ failure: seed === undefined || invariant === undefined ? undefined : { seed: Number(seed), invariant }, error });
    });
  });
}

const clean = new Map<string, boolean>();

/** Whether a seed holds without the fault: only then does its failure come from the fault. This process has no fault in its memory. */
async function isCleanWithout({ profile, all }: Pick<Mutant, 'profile' | 'all'>, seed: number): Promise<boolean> {
  const key = `${profile} ${seed} ${all === true}`;
  const known = clean.get(key) ?? (await runSeed({ seed, profile, all })).violation === undefined;
  clean.set(key, known);
  return known;
}

async function find(mutant: Mutant): Promise<Found> {
  let from = 1;
  while (from <= SEEDS) {
    const found = await run(mutant.edits, mutant, from, SEEDS);
    if (found.failure === undefined || (await isCleanWithout(mutant, found.failure.seed))) return found;
    from = found.failure.seed + 1;
  }
  return { failure: undefined, error: '' };
}

/** Puts each known fault back, one at a time; a seed that holds without it must find it. */
export async function runMutants(only: string | undefined): Promise<number> {
  const chosen = mutants.filter(({ name }) => only === undefined || name.includes(only));
  let found = 0;
  for (const mutant of chosen) {
    const { failure, error } = await find(mutant);
    if (failure !== undefined) found += 1;
    console.log(
      failure === undefined
        ? `NOT FOUND: ${mutant.name} (${mutant.profile}) ${error}`
        : `${mutant.name} | ${failure.invariant} | ${failure.seed} | ${mutant.profile}`,
    );
  }
  console.log(`${found} of ${chosen.length} known faults found, each within ${SEEDS} seeds`);
  return found === chosen.length && chosen.length > 0 ? 0 : 1;
}
