import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { probes, universe, type Kind } from './coverage.js';
import { notReached } from './coverage-list.js';

export const COVERAGE_SEEDS = 300;
export const COVERED = 'reached: ';

/** Runs the seeds in a process with the probes in its memory; what it printed, and what it reached. */
function runProbed(): Promise<{
  readonly code: number;
  readonly output: string;
  readonly reached: Readonly<Record<Kind, readonly string[]>>;
}> {
  const child = spawn(
    process.execPath,
    [
      ...['--no-warnings', '--import', 'tsx', '--import', join(import.meta.dirname, 'patch.mjs'), join(import.meta.dirname, 'simulate.ts')],
      ...['--seeds', `1..${COVERAGE_SEEDS}`, '--probed'],
    ],
    { env: { ...process.env, SIMULATION_PATCH: JSON.stringify(probes) }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.on('close', (code) => {
      const line = output.split('\n').find((each) => each.startsWith(COVERED));
      const reached = JSON.parse(line?.slice(COVERED.length) ?? '{}') as Readonly<Record<Kind, readonly string[]>>;
      resolve({ code: code ?? 1, output: output.replace(`${line ?? ''}\n`, ''), reached });
    });
  });
}

/** What the list of coverage-list.ts says and is not so: one line each. */
export function differences(reached: Readonly<Record<Kind, readonly string[]>>): string[] {
  return (Object.keys(universe) as Kind[]).flatMap((kind) => {
    const seen = new Set(reached[kind]);
    const listed = new Set(notReached[kind].flatMap(({ names }) => names));
    return universe[kind].flatMap((name) => {
      if (seen.has(name) && listed.has(name)) return [`${kind}: ${name} is reached, and listed as not`];
      return seen.has(name) || listed.has(name) ? [] : [`${kind}: ${name} is not reached, and no reason is listed`];
    });
  });
}

/** 300 seeds reach all but what is listed with its reason, and nothing of that. */
export async function runCoverage(tell: (line: string) => void = console.log): Promise<number> {
  const { code, output, reached } = await runProbed();
  tell(output);
  for (const kind of Object.keys(universe) as Kind[]) tell(`${kind}: ${reached[kind]?.length ?? 0} of ${universe[kind].length} reached`);
  const wrong = differences(reached);
  if (wrong.length > 0) tell(wrong.join('\n'));
  return code === 0 && wrong.length === 0 ? 0 : 1;
}
