import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, stopProcess } from '../../integration/recording/recording-support.js';
import type { Machine } from '../machines.js';
import type { SecondNetwork } from './second-network.js';
import { until } from '../until.js';

const HOST = '127.0.0.1';

export interface Kamailio extends AsyncDisposable {
  readonly port: number;
}

export interface KamailioPlace {
  readonly host?: string | undefined;
  /** A free port of this machine without it. */
  readonly port?: number | undefined;
  /** Starts it in another network. */
  readonly command?: SecondNetwork['command'];
}

/**
 * A carrier that knows us by our registration alone, challenges every request that we send, and stays on the route of its calls. What is
 * called at `ours` goes to where we registered, everything else to `farUri`.
 */
export const carrierProxy = ({
  host,
  port,
  ours,
  farUri,
  username,
  password,
}: {
  readonly host: string;
  readonly port: number;
  readonly ours: string;
  readonly farUri: string;
  readonly username: string;
  readonly password: string;
}): string => `
debug=0
log_stderror=yes
fork=yes
children=2
auto_aliases=no
disable_tls=yes
listen=udp:${host}:${String(port)}
listen=tcp:${host}:${String(port)}
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (method == "ACK") { if (t_check_trans()) { t_relay(); } exit; }
    sl_send_reply("404", "Not here");
    exit;
  }
  if (method == "CANCEL") { if (t_check_trans()) { t_relay(); } exit; }
  if (method == "REGISTER") {
    if ($fU != "${username}" || !pv_www_authenticate("carrier", "${password}", "0")) { www_challenge("carrier", "0"); exit; }
    save("location");
    exit;
  }
  if (method == "OPTIONS") { sl_send_reply("200", "OK"); exit; }
  record_route();
  if ($rU == "${ours}") {
    # To the site, at the address that it registered from.
    if (!lookup("location", "sip:${username}@${host}")) { sl_send_reply("480", "Nobody registered"); exit; }
    t_relay();
    exit;
  }
  if (!pv_proxy_authenticate("carrier", "${password}", "0")) { proxy_challenge("carrier", "0"); exit; }
  consume_credentials();
  $du = "${farUri}";
  t_relay();
}
`;

/** Debian's Kamailio with a configuration that `configure` makes for its port and for a folder of its own. */
export async function startKamailio(
  configure: (port: number, folder: string) => string | Promise<string>,
  { host = HOST, port: chosenPort, command = (program, args) => [program, args] }: KamailioPlace = {},
): Promise<Kamailio> {
  const folder = await mkdtemp(join(tmpdir(), 'kamailio-'));
  const port = chosenPort ?? (await freePort());
  await writeFile(join(folder, 'kamailio.cfg'), await configure(port, folder));
  // -m and -M keep its memory small; its working folder is ours, so that it leaves nothing behind.
  const own = ['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-m', '32', '-M', '4', '-Y', folder, '-w', folder];
  const [program, args] = command('kamailio', own);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
  child.on('error', () => (complaint += 'kamailio cannot be started: install the Debian package kamailio'));
  const isGone = (): boolean => child.exitCode !== null || child.pid === undefined;
  await until(async () => isGone() || (await isOpen(host, port)), Boolean, 20_000);
  if (isGone()) throw new Error(complaint);
  return { port, [Symbol.asyncDispose]: () => stop(child, folder) };
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  await stopProcess(child);
  await rm(folder, { recursive: true, force: true });
}

const isOpen = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host);
    for (const event of ['connect', 'error'] as const)
      socket.once(event, () => {
        socket.destroy();
        resolve(event === 'connect');
      });
  });

/** What a site puts into the example of infra/kamailio. */
interface SiteKamailio {
  readonly carriers: readonly string[];
  /** `host:port` */
  readonly nodes: readonly string[];
  /** How many calls a second an address may bring. */
  readonly callsPerSecond?: number;
}

/** The example of infra/kamailio as a site fills it. */
export async function startSiteKamailio(site: SiteKamailio & { readonly host?: string; readonly port?: number }): Promise<Kamailio> {
  const { host = HOST } = site;
  return startKamailio((port, folder) => filledExample(site, `${host}:${port}`, folder), { host, port: site.port });
}

/** The same on a machine of a pair, at an address that may be with the other one. */
export async function runSiteKamailio(
  machine: Machine,
  site: SiteKamailio & { readonly host: string; readonly port: number; readonly folder: string },
): Promise<ChildProcess> {
  await mkdir(site.folder, { recursive: true });
  const configuration = await filledExample(site, `${site.host}:${site.port}`, site.folder);
  const file = join(site.folder, 'kamailio.cfg');
  await writeFile(file, configuration.replace('#listen=', 'listen='));
  const prepared = 'echo 1 > /proc/sys/net/ipv4/ip_nonlocal_bind && exec kamailio "$@"';
  const args = ['-f', file, '-DD', '-E', '-m', '32', '-M', '4', '-Y', site.folder, '-w', site.folder];
  return machine.run('sh', ['-c', prepared, 'kamailio', ...args], {});
}

async function filledExample({ carriers, nodes, callsPerSecond = 400 }: SiteKamailio, at: string, folder: string): Promise<string> {
  const example = await readFile(join(import.meta.dirname, '..', '..', '..', 'infra', 'kamailio', 'kamailio.cfg'), 'utf8');
  const nodeHosts = [...new Set(nodes.map((node) => node.split(':')[0] ?? ''))];
  const addresses = [...carriers.map((each) => `1 ${each} 32 0`), ...nodeHosts.map((each) => `2 ${each} 32 0`)];
  await writeFile(join(folder, 'address.list'), `${addresses.join('\n')}\n`);
  await writeFile(join(folder, 'dispatcher.list'), nodes.map((node) => `1 sip:${node} 0 0\n`).join(''));
  return example
    .replaceAll('127.0.0.1:5080', at)
    .replaceAll('/etc/kamailio/', `${folder}/`)
    .replace('/CALLS_PER_SECOND/400/', `/CALLS_PER_SECOND/${callsPerSecond}/`);
}
