import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { InteropCentre } from './centre.js';
import { matrix, runCase, type CaseResult } from './matrix.js';
import { withResults, type MatrixRun } from './page.js';

// What carriers do, and what the product does about it: docs/interop.md.

const USAGE = `usage: npm run interop -- [--only CASE,GROUP,...] [--json] [--write] [--list]
  --only   cases or groups of them, by name; all without it
  --json   the results as JSON on standard output
  --write  keeps the results of the cases that were run in test/interop/results.json and docs/interop.md
  --list   names the cases and runs none`;
const RESULTS = 'test/interop/results.json';
const PAGE = 'docs/interop.md';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const chosen = values.only?.split(',');
const cases = matrix.filter(({ id, group }) => chosen === undefined || chosen.includes(id) || chosen.includes(group));

/** A program's version, from the first line that has one. */
function versionOf(program: string, argument: string): string {
  const { stdout, stderr } = spawnSync(program, [argument], { encoding: 'utf8' });
  return /\d+\.\d+(?:\.\d+)*/.exec(`${stdout}${stderr}`)?.[0] ?? 'of unknown version';
}

async function run(): Promise<MatrixRun> {
  const results: CaseResult[] = [];
  await using centre = await InteropCentre.open();
  if (centre.network.kind !== 'namespace') process.stderr.write('No network namespace could be made: the carrier is on the loopback.\n');
  for (const each of cases) {
    const result = await runCase(centre, each);
    results.push(result);
    if (!values.json)
      process.stdout.write(`${result.passed ? 'green' : 'RED  '} ${result.id} (${String(result.tookMs)} ms) ${result.reason ?? ''}\n`);
  }
  const versions = {
    ...{ sipp: versionOf('sipp', '-v'), baresip: versionOf('baresip', '-v'), kamailio: versionOf('kamailio', '-v') },
    rtpengine: versionOf('rtpengine', '--version'),
  };
  return { on: new Date().toISOString().slice(0, 10), versions, results };
}

if (values.help || cases.length === 0) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = values.help ? 0 : 2;
} else if (values.list) for (const { id, group, what } of cases) process.stdout.write(`${id} (${group}): ${what}\n`);
else {
  const found = await run();
  if (values.json) process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
  if (values.write) {
    const known = JSON.parse(await readFile(RESULTS, 'utf8')) as MatrixRun;
    const of = new Map([...known.results, ...found.results].map((result) => [result.id, result]));
    const kept = { ...found, results: matrix.flatMap(({ id }) => of.get(id) ?? []) };
    await writeFile(RESULTS, `${JSON.stringify(kept, undefined, 2)}\n`);
    await writeFile(PAGE, withResults(await readFile(PAGE, 'utf8'), kept));
  }
  const red = found.results.filter(({ passed }) => !passed);
  if (!values.json) process.stdout.write(`${String(found.results.length)} cases, ${String(red.length)} red\n`);
  process.exitCode = red.length === 0 ? 0 : 1;
}
