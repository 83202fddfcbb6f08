// npm run check-site: proves a site before it goes live. Each line is in order or says what to do; exit code 0 only if all are in order.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readConfig, type Config } from '../../services/shared/platform/settings/config.js';
import { systemClock } from '../../services/shared/platform/processes/system-clock.js';
import { homeOf } from '../supervisor/plan/home.js';
import { makePlan } from '../supervisor/plan/plan.js';
import { choosePorts, type Binding } from '../supervisor/plan/ports.js';
import { secretPathsIn } from '../supervisor/plan/secrets.js';
import { readSettings, type Settings } from '../supervisor/plan/settings.js';
import { languageOf } from '../supervisor/words.js';
import { isGood, type Finding } from './finding.js';
import { checkCertificate, checkDisk, checkPorts, checkWitnesses, existing } from './local-checks.js';
import {
  carrierOf,
  checkCarrier,
  checkClocks,
  checkDocuments,
  checkNames,
  checkServer,
  checkServerCertificate,
  serversOfSite,
} from './server-checks.js';
import { lineOf, summaryOf, usageOf } from './words.js';

const language = languageOf(process.env);
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Keys that the first start makes. They may be missing now, and nothing here uses them. */
const MADE_AT_THE_FIRST_START = ['DRACHTIO_SECRET', 'TOKEN_KEY', 'SEAT_KEY', 'MASTER_KEY', 'S3_ACCESS_KEY', 'S3_SECRET_KEY'];

const isGiven = (name: string): boolean => (process.env[name] ?? '') !== '';

/** The settings of the site, or one sentence for each that is wrong. */
function siteOf(): { readonly settings: Settings; readonly config: Config } {
  try {
    const missing = MADE_AT_THE_FIRST_START.filter((name) => !isGiven(name) && !isGiven(`${name}_FILE`));
    const stands: NodeJS.ProcessEnv = Object.fromEntries(missing.map((name) => [name, 'x'.repeat(44)]));
    return { settings: readSettings(process.env), config: readConfig({ ...process.env, ...stands }) };
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  }
}

/** The ports that a start with these settings would open on this machine. */
function bindingsOf(settings: Settings): readonly Binding[] {
  const home = homeOf(settings.home);
  const base = settings.portBase === 'auto' ? undefined : settings.portBase;
  return makePlan({
    ...{ settings, home, dist, node: process.execPath },
    ports: choosePorts(settings.givenPorts, base),
    secrets: secretPathsIn(home.secrets),
    certificate: { certFile: '', keyFile: '' },
  }).bindings;
}

async function certificatesOf({ settings, config }: ReturnType<typeof siteOf>, nowMs: number): Promise<Finding[]> {
  const { ownCertificate, sipTls } = settings;
  const name = config.WEB_ORIGIN === undefined ? undefined : new URL(config.WEB_ORIGIN).hostname;
  return Promise.all([
    ...(ownCertificate === undefined ? [] : [checkCertificate({ ...ownCertificate, name }, nowMs)]),
    ...(sipTls === undefined ? [] : [checkCertificate(sipTls, nowMs)]),
  ]);
}

async function findingsOf(site: ReturnType<typeof siteOf>, carriers: readonly string[], asksCarriers: boolean): Promise<Finding[]> {
  const { settings, config } = site;
  const nowMs = systemClock.nowMs();
  const servers = serversOfSite(config, isGiven);
  const folders = [settings.home, ...(config.BACKUP_DIR === undefined ? [] : [config.BACKUP_DIR])];
  const hosts = [
    ...servers.map(({ host }) => host),
    ...carriers.flatMap((text) => carrierOf(text)?.host ?? []),
    ...(isGiven('MONGODB_URI') ? [new URL(config.MONGODB_URI.split(',')[0] ?? '').hostname] : []),
    ...(config.WEB_ORIGIN === undefined ? [] : [new URL(config.WEB_ORIGIN).hostname]),
  ];
  const found = await Promise.all([
    checkPorts(bindingsOf(settings)),
    Promise.all(folders.map(async (folder) => checkDisk(await existing(folder), config.SPOOL_ALARM_FREE_BYTES))),
    checkNames(hosts),
    Promise.all(servers.map(checkServer)),
    isGiven('MONGODB_URI') ? checkDocuments(config, systemClock.nowMs) : [],
    checkClocks(config),
    certificatesOf(site, nowMs),
    Promise.all(servers.filter(({ isTls }) => isTls).map((server) => checkServerCertificate(server, nowMs))),
    settings.roles.includes('recorder') && !settings.roles.includes('telephony')
      ? checkWitnesses(config.RTPENGINE_URLS, config.RTPENGINE_PCAP_DIR)
      : [],
    asksCarriers && carriers.length === 0
      ? [{ check: 'carriers' as const, subject: '--carrier', code: 'no-carrier' as const, facts: {} }]
      : Promise.all(carriers.map((carrier) => checkCarrier(carrier, settings.sipHost))),
  ]);
  return found.flat();
}

function orders(): { readonly carrier: readonly string[]; readonly none: boolean; readonly json: boolean } {
  try {
    const { values } = parseArgs({
      options: { carrier: { type: 'string', multiple: true }, 'no-carriers': { type: 'boolean' }, json: { type: 'boolean' } },
    });
    return { carrier: values.carrier ?? [], none: values['no-carriers'] ?? false, json: values.json ?? false };
  } catch {
    console.error(usageOf(language));
    process.exit(2);
  }
}

const { carrier, none, json } = orders();
const findings = await findingsOf(siteOf(), carrier, !none);
if (json) console.log(JSON.stringify(findings, undefined, 2));
else {
  for (const finding of findings) console.log(lineOf(language, finding));
  console.log(summaryOf(language, findings));
}
process.exit(findings.every(isGood) ? 0 : 1);
