// npm run simulate -- --seeds A..B | --seed N [--trace] | --shrink | --mutants | --coverage | --hour | --replay A..B, with --profile NAME, --all, --minutes M, --cpu-seconds S. See docs/simulation.md.
import { parseArgs } from 'node:util';
import { createCoverage } from './coverage.js';
import { COVERED, runCoverage } from './coverage-run.js';
import { runMutants } from './mutants/run.js';
import { AGENTS, runHour } from './hour.js';
import { notYet } from './not-yet.js';
import { profiles } from './profiles.js';
import { runSeed, type RunResult } from './run.js';
import { shrink } from './shrink.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** An option that cannot be run, reported in one sentence. */
class BadOption extends Error {}

function seedsOf(text: string): { readonly from: number; readonly to: number } {
  const [, from, to] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text) ?? [];
  const range = { from: Number(from), to: Number(to ?? from) };
  if (from === undefined || range.to < range.from) throw new BadOption(`${text} is no seed and no range of seeds such as 1..500.`);
  return range;
}

function numberOf(text: string | undefined, otherwise: number, what: string): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!(value > 0)) throw new BadOption(`${what} asks for a number above zero.`);
  return value;
}

function say(result: RunResult): void {
  const { violation, seed, profile } = result;
  if (violation === undefined) return;
  console.log(`\nseed ${seed} (${profile}): ${violation.invariant} does not hold at ${violation.atMs} ms`);
  console.log(violation.history.join('\n'));
  console.log(`${violation.text}\n${violation.sentence}`);
  console.log(`again: npm run simulate -- --seed ${seed} --profile ${profile} --trace`);
}

async function reportHour(seed: number): Promise<number> {
  const { calls, steps, cpuS, text } = await runHour(seed);
  console.log(
    `an hour of ${AGENTS} agents, seed ${seed}: ${calls} calls, ${steps} steps in ${cpuS.toFixed(1)} s of one core${text === '' ? '' : `; ${text}`}`,
  );
  return text === '' ? 0 : 1;
}

/** Only a replay needs the real relay, SIP server and mixer. */
async function runReplay(seeds: string): Promise<number> {
  const { from, to } = seedsOf(seeds);
  const { replay } = await import('./replay/replay.js');
  const { seeds: done, steps, compared, differences } = await replay(from, to, (line) => console.log(line));
  console.log(`\n${done} seeds done again, ${steps} steps, ${compared} compared by ear, ${differences.length} different`);
  return differences.length === 0 && done > 0 ? 0 : 1;
}

/** What this process has used of a core so far. */
function cpuS(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1..300' },
      seed: { type: 'string' },
      profile: { type: 'string', default: 'mixed' },
      trace: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      shrink: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      coverage: { type: 'boolean', default: false },
      hour: { type: 'boolean', default: false },
      probed: { type: 'boolean', default: false },
      replay: { type: 'string' },
      only: { type: 'string' },
      first: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      'cpu-seconds': { type: 'string' },
    },
  });
  const { profile, all } = values;
  if (profile !== 'mixed' && !(profile in profiles))
    throw new BadOption(`There is no profile ${profile}; there are mixed, ${Object.keys(profiles).join(', ')}.`);
  const { from, to } = seedsOf(values.seed ?? values.seeds);
  if (values.coverage) return runCoverage();
  if (values.hour) return reportHour(from);
  if (values.replay !== undefined) return runReplay(values.replay);
  if (values.shrink) return shrink({ from, to, profile, all });

  const startedMs = performance.now();
  const endMs = startedMs + numberOf(values.minutes, 1_440, '--minutes') * MINUTE_MS;
  const cpuEndS = numberOf(values['cpu-seconds'], Number.POSITIVE_INFINITY, '--cpu-seconds');
  if (values.mutants) return runMutants({ only: values.only, profile, endMs, cpuS: Number.isFinite(cpuEndS) ? cpuEndS : undefined });
  const coverage = createCoverage();
  let [clean, failed, virtualMs, calls] = [0, 0, 0, 0];
  for (let seed = from; seed <= to && performance.now() < endMs && cpuS() < cpuEndS; seed += 1) {
    const result = await runSeed({
      seed,
      profile,
      all,
      print: values.trace ? (line) => console.log(line) : undefined,
      onStart: (world) => coverage.watch(world),
    });
    virtualMs += result.virtualMs;
    calls += result.calls;
    if (result.violation === undefined) clean += 1;
    else failed += 1;
    say(result);
    if (values.first && failed > 0) return 1;
    if (from === to) console.log(`digest ${result.digest}, ${result.lines} lines, ${result.steps} steps`);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  console.log(
    `\n${clean} seeds clean, ${failed} not; ${calls} calls in ${(virtualMs / HOUR_MS).toFixed(1)} h of virtual time, ${seconds.toFixed(1)} s, ${cpuS().toFixed(1)} s of one core`,
  );
  if (values.probed)
    console.log(
      `${COVERED}${JSON.stringify(Object.fromEntries(Object.entries(coverage.reached()).map(([kind, seen]) => [kind, [...seen]])))}`,
    );
  if (!all) console.log(`not yet in: ${notYet.map(({ name }) => name).join('; ')}`);
  return failed === 0 ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const isBad = error instanceof BadOption || (error instanceof TypeError && 'code' in error);
    console.error(isBad ? error.message : error);
    process.exitCode = 2;
  },
);
