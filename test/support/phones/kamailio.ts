import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, stopProcess } from '../../integration/recording/recording-support.js';
import { until } from '../until.js';

const HOST = '127.0.0.1';

export interface Kamailio extends AsyncDisposable {
  readonly port: number;
}

/** Debian's Kamailio with a configuration that `configure` makes for its port and for a folder of its own. */
export async function startKamailio(
  configure: (port: number, folder: string) => string | Promise<string>,
  host = HOST,
  chosenPort?: number,
): Promise<Kamailio> {
  const folder = await mkdtemp(join(tmpdir(), 'kamailio-'));
  const port = chosenPort ?? (await freePort());
  await writeFile(join(folder, 'kamailio.cfg'), await configure(port, folder));
  // -m and -M keep its memory small; its working folder is ours, so that it leaves nothing behind.
  const child = spawn('kamailio', ['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-m', '32', '-M', '4', '-Y', folder, '-w', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
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

/** The example of infra/kamailio as a site fills it: its carriers, its nodes (`host:port`), and how many calls a second an address may bring. */
export async function startSiteKamailio(site: {
  readonly host?: string;
  readonly port?: number;
  readonly carriers: readonly string[];
  readonly nodes: readonly string[];
  readonly callsPerSecond?: number;
}): Promise<Kamailio> {
  const { host = HOST, carriers, nodes } = site;
  const example = await readFile(join(import.meta.dirname, '..', '..', '..', 'infra', 'kamailio', 'kamailio.cfg'), 'utf8');
  return startKamailio(
    async (port, folder) => {
      const nodeHosts = [...new Set(nodes.map((node) => node.split(':')[0] ?? ''))];
      const addresses = [...carriers.map((each) => `1 ${each} 32 0`), ...nodeHosts.map((each) => `2 ${each} 32 0`)];
      await writeFile(join(folder, 'address.list'), `${addresses.join('\n')}\n`);
      await writeFile(join(folder, 'dispatcher.list'), nodes.map((node) => `1 sip:${node} 0 0\n`).join(''));
      return example
        .replaceAll('127.0.0.1:5080', `${host}:${port}`)
        .replaceAll('/etc/kamailio/', `${folder}/`)
        .replace('/CALLS_PER_SECOND/400/', `/CALLS_PER_SECOND/${site.callsPerSecond ?? 400}/`);
    },
    host,
    site.port,
  );
}
