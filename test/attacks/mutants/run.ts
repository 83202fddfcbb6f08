// npm run attacks:mutants [-- --only C1] [-- --together] [-- --sound] [-- --verbose]: takes each wall out of a copy of this folder and runs the test that must then fail. See docs/security.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { mutants } from './list.js';
import type { Edit, Held, Mutant } from './mutant.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const COPIES = join(ROOT, '.cache', 'attacks-mutants');
/** Of a failure and of a program's output. */
const MOST_SAID = 1_500;
const NOT_COPIED = new Set(['.git', '.cache', '.data', 'dist', 'coverage']);

interface Run {
  readonly failed: readonly { readonly name: string; readonly message: string }[];
  readonly passed: number;
  /** Why no test ran. */
  readonly error: string;
}

interface JestReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

function runProgram(folder: string, args: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

/** A copy in which these texts are replaced; the packages in it are links. */
async function copyOf(edits: readonly Edit[]): Promise<string> {
  mkdirSync(COPIES, { recursive: true });
  const folder = mkdtempSync(join(COPIES, 'c-'));
  const entries = readdirSync(ROOT).filter((name) => !NOT_COPIED.has(name));
  for (const name of entries) {
    const how = name === 'node_modules' ? '-al' : '-a';
    const copy = spawn('cp', [how, join(ROOT, name), folder], { stdio: 'inherit' });
    await new Promise((resolve) => copy.once('close', resolve));
  }
  for (const { file, find, replace } of edits) {
    const path = join(folder, file);
    const source = readFileSync(path, 'utf8');
    if (source.split(find).length !== 2) throw new Error(`this text does not stand once in ${file}: ${find}`);
    writeFileSync(
      path,
      source.replace(find, () => replace),
    );
  }
  return folder;
}

/** A title as a pattern: `%s` and the like stand for anything. */
const patternOf = (title: string): string => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/%[sdp#]/g, '.*');

const projectOf = (file: string): string =>
  file.startsWith('test/attacks/') ? 'attacks' : file.startsWith('test/') ? 'integration' : 'unit';

async function runTests(folder: string, file: string, titles: readonly string[]): Promise<Run> {
  const report = join(folder, 'report.json');
  const { said } = await runProgram(folder, [
    '--experimental-vm-modules',
    '--no-warnings',
    join(folder, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...['--forceExit', '--maxWorkers=1', '--selectProjects', projectOf(file), '--runTestsByPath', file],
    ...['--json', '--outputFile', report, '-t', titles.map(patternOf).join('|')],
  ]);
  if (!existsSync(report)) return { failed: [], passed: 0, error: said.slice(-MOST_SAID) };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    failed: all
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => ({ name: fullName, message: failureMessages.join('\n') })),
    passed: all.filter(({ status }) => status === 'passed').length,
    error: all.some(({ status }) => status === 'passed' || status === 'failed') ? '' : testResults.map(({ message }) => message).join('\n'),
  };
}

/** Runs tests in a copy with these edits. */
async function runWith(edits: readonly Edit[], file: string, titles: readonly string[]): Promise<Run> {
  const folder = await copyOf(edits);
  try {
    const built = projectOf(file) === 'unit' ? { code: 0, said: '' } : await runProgram(folder, ['infra/bootstrap/bundle.mjs']);
    if (built.code !== 0) return { failed: [], passed: 0, error: built.said };
    return await runTests(folder, file, titles);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const colourless = (text: string): string => stripVTControlCharacters(text);

/** What failed and how, or why no test ran. */
const saidBy = ({ failed, error }: Run): string =>
  colourless(error || failed.map(({ name, message }) => `${name}\n${message.slice(0, MOST_SAID)}`).join('\n'));

interface Verdict {
  readonly mutant: Mutant;
  readonly caught: boolean;
}

/** Takes these walls out of one copy, and runs their tests there. */
async function takeOut(group: readonly Mutant[], { isVerbose }: { readonly isVerbose: boolean }): Promise<readonly Verdict[]> {
  const [{ held }] = group as [Mutant];
  const run = await runWith(
    group.flatMap(({ edits }) => edits),
    held.file,
    group.map((mutant) => mutant.held.test),
  );
  return group.map((mutant) => {
    const { failed } = runOf(run, mutant.held);
    const caught = run.error === '' && failed.some(({ message }) => colourless(message).includes(mutant.held.shows));
    console.log(`${mutant.finding} | ${caught ? 'caught' : 'NOT CAUGHT'} | ${mutant.without} | ${mutant.held.file} | ${mutant.held.test}`);
    if (isVerbose || !caught) console.log(saidBy({ ...run, failed }));
    return { mutant, caught };
  });
}

/** The part of a run that is about one test. */
const runOf = (run: Run, { test }: Held): Run => ({
  ...run,
  failed: run.failed.filter(({ name }) => new RegExp(`(?:^| )${patternOf(test)}$`).test(name)),
});

/** Walls whose tests stand in one file and do not concern each other. One product is started for each group. */
function groupsOf(chosen: readonly Mutant[], isTogether: boolean): readonly (readonly Mutant[])[] {
  const groups: Mutant[][] = [];
  for (const mutant of chosen) {
    const fits = (group: readonly Mutant[]): boolean =>
      group.every(
        (other) =>
          other.held.file === mutant.held.file &&
          other.held.test !== mutant.held.test &&
          other.alone !== true &&
          !other.edits.some(({ find }) => mutant.edits.some((own) => own.find === find)),
      );
    const group = isTogether && mutant.alone !== true ? groups.find(fits) : undefined;
    if (group === undefined) groups.push([mutant]);
    else group.push(mutant);
  }
  return groups;
}

/** Whether the tests hold with all walls in place: only then a failure says something about a wall. */
async function isSound(chosen: readonly Mutant[]): Promise<boolean> {
  let sound = true;
  for (const file of new Set(chosen.map(({ held }) => held.file))) {
    const titles = [...new Set(chosen.flatMap(({ held }) => (held.file === file ? [held.test] : [])))];
    const run = await runWith([], file, titles);
    const holds = run.failed.length === 0 && run.error === '';
    sound &&= holds;
    console.log(holds ? `${file} | ${run.passed} passed with all walls in place` : `${file} fails with its walls in place: ${saidBy(run)}`);
  }
  return sound;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    together: { type: 'boolean', default: false },
    sound: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const { only } = values;
const chosen = mutants.filter(
  ({ finding, without, held }) => only === undefined || finding === only || `${without} ${held.file}`.includes(only),
);
const sound = !values.sound || (await isSound(chosen));
const verdicts: Verdict[] = [];
for (const group of groupsOf(chosen, values.together)) verdicts.push(...(await takeOut(group, { isVerbose: values.verbose })));
const caught = verdicts.filter((verdict) => verdict.caught).length;
console.log(`${caught} of ${chosen.length} walls are held by a test`);
process.exitCode = sound && caught === chosen.length && chosen.length > 0 ? 0 : 1;
