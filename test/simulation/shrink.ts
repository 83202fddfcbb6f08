import { agentDeeds, faults, mishaps, profiles, START_MS, type Profile } from './profiles.js';
import { runSeed, type RunResult } from './run.js';

/** One thing that can be left out of a run. */
interface Omission {
  readonly name: string;
  apply(profile: Profile): Profile;
}

const omissions: readonly Omission[] = [
  { name: 'administrators', apply: (profile) => ({ ...profile, adminEveryMs: Number.POSITIVE_INFINITY }) },
  { name: 'slow messages', apply: (profile) => ({ ...profile, slowChance: 0 }) },
  { name: 'supervisors', apply: (profile) => ({ ...profile, supervisors: 0 }) },
  { name: 'skills', apply: (profile) => ({ ...profile, skills: 0 }) },
  { name: 'announcements', apply: (profile) => ({ ...profile, announcements: 0 }) },
  { name: 'callbacks', apply: (profile) => ({ ...profile, callbacks: 0 }) },
  { name: 'digits', apply: (profile) => ({ ...profile, digits: 0 }) },
  { name: 'conferences', apply: (profile) => ({ ...profile, conferences: 'none' }) },
  { name: 'half of the agents', apply: (profile) => ({ ...profile, agents: [1, Math.max(1, Math.ceil(profile.agents[1] / 2))] }) },
  ...agentDeeds.map((deed) => ({ name: deed, apply: (profile: Profile) => ({ ...profile, deeds: { ...profile.deeds, [deed]: 0 } }) })),
  ...mishaps.map((mishap) => ({
    name: mishap,
    apply: (profile: Profile) => ({ ...profile, mishaps: { ...profile.mishaps, [mishap]: 0 } }),
  })),
  ...faults.map((fault) => ({ name: fault, apply: (profile: Profile) => ({ ...profile, faults: { ...profile.faults, [fault]: 0 } }) })),
];

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly profile: string;
  readonly all: boolean;
}

/**
 * Takes the first failing seed and leaves out as much as possible while it still fails in the same way; nearby seeds are tried for a
 * shorter history.
 */
export async function shrink({ from, to, profile, all }: Asked): Promise<number> {
  let first: RunResult | undefined;
  for (let seed = from; seed <= to && first?.violation === undefined; seed += 1) first = await runSeed({ seed, profile, all });
  if (first?.violation === undefined) {
    console.log(`seeds ${from}..${to} are clean: there is nothing to shrink`);
    return 0;
  }
  const { invariant } = first.violation;
  let best = first;
  const left: Omission[] = [];
  const change = (more: readonly Omission[]) => (given: Profile) => more.reduce((rest, { apply }) => apply(rest), given);
  for (const omission of omissions) {
    const result = await runSeed({ seed: first.seed, profile: first.profile, all, change: change([...left, omission]) });
    if (result.violation?.invariant !== invariant) continue;
    left.push(omission);
    best = result;
  }
  for (let seed = 1; seed <= 100; seed += 1) {
    const result = await runSeed({
      seed,
      profile: first.profile,
      all,
      change: change(left),
      chaosMs: (best.violation?.atMs ?? 0) - (profiles[first.profile]?.startMs ?? START_MS),
    });
    if (result.violation?.invariant === invariant && result.lines < best.lines) best = result;
  }
  console.log(`${invariant}: seed ${best.seed}, ${best.lines} lines; without ${left.map(({ name }) => name).join(', ')}`);
  console.log(best.violation?.history.join('\n'));
  console.log(`${best.violation?.text ?? ''}\n${best.violation?.sentence ?? ''}`);
  console.log('as a case of test/simulation/cases.ts:');
  console.log(JSON.stringify({ seed: best.seed, profile: best.profile, invariant, without: left.map(({ name }) => name) }));
  return 1;
}
