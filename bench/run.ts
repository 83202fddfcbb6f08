import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

// npm run bench [-- --only NAME] [-- --json]: each file of this folder is a benchmark in a process of its own. What else is given goes on to it.
const notBenchmarks = ['run.ts'];
const only = process.argv[process.argv.indexOf('--only') + 1];
const chosen = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !notBenchmarks.includes(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => !process.argv.includes('--only') || name === only);

if (chosen.length === 0) {
  console.error(`There is no benchmark ${only ?? ''}.`);
  process.exit(2);
}
const options = process.argv.slice(2);
const rest = options.filter((option, i) => option !== '--only' && options[i - 1] !== '--only');
let failed = 0;
for (const name of chosen) {
  if (!rest.includes('--json')) console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, `${name}.ts`), ...rest], {
    stdio: 'inherit',
  });
  if (status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
