import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { probes, universe, type Kind } from './coverage.js';
import { notReached } from './coverage-list.js';

const COVERAGE_SEEDS = 300;
/** The usual run, and one of rare events. */
const COVERAGE_PROFILES = ['mixed', 'rare'] as const;
type Reached = Readonly<Record<Kind, readonly string[]>>;
export const COVERED = 'reached: ';

interface Probed {
  readonly output: string;
  readonly reached: Reached;
}

/** Runs the seeds in a process with the probes in its memory; resolves with what it printed and what it reached. */
function runProbed(profile: (typeof COVERAGE_PROFILES)[number]): Promise<Probed> {
  const child = spawn(
    process.execPath,
    [
      ...['--no-warnings', '--import', 'tsx', '--import', join(import.meta.dirname, 'patch.mjs'), join(import.meta.dirname, 'simulate.ts')],
      ...['--seeds', `1..${COVERAGE_SEEDS}`, '--profile', profile, '--probed'],
    ],
    { env: { ...process.env, SIMULATION_PATCH: JSON.stringify(probes) }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.on('close', () => {
      const line = output.split('\n').find((each) => each.startsWith(COVERED));
      const reached = JSON.parse(line?.slice(COVERED.length) ?? '{}') as Reached;
      resolve({ output: output.replace(`${line ?? ''}\n`, ''), reached });
    });
  });
}

/** Where the list in coverage-list.ts is wrong: one line each. */
export function differences(reached: Reached): string[] {
  return (Object.keys(universe) as Kind[]).flatMap((kind) => {
    const seen = new Set(reached[kind]);
    const listed = new Set(notReached[kind].flatMap(({ names }) => names));
    return universe[kind].flatMap((name) => {
      if (seen.has(name) && listed.has(name)) return [`${kind}: ${name} is reached, and listed as not`];
      return seen.has(name) || listed.has(name) ? [] : [`${kind}: ${name} is not reached, and no reason is listed`];
    });
  });
}

/** Checks that the seeds reach everything but what is listed with its reason, and nothing that is listed. */
export async function runCoverage(tell: (line: string) => void = console.log): Promise<number> {
  const runs: Probed[] = [];
  for (const profile of COVERAGE_PROFILES) runs.push(await runProbed(profile));
  for (const { output } of runs) tell(output);
  const kinds = Object.keys(universe) as Kind[];
  const reached = Object.fromEntries(
    kinds.map((kind) => [kind, [...new Set(runs.flatMap((run) => run.reached[kind] ?? []))].sort()]),
  ) as unknown as Reached;
  for (const kind of kinds) {
    const known = reached[kind].filter((name) => (universe[kind] as readonly string[]).includes(name));
    tell(`${kind}: ${known.length} of ${universe[kind].length} reached`);
  }
  const wrong = differences(reached);
  if (wrong.length > 0) tell(wrong.join('\n'));
  // What does not hold in a seed is judged by the usual run; here it has been printed.
  return wrong.length === 0 ? 0 : 1;
}
