import { execFileSync, spawn } from 'node:child_process';
import { createBuilder, ROOT, SEED_FLAGS, type Builder } from '../build.js';
import { runSeed } from '../run.js';
import { keepFound, readFound, type Found, type Shown } from './found.js';
import { mutants } from './list.js';
import type { Mutant } from './mutant.js';

const SEEDS = 2_000;
/** Time of one core: the elapsed time depends on whoever else uses the machine. */
const WITHIN_CPU_S = 600;

export interface Wanted {
  /** Words that the name of a fault contains. */
  readonly only: string | undefined;
  /** The profile that its faults are tried in; `mixed`: all. */
  readonly profile: string;
  /** When no further fault is begun, by `performance.now()`. */
  readonly endMs: number;
  /** How much of a core a fault may have; 600 s unless said otherwise. */
  readonly cpuS: number | undefined;
}

interface Tried {
  readonly failure: { readonly seed: number; readonly invariant: string } | undefined;
  /** Why nothing was found, unless the seeds are clean. */
  readonly error: string;
}

/** Runs seeds in a process of the program with a fault in it, until one fails. */
function tries(program: string, { profile, all }: Mutant, from: number, to: number, cpuS: number): Promise<Tried> {
  const more = all === true ? ['all'] : [];
  const child = spawn(process.execPath, [...SEED_FLAGS, program, profile, String(from), String(to), String(cpuS), ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new Promise((resolve) => {
    let [output, errors] = ['', ''];
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    child.on('close', () => {
      const line = output.split('\n').find((each) => each.startsWith('{"seed"'));
      const error = errors.split('\n').find((each) => each.includes('Error')) ?? '';
      resolve({ failure: line === undefined ? undefined : (JSON.parse(line) as NonNullable<Tried['failure']>), error });
    });
  });
}

const clean = new Map<string, boolean>();

/** Whether a seed holds without the fault: only then does its failure come from the fault. This process has no fault in its memory. */
async function isCleanWithout({ profile, all }: Mutant, seed: number): Promise<boolean> {
  const key = `${profile} ${seed} ${all === true}`;
  const known = clean.get(key) ?? (await runSeed({ seed, profile, all })).violation === undefined;
  clean.set(key, known);
  return known;
}

/** Tries the seed that found the fault last, then all from 1. */
async function find(mutant: Mutant, known: Shown | undefined, builder: Builder, cpuS: number): Promise<Tried> {
  const program = await builder.build(mutant.edits);
  if (known !== undefined && 'seed' in known && known.profile === mutant.profile) {
    const again = await tries(program, mutant, known.seed, known.seed, cpuS);
    if (again.failure !== undefined && (await isCleanWithout(mutant, known.seed))) return again;
  }
  let from = 1;
  while (from <= SEEDS) {
    const tried = await tries(program, mutant, from, SEEDS, cpuS);
    if (tried.failure === undefined || (await isCleanWithout(mutant, tried.failure.seed))) return tried;
    from = tried.failure.seed + 1;
  }
  return { failure: undefined, error: '' };
}

/** Those without a seed first, then those that were found on another commit: so runs that are cut off add up. */
function inTurn(found: Found, commit: string, isWanted: (mutant: Mutant) => boolean): Mutant[] {
  const rank = ({ name }: Mutant): number => {
    const shown = found[name];
    if (shown === undefined) return 0;
    if (shown.commit === commit) return 3;
    return 'seed' in shown ? 2 : 1;
  };
  return mutants.filter(isWanted).sort((one, other) => rank(one) - rank(other));
}

/** Puts each known fault back, one at a time; a seed that holds without it must find it. What is shown is kept in `found.json`. */
export async function runMutants({ only = '', profile: within = 'mixed', endMs, cpuS = WITHIN_CPU_S }: Partial<Wanted>): Promise<number> {
  const commit = execFileSync('git', ['rev-parse', '--short=8', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const shown: Record<string, Shown> = { ...readFound() };
  const chosen = inTurn(shown, commit, ({ name, profile }) => name.includes(only) && (within === 'mixed' || within === profile));
  const builder = await createBuilder('test/simulation/mutants/trial.ts', '.cache/mutants/trial.mjs');
  let [found, tried] = [0, 0];
  for (const mutant of chosen) {
    if (performance.now() > (endMs ?? Number.POSITIVE_INFINITY)) break;
    const { name, profile } = mutant;
    const { failure, error } = await find(mutant, shown[name], builder, cpuS);
    tried += 1;
    if (failure !== undefined) found += 1;
    shown[name] =
      failure === undefined
        ? { missed: error === '' ? `within ${SEEDS} seeds and ${cpuS} s of a core` : error, profile, commit }
        : { ...failure, profile, commit };
    keepFound(shown);
    console.log(
      failure === undefined ? `NOT FOUND: ${name} (${profile}) ${error}` : `${name} | ${failure.invariant} | ${failure.seed} | ${profile}`,
    );
  }
  await builder.close();
  console.log(`${found} of ${tried} known faults found, each within ${SEEDS} seeds; ${chosen.length - tried} not tried`);
  return found === chosen.length && chosen.length > 0 ? 0 : 1;
}
