import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { say } from './language.mjs';
import { runCommand } from './run-command.mjs';
import { Stop } from './stop.mjs';
import { enginePackages, ensureSystemPackages } from './system-packages.mjs';

/** Each check of types holds gigabytes. */
const CHECKS_AT_ONCE = 3;

const bin = (...path) => join('node_modules', ...path);

/** Cheap tiers first. A check counts as one test; a jest tier counts its tests. */
export const tiers = [
  {
    name: 'lint',
    commands: [
      [bin('oxlint', 'bin', 'oxlint'), '--deny-warnings', '.'],
      [bin('oxfmt', 'bin', 'oxfmt'), '--check', '.'],
    ],
  },
  { name: 'typecheck', commands: [[bin('typescript', 'bin', 'tsc'), '-b']] },
  {
    name: 'boundaries',
    commands: [
      [
        bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
        '--config',
        '.dependency-cruiser.cjs',
        'services',
        'infra',
        'web-agent/src',
        'test',
        'bench',
      ],
    ],
  },
  { name: 'unit', jest: ['--maxWorkers=2'] },
  { name: 'simulation', jest: ['--maxWorkers=2'] },
  // `--forceExit`: a test that leaves something open must not hold up the rest for ever. Workers are sized for a
  // machine of two cores: one integration test leaves 60 % of a core unused, one browser test 30 %; what hears tones in a browser runs beside one other such test, and what counts milliseconds alone.
  { name: 'integration', jest: ['--maxWorkers=3', '--forceExit'], realTime: true },
  { name: 'e2e', jest: ['--maxWorkers=3', '--forceExit'], realTime: true },
  // The files of a worker share one product, one after the other: the effects of one must not show in another.
  { name: 'attacks', jest: ['--maxWorkers=2', '--forceExit'], realTime: true },
  { name: 'browsers', jest: ['--maxWorkers=2', '--forceExit'], realTime: true },
  { name: 'alone', jest: ['--runInBand', '--forceExit'], realTime: true },
  // The product on the servers of a large site: takes minutes, and needs packages that nothing else needs.
  { name: 'engines', jest: ['--runInBand', '--forceExit'], packages: enginePackages, onlyWhenNamed: true },
];

/**
 * Counts passed and failed tests in jest's JSON report. A file that could not run counts as one failure, and so does a report without
 * tests.
 */
export function countJest(report, exitCode) {
  const passed = report.numPassedTests ?? 0;
  const failed = (report.numFailedTests ?? 0) + (report.numRuntimeErrorTestSuites ?? 0);
  return { passed, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/** How many lines of a failure are repeated at the end; the full text is at the place of the failure. */
const linesAgain = 14;

/** The failures in jest's JSON report, each with its file, its name and the beginning of its reason. */
export function failuresOf(report, root) {
  return (report.testResults ?? []).flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    const reasons =
      failed.length === 0 && file.status === 'failed'
        ? [['', file.message]]
        : failed.map((test) => [test.fullName, test.failureMessages.join('\n')]);
    return reasons.map(([name, reason]) => {
      const lines = stripVTControlCharacters(reason).split('\n').slice(0, linesAgain);
      return [`${relative(root, file.name)}: ${name}`, ...lines.map((line) => `    ${line}`)].join('\n');
    });
  });
}

/** With more failed files than this the product or the machine is at fault, and none is run again. */
const mostSecondLooks = 6;

/** The failed files of a report to run once more, by themselves: only when they are few and their tier runs in real time. */
export function secondLooks({ realTime }, report) {
  const failed = (report.testResults ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name);
  return realTime === true && failed.length <= mostSecondLooks ? failed : [];
}

/**
 * Merges a first report with the report of its failed files run by themselves: a file that then passes counts as passed, and its earlier
 * failures become `unsteady`, with their reasons. Whatever fails again has failed.
 */
export function afterSecondLook(first, second, root) {
  const steady = new Set((second.testResults ?? []).filter(({ status }) => status === 'passed').map(({ name }) => name));
  const passedNow = (first.testResults ?? []).filter(({ name, status }) => status === 'failed' && steady.has(name));
  const failures = passedNow.flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'failed'));
  const notRun = passedNow.filter(({ assertionResults }) => assertionResults.every(({ status }) => status !== 'failed'));
  // Jest counts a file whose set-up or teardown threw as one that did not run, even when some of its tests failed.
  const didNotRun = passedNow.filter((file) => notRun.includes(file) || file.message?.includes('Test suite failed to run') === true);
  const again = (second.testResults ?? []).filter(({ name }) => notRun.some((file) => file.name === name));
  return {
    report: {
      ...first,
      numPassedTests: (first.numPassedTests ?? 0) + failures.length + again.reduce((sum, file) => sum + file.assertionResults.length, 0),
      numFailedTests: (first.numFailedTests ?? 0) - failures.length,
      numRuntimeErrorTestSuites: (first.numRuntimeErrorTestSuites ?? 0) - didNotRun.length,
      testResults: (first.testResults ?? []).filter((file) => !passedNow.includes(file)),
    },
    unsteady: failuresOf({ testResults: passedNow }, root),
  };
}

/** `--only a,b` selects these tiers; without it, all tiers run but those that run only when named. */
export function chooseTiers(args) {
  if (args.length === 0) return tiers.filter(({ onlyWhenNamed }) => onlyWhenNamed !== true);
  const [option, names, ...more] = args;
  const wanted = (names ?? '').split(',').filter((name) => name !== '');
  const known = tiers.map(({ name }) => name);
  if (option !== '--only' || more.length > 0 || wanted.length === 0 || wanted.some((name) => !known.includes(name)))
    throw new Stop(`usage: npm test [-- --only ${known.join(',')}]`);
  return tiers.filter(({ name }) => wanted.includes(name));
}

/** Gives `most` turns at once, in the order in which they are asked for. */
export function turns(most) {
  const waiting = [];
  let taken = 0;
  return async (work) => {
    if (taken < most) taken += 1;
    else await new Promise((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
    }
  };
}

/** A check prints its findings when it has ended: several run at once, and their lines must not mix. */
async function runChecks(root, { name, commands }, turn) {
  const results = await Promise.all(
    commands.map(([script, ...args], index) =>
      turn(() => runCommand(root, process.execPath, [script, ...args], { log: `test-${name}-${index + 1}` })),
    ),
  );
  const failed = results.some(({ code }) => code !== 0);
  const outputs = results.map(({ output }) => output.trimEnd());
  const text = outputs.filter((output) => output !== '').join('\n');
  process.stdout.write(`\n== ${name}\n${text}${text === '' ? '' : '\n'}`);
  return failed
    ? { passed: 0, failed: 1, failures: [`${name}\n${text}`], unsteady: [] }
    : { passed: 1, failed: 0, failures: [], unsteady: [] };
}

async function jestReport(root, name, options) {
  const outputFile = join(root, '.cache', 'test', `${name}.json`);
  rmSync(outputFile, { force: true });
  const { code } = await runCommand(
    root,
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      bin('jest', 'bin', 'jest.js'),
      '--json',
      '--outputFile',
      outputFile,
      '--selectProjects',
      ...options,
    ],
    { env: { NODE_OPTIONS: '' } },
  );
  return { code, report: JSON.parse(readFileSync(outputFile, 'utf8')) };
}

async function runJest(root, tier) {
  const { name, jest } = tier;
  process.stdout.write(`\n== ${name}\n`);
  try {
    const { code, report } = await jestReport(root, name, [name, ...jest]);
    const files = secondLooks(tier, report);
    if (files.length === 0) return { ...countJest(report, code), failures: failuresOf(report, root), unsteady: [] };
    process.stdout.write(`\n== ${name}, ${say('the failed files by themselves', '失败的文件单独重跑')}\n`);
    const again = await jestReport(root, `${name}-again`, [name, '--runInBand', '--forceExit', '--runTestsByPath', ...files]);
    const both = afterSecondLook(report, again.report, root);
    return { ...countJest(both.report, again.code), failures: failuresOf(both.report, root), unsteady: both.unsteady };
  } catch (error) {
    return {
      passed: 0,
      failed: 1,
      failures: [`${name}: ${say('no report of its tests', '没有测试报告')} (${error.message})`],
      unsteady: [],
    };
  }
}

/** A tier with packages of its own is skipped where they may not be installed, and says why. */
export async function runTier(root, tier, install = ensureSystemPackages) {
  try {
    if (tier.packages !== undefined) await install(root, tier.packages);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    process.stdout.write(`\n== ${tier.name}\n${error.message}\n`);
    return { passed: 0, failed: 0, skipped: 1, failures: [], unsteady: [] };
  }
  return runJest(root, tier);
}

async function timed(tier, run) {
  const startedAtMs = Date.now();
  return { ...(await run()), name: tier.name, seconds: ((Date.now() - startedAtMs) / 1000).toFixed(1) };
}

const lineOf = ({ name, passed, failed, skipped, seconds }) =>
  skipped === 1
    ? `SKIP ${name}: ${say('its packages could not be installed', '无法安装所需软件包')}`
    : `${failed === 0 ? 'ok  ' : 'FAIL'} ${name}: ${passed} ${say('passed', '通过')}, ${failed} ${say('failed', '失败')} (${seconds} s)`;

/**
 * Runs the tiers, each whatever the others said, and prints `N passed, N failed` as its last line, what passed at a second look alone
 * before it, with `N skipped` behind it where a tier could not run. The checks run on all cores, the jest
 * tiers one after the other: their tests start processes and browsers. @returns the exit code
 */
export async function runTiers(root, args) {
  const folder = join(root, '.cache', 'test');
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, 'summary.txt'), { force: true });
  const chosen = chooseTiers(args);
  const checks = chosen.filter(({ jest }) => jest === undefined);
  const turn = turns(Math.min(availableParallelism(), CHECKS_AT_ONCE));
  const results = await Promise.all(checks.map((tier) => timed(tier, () => runChecks(root, tier, turn))));
  for (const tier of chosen) if (tier.jest !== undefined) results.push(await timed(tier, () => runTier(root, tier)));

  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const lines = results.map(lineOf);
  const skipped = results.filter((result) => result.skipped === 1).length;
  const summary = `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
  writeFileSync(join(folder, 'summary.txt'), `${summary}\n`);
  // Repeated at the end: the place where a test failed is thousands of lines above.
  const failures = results.flatMap((result) => result.failures.map((failure) => `FAIL ${failure}\n`));
  const unsteady = results.flatMap((result) => result.unsteady.map((failure) => `${say('UNSTEADY', '不稳定')} ${failure}\n`));
  process.stdout.write(`\n${[...unsteady, ...failures, ...lines].join('\n')}\n${summary}\n`);
  return failed === 0 ? 0 : 1;
}
