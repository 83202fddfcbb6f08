import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..', '..');
const load = async <Module>(name: string): Promise<Module> =>
  (await import(pathToFileURL(join(root, 'infra', 'bootstrap', name)).href)) as Module;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('set-up asks before it does', () => {
  test.each([
    ['20.19.0', true],
    ['24.1.0', true],
    ['20.18.3', false],
    ['18.20.8', false],
  ])('Node %s is new enough: %s', async (version, enough) => {
    const { newEnough } = await load<{ newEnough: (version: string) => boolean }>('node-version.mjs');
    expect(newEnough(version)).toBe(enough);
  });

  test('npm packages are up to date only when every wanted version is there', async () => {
    const { installedMatches } = await load<{ installedMatches: (lock: object, installed: object | undefined) => boolean }>(
      'npm-packages.mjs',
    );
    const lock = {
      packages: {
        '': { version: '1.0.0' },
        'web-agent': { version: '0.1.0' },
        'node_modules/@proofline/web-agent': { resolved: 'web-agent', link: true },
        'node_modules/a': { version: '1.2.3' },
        'node_modules/other-system': { version: '2.0.0', optional: true },
      },
    };
    expect(installedMatches(lock, undefined)).toBe(false);
    expect(installedMatches(lock, { packages: { 'node_modules/a': { version: '1.2.3' } } })).toBe(true);
    expect(installedMatches(lock, { packages: { 'node_modules/a': { version: '1.2.2' } } })).toBe(false);
    expect(installedMatches(lock, { packages: {} })).toBe(false);
  });

  test.each([
    ['ID=debian\n', true],
    ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', true],
    ['ID="linuxmint"\nID_LIKE="ubuntu debian"\n', true],
    ['ID=fedora\n', false],
    ['', false],
  ])('%j may be set up with apt: %s', async (osRelease, yes) => {
    const { isDebianLike } = await load<{ isDebianLike: (osRelease: string) => boolean }>('system-packages.mjs');
    expect(isDebianLike(osRelease)).toBe(yes);
  });

  test('a build is repeated only when a source has changed', async () => {
    const { fingerprint } = await load<{ fingerprint: (root: string, paths: string[]) => string }>('fingerprint.mjs');
    mkdirSync(join(folder, 'src', 'node_modules'), { recursive: true });
    writeFileSync(join(folder, 'src', 'a.ts'), '1');
    const first = fingerprint(folder, ['src', 'missing']);
    writeFileSync(join(folder, 'src', 'node_modules', 'b.js'), '2');
    expect(fingerprint(folder, ['src', 'missing'])).toBe(first);
    writeFileSync(join(folder, 'src', 'a.ts'), '3');
    expect(fingerprint(folder, ['src', 'missing'])).not.toBe(first);
  });
});

describe('the summary of the tests', () => {
  interface Tiers {
    countJest: (report: object, exitCode: number) => { passed: number; failed: number };
    failuresOf: (report: object, root: string) => string[];
    secondLooks: (tier: object, report: object) => string[];
    afterSecondLook: (first: object, second: object, root: string) => { report: object; unsteady: string[] };
    chooseTiers: (args: string[]) => { name: string }[];
    runTier: (
      root: string,
      tier: object,
      install: () => Promise<string[]>,
    ) => Promise<{ passed: number; failed: number; skipped?: number }>;
  }

  test('a file that could not run is a failure, and an exit code is believed', async () => {
    const { countJest } = await load<Tiers>('tiers.mjs');
    expect(countJest({ numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }, 0)).toEqual({ passed: 7, failed: 0 });
    expect(countJest({ numPassedTests: 7, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }, 1)).toEqual({ passed: 7, failed: 3 });
    expect(countJest({ numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }, 1)).toEqual({ passed: 7, failed: 1 });
  });

  test('what failed is said again with its file, its name and the beginning of its reason, a file that could not run too', async () => {
    const { failuresOf } = await load<Tiers>('tiers.mjs');
    const reason = `\u001b[31mexpected 1\u001b[39m\n${'at line\n'.repeat(50)}`;
    const testResults = [
      { name: '/here/a.test.ts', status: 'passed', message: '', assertionResults: [{ status: 'passed' }] },
      {
        name: '/here/b.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [{ status: 'failed', fullName: 'rings', failureMessages: [reason] }],
      },
      { name: '/here/c.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] },
    ];
    const said = failuresOf({ testResults }, '/here');
    expect(said.map((text) => text.split('\n').slice(0, 2))).toEqual([
      ['b.test.ts: rings', '    expected 1'],
      ['c.test.ts: ', '    Cannot find module'],
    ]);
    expect(said[0]?.split('\n').length).toBeLessThan(20);
  });

  const passed = (name: string): object => ({ name, status: 'passed', message: '', assertionResults: [{ status: 'passed' }] });
  const failed = (name: string): object => ({
    name,
    status: 'failed',
    message: '',
    assertionResults: [{ status: 'passed' }, { status: 'failed', fullName: 'rings', failureMessages: ['too late'] }],
  });

  test('a few failed files of a tier in real time get a second look, never those of a tier that depends on no time', async () => {
    const { secondLooks } = await load<Tiers>('tiers.mjs');
    const testResults = [passed('/here/a'), failed('/here/b'), failed('/here/c')];
    expect(secondLooks({ realTime: true }, { testResults })).toEqual(['/here/b', '/here/c']);
    expect(secondLooks({}, { testResults })).toEqual([]);
    expect(
      secondLooks(
        { realTime: true },
        { testResults: [...testResults, ...['d', 'e', 'f', 'g', 'h'].map((name) => failed(`/here/${name}`))] },
      ),
    ).toEqual([]);
  });

  test('what passes at the second look is named as unsteady with its reason; what fails again has failed', async () => {
    const { afterSecondLook, countJest, failuresOf } = await load<Tiers>('tiers.mjs');
    const notRun = { name: '/here/d', status: 'failed', message: 'port taken', assertionResults: [] };
    const first = {
      numPassedTests: 3,
      numFailedTests: 2,
      numRuntimeErrorTestSuites: 1,
      testResults: [passed('/here/a'), failed('/here/b'), failed('/here/c'), notRun],
    };
    const second = { testResults: [passed('/here/b'), failed('/here/c'), passed('/here/d')] };
    const { report, unsteady } = afterSecondLook(first, second, '/here');
    expect(countJest(report, 1)).toEqual({ passed: 5, failed: 1 });
    expect(failuresOf(report, '/here')).toEqual(['c: rings\n    too late']);
    expect(unsteady).toEqual(['b: rings\n    too late', 'd: \n    port taken']);
  });

  test('a file of which tests failed and the end threw counts once, and not at all when it passes by itself', async () => {
    const { afterSecondLook, countJest } = await load<Tiers>('tiers.mjs');
    const both = { ...failed('/here/b'), message: '● rings\n\n● Test suite failed to run\n' };
    const first = { numPassedTests: 1, numFailedTests: 1, numRuntimeErrorTestSuites: 1, testResults: [passed('/here/a'), both] };
    expect(countJest(afterSecondLook(first, { testResults: [passed('/here/b')] }, '/here').report, 0)).toEqual({ passed: 2, failed: 0 });
    expect(countJest(afterSecondLook(first, { testResults: [both] }, '/here').report, 1)).toEqual({ passed: 1, failed: 2 });
  });

  test('a tier whose packages may not be installed is counted as skipped, neither as passed nor as failed', async () => {
    const { runTier } = await load<Tiers>('tiers.mjs');
    const { Stop } = await load<{ Stop: new (message: string) => Error }>('stop.mjs');
    const tier = { name: 'engines', jest: [], packages: [{ name: 'no-such-package' }] };
    const refused = async (): Promise<string[]> => {
      throw new Stop('only root may install them');
    };
    expect(await runTier(root, tier, refused)).toMatchObject({ passed: 0, failed: 0, skipped: 1 });
    const broken = async (): Promise<string[]> => {
      throw new Error('a fault of ours');
    };
    await expect(runTier(root, tier, broken)).rejects.toThrow('a fault of ours');
  });

  test('some tiers can be chosen; a wrong name is refused', async () => {
    const { chooseTiers } = await load<Tiers>('tiers.mjs');
    expect(chooseTiers([]).map(({ name }) => name)).toEqual([
      'lint',
      'typecheck',
      'boundaries',
      'unit',
      'simulation',
      'integration',
      'e2e',
      'attacks',
      'browsers',
      'alone',
    ]);
    expect(chooseTiers(['--only', 'unit,lint']).map(({ name }) => name)).toEqual(['lint', 'unit']);
    expect(() => chooseTiers(['--only', 'all'])).toThrow('usage');
    expect(chooseTiers(['--only', 'engines']).map(({ name }) => name)).toEqual(['engines']);
    expect(() => chooseTiers(['--fast'])).toThrow('usage');
  });
});

describe('system packages are installed without starting their services', () => {
  const policy = (): string => join(folder, 'policy-rc.d');

  /** Runs the script with an apt-get that notes what the policy would have said, and ends as told. */
  function install(aptExit: number): SpawnSyncReturns<string> {
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    const program = (name: string, text: string): void => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    program('id', 'echo 0');
    program('apt-get', `sh "$POLICY_RC_D"; echo "$? $*" >>"${join(folder, 'calls')}"; case "$*" in *install*) exit ${aptExit};; esac`);
    program('systemctl', 'exit 0');
    return spawnSync('sh', [join(root, 'infra', 'bootstrap', 'install-packages.sh'), 'valkey-server'], {
      encoding: 'utf8',
      env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, POLICY_RC_D: policy() },
    });
  }

  test.each([0, 100])('and what stood in the way of services before is put back (apt ends with %d)', (aptExit) => {
    writeFileSync(policy(), '#!/bin/sh\nexit 0 # ours\n');
    expect(install(aptExit).status).toBe(aptExit);
    expect(readFileSync(policy(), 'utf8')).toContain('# ours');
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(calls).toHaveLength(2);
    expect(calls.every((call) => call.startsWith('101 '))).toBe(true);
    expect(calls[1]).toContain('--no-install-recommends install valkey-server');
  });

  test('nothing stays where there was nothing', () => {
    expect(install(0).status).toBe(0);
    expect(existsSync(policy())).toBe(false);
    expect(existsSync(`${policy()}.none-before-proofline`)).toBe(false);
  });

  test('a run that was killed does not make its own file the original', () => {
    writeFileSync(policy(), '#!/bin/sh\nexit 101\n');
    writeFileSync(`${policy()}.before-proofline`, '# the true one\n');
    expect(install(0).status).toBe(0);
    expect(readFileSync(policy(), 'utf8')).toBe('# the true one\n');
  });
});

test.each([
  ["Could not resolve 'packages.example.org'", 'The package server cannot be reached'],
  ['curl: (6) Could not resolve host: packages', 'The package server cannot be reached'],
  ["Could not resolve '@example/plugin' in vite.config.js", 'Building failed. The end of its output'],
])('a step that ends with %j says "%s"', async (output, said) => {
  const { mustRun } = await load<{ mustRun: (root: string, command: string, args: string[], more: object) => Promise<void> }>(
    'run-command.mjs',
  );
  const failing = ['-e', 'console.error(process.argv[1]); process.exit(1)', output];
  await expect(mustRun(folder, process.execPath, failing, { log: 'step', what: 'Building', env: {} })).rejects.toThrow(said);
});

test('a command that does not exist is answered with how to use it, exit code 1', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'infra', 'bootstrap', 'cli.mjs'), 'fly'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^usage: /);
});
