import { runSeed } from './run.js';

const HOUR_MS = 3_600_000;
export const AGENTS = 50;

/** Simulates an hour of a Monday morning with 50 agents; resolves with the seconds of one core that it took. */
export async function runHour(
  seed: number,
): Promise<{ readonly calls: number; readonly steps: number; readonly cpuS: number; readonly text: string }> {
  const before = process.cpuUsage();
  const { calls, steps, violation } = await runSeed({
    seed,
    profile: 'monday',
    chaosMs: HOUR_MS,
    change: (profile) => ({ ...profile, agents: [AGENTS, AGENTS] }),
  });
  const { user, system } = process.cpuUsage(before);
  return { calls, steps, cpuS: (user + system) / 1e6, text: violation === undefined ? '' : `${violation.text} (${violation.invariant})` };
}
