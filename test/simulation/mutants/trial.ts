// What a run of known faults starts for each of them: PROFILE FROM TO CPU-SECONDS [all]. Prints the first seed that does not hold.
import { runSeed } from '../run.js';

const [, , profile = 'mixed', from = '1', to = from, cpuSeconds = '600', all] = process.argv;
const limitUs = Number(cpuSeconds) * 1_000_000;

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

for (let seed = Number(from); seed <= Number(to) && cpuUs() < limitUs; seed += 1) {
  const { violation } = await runSeed({ seed, profile, all: all !== undefined });
  if (violation === undefined) continue;
  console.log(JSON.stringify({ seed, invariant: violation.invariant }));
  break;
}
