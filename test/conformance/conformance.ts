import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startDocumentStore } from '../../infra/embedded/documents/index.js';
import { startObjectStore } from '../../infra/embedded/objects/index.js';
import { runCrud } from './crud.js';
import { pageOfSuite, resultOf, withResults, type SuiteResult } from './page.js';
import { ofDebianPackage, ofNpmPackage } from './sources.js';
import { runSrf } from './srf.js';

// Suites written by others, run against the embedded servers: docs/conformance.md names them and their sources.

const USAGE = `usage: npm run conformance -- --only crud[,srf,mongoose,minio-js,s3-tests] [--from FOLDER] [--uri mongodb://...] [--write]
  crud       MongoDB's CRUD specification; fetched from Debian, or --from a folder of its unified files; --uri names another server
  srf        drachtio-srf's own tests, which its package on npm carries; needs sipp, ip and the right to make namespaces
  mongoose   --from a checkout with its packages installed
  minio-js   --from a checkout with its packages installed
  s3-tests   --from a checkout with a virtual environment in .venv
  --write    keeps what was found in test/conformance/results.json and on the conformance page of the engine`;
const CRUD_PACKAGE = 'golang-mongodb-mongo-driver-dev';
const CRUD_FOLDER = 'usr/share/gocode/src/go.mongodb.org/mongo-driver/testdata/crud/unified';
/** What drachtio-srf's tests need besides it, in the versions that its package names. */
const SRF_BESIDES = { config: '4.1.1', mocha: '11.7.4', should: '13.2.3', 'sip-message-examples': '0.0.7', tape: '5.9.0' } as const;
const RESULTS = 'test/conformance/results.json';
const CREDENTIAL = { accessKey: 'conformance', secretKey: 'conformance-secret', policy: 'admin' } as const;

const { values } = parseArgs({
  options: { only: { type: 'string' }, from: { type: 'string' }, uri: { type: 'string' }, write: { type: 'boolean', default: false } },
});
const today = new Date().toISOString().slice(0, 10);

const suites: Readonly<Record<string, () => Promise<SuiteResult | number>>> = {
  async crud() {
    const source =
      values.from === undefined ? await ofDebianPackage(CRUD_PACKAGE, CRUD_FOLDER) : { folder: resolve(values.from), from: 'a folder' };
    if (source === undefined) throw new Error(`apt has no package ${CRUD_PACKAGE}: give the folder of the unified files by --from`);
    const of = { suite: 'MongoDB CRUD specification', from: source.from, against: values.uri ?? 'the embedded document store', on: today };
    return resultOf(of, await runCrud(source.folder, values.uri));
  },
  srf: async () =>
    inTemporaryFolder(async (folder) => {
      const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as { readonly dependencies: Record<string, string> };
      const source = await ofNpmPackage('drachtio-srf', dependencies['drachtio-srf'] ?? 'latest', SRF_BESIDES);
      if (source === undefined) throw new Error('npm cannot bring drachtio-srf and what its tests need');
      const of = { suite: "drachtio-srf's own tests", from: source.from, against: 'the embedded SIP server', on: today };
      return resultOf(of, await runSrf(source.folder, folder));
    }),
  mongoose: async () =>
    inTemporaryFolder(async (folder) => {
      const store = await startDocumentStore({ folder, minFreeBytes: 0 });
      const env = { MONGOOSE_TEST_URI: store.uri, START_REPLICA_SET: '', CREATE_MONGODB_MEMORY_SERVER: '' };
      try {
        return await run('npx', ['mocha', '--exit', 'test/*.test.js'], env);
      } finally {
        await store.close();
      }
    }),
  'minio-js': async () =>
    withObjects(async ({ port }) => {
      const env = {
        SERVER_ENDPOINT: `127.0.0.1:${port}`,
        ACCESS_KEY: CREDENTIAL.accessKey,
        SECRET_KEY: CREDENTIAL.secretKey,
        ENABLE_HTTPS: '0',
      };
      return run('npx', ['mocha', 'tests/functional/functional-tests.js'], env);
    }),
  's3-tests': async () =>
    withObjects(async ({ port, folder }) => {
      const file = join(folder, 's3tests.conf');
      await writeFile(file, s3TestsConfig(port));
      return run('.venv/bin/pytest', ['-q', 's3tests/functional/test_s3.py'], { S3TEST_CONF: file });
    }),
};

/** Runs the suite's own command in its folder, which prints its counts; resolves with its exit code. */
async function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  if (values.from === undefined) throw new Error('this suite is run from a folder: give it by --from');
  const child = spawn(command, args, { cwd: resolve(values.from), env: { ...process.env, ...env }, stdio: 'inherit' });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 1));
  });
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const withObjects = (work: (store: { readonly port: number; readonly folder: string }) => Promise<number>): Promise<number> =>
  inTemporaryFolder(async (folder) => {
    const store = await startObjectStore({
      dataFolder: join(folder, 'objects'),
      host: '127.0.0.1',
      port: 0,
      credentials: [CREDENTIAL],
      minFreeBytes: 0,
    });
    try {
      return await work({ port: Number(new URL(store.endpoint).port), folder });
    } finally {
      await store.stop();
    }
  });

const s3TestsConfig = (port: number): string => {
  const account = (section: string): string =>
    `[${section}]\nuser_id = conformance\ndisplay_name = conformance\nemail = conformance@example.com\naccess_key = ${CREDENTIAL.accessKey}\nsecret_key = ${CREDENTIAL.secretKey}\n`;
  return `[DEFAULT]\nhost = 127.0.0.1\nport = ${port}\nis_secure = False\n[fixtures]\nbucket prefix = conformance-{random}-\n${['s3 main', 's3 alt', 's3 tenant'].map(account).join('')}`;
};

async function keep(result: SuiteResult): Promise<void> {
  const known = JSON.parse(await readFile(RESULTS, 'utf8')) as SuiteResult[];
  const results = [...known.filter(({ suite }) => suite !== result.suite), result].sort((a, b) => a.suite.localeCompare(b.suite));
  await writeFile(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
  const page = pageOfSuite(result.suite);
  const shown = results.filter(({ suite }) => pageOfSuite(suite) === page);
  await writeFile(page, withResults(await readFile(page, 'utf8'), shown));
}

const chosen = (values.only ?? '').split(',').filter((name) => name !== '');
if (chosen.length === 0 || chosen.some((name) => !(name in suites))) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
} else
  for (const name of chosen) {
    const result = await suites[name]?.();
    if (typeof result === 'number') process.exitCode = result;
    else if (result !== undefined) {
      for (const { name: test, says } of result.failed) process.stdout.write(`failed: ${test} | ${says}\n`);
      const skipped = Object.values(result.skipped).reduce((sum, count) => sum + count, 0);
      process.stdout.write(
        `${result.suite} (${result.from}): ${result.passed} passed, ${result.failed.length} failed, ${skipped} skipped\n`,
      );
      if (values.write) await keep(result);
    }
  }
