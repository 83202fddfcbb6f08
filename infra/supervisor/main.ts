import { takeAuthorities } from './certificates/authorities.js';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { givenSettings } from '../../services/shared/platform/settings/config.js';
import { checkOwnCertificate, ensureCertificate, localNames, type CertificateFiles } from './certificates/certificate.js';
import { checkFree, claimBase } from './plan/free-ports.js';
import { homeOf, makeHome, type Home } from './plan/home.js';
import { isolate, type Isolation } from './processes/isolation.js';
import { LogArchive } from './logs/log-archive.js';
import { makePlan, type Plan } from './plan/plan.js';
import { choosePorts, type Ports } from './plan/ports.js';
import { ProcessTable } from './processes/process-table.js';
import { readyFileOf, removeReadyFile, writeReadyFile } from './ready-file.js';
import { withoutRepeats } from './logs/repeated-news.js';
import { ensureSecrets, type SecretPaths } from './plan/secrets.js';
import { readSettings, type Settings } from './plan/settings.js';
import { StartFailure } from './start-failure.js';
import { Supervisor } from './supervisor.js';
import { socketIn } from './processes/own-socket.js';
import {
  drainingText,
  languageOf,
  newsText,
  notIsolatedText,
  problemText,
  startingText,
  stoppedText,
  stoppingText,
  welcomeText,
} from './words.js';

const ADMINISTRATOR = 'admin';
const PARENT_WATCH_MS = 500;

const language = languageOf(process.env);
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const root = join(dist, '..');

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const printNews = withoutRepeats((text) => print(`${clock()} ${text}`));
const clock = (): string => new Date().toISOString().slice(11, 19);

/** Ports and plan of this start. With `auto` the base stays claimed for the life of this process. */
async function planFor(
  settings: Settings,
  home: Home,
  secrets: SecretPaths,
  certificate: CertificateFiles,
): Promise<{ plan: Plan; ports: Ports }> {
  const authoritiesFile = settings.authoritiesFile && takeAuthorities(settings.authoritiesFile, home.run);
  const valkeySocket = settings.valkeySocket ? await socketIn(home.run, 'valkey.sock') : undefined;
  const planWith = (base: number | undefined): { plan: Plan; ports: Ports } => {
    const ports = choosePorts(settings.givenPorts, base);
    return {
      ports,
      plan: makePlan({ settings, ports, home, secrets, valkeySocket, certificate, authoritiesFile, dist, node: process.execPath }),
    };
  };
  if (settings.portBase !== 'auto') {
    const made = planWith(settings.portBase);
    await checkFree(made.plan.bindings);
    return made;
  }
  const { base } = await claimBase((candidate) => planWith(candidate).plan.bindings);
  return planWith(base);
}

async function certificateFor(settings: Settings, home: Home): Promise<CertificateFiles> {
  if (settings.ownCertificate === undefined) return ensureCertificate(home.secrets, [...localNames(), ...settings.tlsNames]);
  checkOwnCertificate(settings.ownCertificate);
  return settings.ownCertificate;
}

/** Isolates before the first process listens, so that nobody can reach a port before the rules are set. */
async function isolationFor(settings: Settings, home: Home, plan: Plan): Promise<Isolation> {
  const isolation = await isolate({
    mode: settings.isolate,
    home: home.home,
    bindings: plan.bindings,
    innerAddress: settings.mediaInnerAddress,
  });
  if (isolation.state === 'not-permitted') {
    if (settings.isolate === 'yes') throw new StartFailure('not-isolated', { reason: isolation.reason });
    print(notIsolatedText(language, isolation.reason));
  }
  return isolation;
}

/** A signal to npm ends the shell between npm and this process, and nobody tells us: a changed parent process shows it. */
function stopWithNpm(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, PARENT_WATCH_MS);
  watch.unref();
}

const TIDY_LOGS_MS = 3_600_000;

async function main(): Promise<void> {
  const startedAtMs = Date.now();
  const settings = readSettings(process.env);
  const home = homeOf(settings.home);
  makeHome(home);
  const table = new ProcessTable(home.run);
  await table.clearStale();
  removeReadyFile(home.run);
  const { paths: secrets, firstRun } = ensureSecrets(home.secrets);
  const certificate = await certificateFor(settings, home);
  const { plan: made, ports } = await planFor(settings, home, secrets, certificate);
  const isolation = await isolationFor(settings, home, made);
  const plan: Plan = { ...made, isolation: isolation.state };
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

  let readyAt: string | undefined;
  const tellReady = (): void => {
    if (readyAt === undefined) return;
    const about = { version, home: home.home, layout: settings.layout, readyAt, ports };
    writeReadyFile(home.run, readyFileOf(about, plan, supervisor.running(), givenSettings(process.env)));
  };
  const archive = new LogArchive({
    folder: home.logs,
    stateFile: join(home.run, 'logs.json'),
    keepDays: settings.logKeepDays,
    diskBytes: settings.logDiskBytes,
  });
  await archive.open();
  setInterval(() => void archive.tidy(), TIDY_LOGS_MS).unref();
  const supervisor = new Supervisor({
    plan,
    logFolder: home.logs,
    archive,
    table,
    cwd: root,
    onStage: (names) => print(startingText(language, names)),
    onNews: (name, news) => {
      const text = newsText(language, name, news);
      if (text !== undefined) printNews(text);
      if (news.kind === 'started' || news.kind === 'died') tellReady();
    },
  });

  let stopping = false;
  let hurry: () => void = () => undefined;
  const hurried = new Promise<void>((resolve) => (hurry = resolve));
  const drainAndStop = async (): Promise<void> => {
    const limitMs = readyAt === undefined ? 0 : settings.stopDrainMs;
    await supervisor.drain({
      limitMs,
      hurry: hurried,
      tell(calls) {
        if (calls > 0) print(drainingText(language, calls, limitMs / 1_000));
      },
    });
    print(stoppingText(language));
    readyAt = undefined;
    removeReadyFile(home.run);
    await supervisor.stop();
  };
  const stop = (): void => {
    // A second request means that the person does not want to wait.
    if (stopping) hurry();
    if (stopping) return;
    stopping = true;
    void drainAndStop().then(async () => {
      await isolation.lift();
      table.remove();
      print(stoppedText(language));
      process.exit(0);
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  stopWithNpm(stop);

  await supervisor.start().catch(async (error: unknown) => {
    await isolation.lift();
    table.remove();
    throw error;
  });
  if (stopping) return;
  readyAt = new Date().toISOString();
  const standsBy = supervisor.running().flatMap((each) => each.standsBy);
  print(
    welcomeText(language, {
      url: settings.roles.includes('api') && !standsBy.includes('api') ? plan.urls['web'] : undefined,
      working: settings.roles.filter((role) => !standsBy.includes(role)),
      standsBy,
      sip: plan.urls['sip'],
      home: home.home,
      seconds: ((Date.now() - startedAtMs) / 1000).toFixed(1),
      authorityFile: certificate.authorityFile,
      admin: firstRun ? { name: ADMINISTRATOR, password: firstPasswordFor(process.stdout, secrets.admin), file: secrets.admin } : undefined,
    }),
  );
  tellReady();
}

/** Shown only on a terminal: in a journal or a file, others could read it later. */
const firstPasswordFor = ({ isTTY }: { readonly isTTY?: boolean }, file: string): string | undefined =>
  isTTY === true ? readFileSync(file, 'utf8').trim() : undefined;

main().catch((error: unknown) => {
  const text =
    error instanceof StartFailure
      ? problemText(language, error.problem, error.facts)
      : error instanceof Error
        ? error.message
        : 'The start failed.';
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
