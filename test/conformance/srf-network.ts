// Runs within the network of drachtio-srf's tests: the servers, the sipps that wait for calls, and the tests themselves. Started by srf.ts.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSipServer } from '../../infra/embedded/sip/index.js';
import { outcomesOf } from './tap.js';
import type { Outcome } from './unified.js';

/** Where everything is, and who is who in the network. */
export interface SrfPlace {
  /** drachtio-srf, with its tests. */
  readonly suite: string;
  readonly bin: string;
  readonly scenarios: string;
  /** With a scenario: a sipp that waits for calls. Without one: a SIP server. */
  readonly hosts: readonly { readonly name: string; readonly address: string; readonly scenario?: string | undefined }[];
  /** Scripts of the suite, in their order. */
  readonly files: readonly string[];
}

/** Admin ports of the servers, as in the suite's configuration (config/test.json). */
const ADMIN_PORTS: Readonly<Record<string, number>> = { 'drachtio-sut': 9061, 'drachtio-uas': 9062 };
const SECRET = 'cymru';
const FILE_WITHIN_MS = 120_000;

/** Runs a program in the suite's folder; resolves with what it printed. */
async function printed(program: string, args: readonly string[], { suite, bin }: SrfPlace): Promise<string> {
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, NODE_ENV: 'test', NODE_OPTIONS: '' };
  const child = spawn(program, args, { cwd: suite, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), FILE_WITHIN_MS);
  await once(child, 'close');
  clearTimeout(timer);
  return output;
}

async function unitTests(place: SrfPlace, mocha: string): Promise<Outcome[]> {
  // The tests print too, so the reporter writes to a file.
  const file = join(place.scenarios, 'unit.json');
  const reporter = ['--reporter', 'json', '--reporter-option', `output=${file}`];
  await printed(process.execPath, [mocha, ...reporter, '--exit', './test/unit-tests/'], place);
  const report = JSON.parse(await readFile(file, 'utf8')) as {
    readonly passes: readonly { readonly fullTitle: string }[];
    readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
    readonly pending: readonly { readonly fullTitle: string }[];
  };
  return [
    ...report.passes.map(({ fullTitle }): Outcome => ({ name: `unit: ${fullTitle}`, result: 'passed' })),
    ...report.failures.map(({ fullTitle, err }): Outcome => ({ name: `unit: ${fullTitle}`, result: 'failed', says: err.message ?? '' })),
    ...report.pending.map(({ fullTitle }): Outcome => ({ name: `unit: ${fullTitle}`, result: 'skipped', says: 'skipped by the suite' })),
  ];
}

async function main(): Promise<void> {
  const [placeFile = '', answerFile = ''] = process.argv.slice(2);
  const place = JSON.parse(await readFile(placeFile, 'utf8')) as SrfPlace;
  const waiting: ChildProcess[] = [];
  for (const { name, address, scenario } of place.hosts) {
    const port = ADMIN_PORTS[name];
    if (port !== undefined)
      await startSipServer({
        admin: { host: '127.0.0.1', port },
        secret: SECRET,
        contacts: [`sip:${address}:5060;transport=udp`],
        strictDialogs: true,
        limits: { spammers: ['sipvicious'] },
      });
    if (scenario !== undefined)
      waiting.push(
        spawn('sipp', ['-sf', join(place.scenarios, scenario), '-i', address, '-p', '5060', '-mi', address, '-nostdin'], {
          stdio: 'ignore',
          cwd: place.scenarios,
        }),
      );
  }
  const outcomes = await unitTests(place, join(place.suite, '..', 'mocha', 'bin', 'mocha.js'));
  for (const file of place.files) outcomes.push(...outcomesOf(file, await printed(process.execPath, [join('test', `${file}.js`)], place)));
  for (const child of waiting) child.kill('SIGKILL');
  await writeFile(answerFile, JSON.stringify(outcomes));
}

await main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'the suite failed'}\n`);
    process.exit(1);
  },
);
