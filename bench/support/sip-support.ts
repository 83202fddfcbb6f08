import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIP_NODE_OPTIONS } from '../../infra/supervisor/plan/plan.js';
import type { SecondNetwork } from '../../test/support/phones/second-network.js';

const CLOCK_TICKS_PER_S = 100;

/** A child with a first line of output that says it is ready. */
async function startChild(args: readonly string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [data] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { child, line: data.toString() };
}

/** Processor time so far, in seconds, of a process (user and system). */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_S;
}

export function residentMegabytes(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1_024;
}

export async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

export interface Bench {
  readonly serverPid: number;
  readonly udpPort: number;
  readonly wsPort: number;
  stop(): Promise<void>;
}

/**
 * A SIP server as the product starts it (from dist, so `npx tsc -b` comes first) and its application, each in a process of its own, on free
 * ports. On the loopback its callers are trusted; in a second network the carrier is a trunk, named in the file that telephony would write.
 */
export async function startBench(role: 'uas' | 'b2bua', target = '', network?: SecondNetwork): Promise<Bench> {
  const own = network?.own ?? '127.0.0.1';
  const folder = await mkdtemp(join(tmpdir(), 'sip-bench-'));
  const peers = join(folder, 'peers.json');
  await writeFile(peers, JSON.stringify({ peers: network === undefined ? [] : [{ addresses: [network.carrier] }] }));
  const server = await startChild([
    ...SIP_NODE_OPTIONS,
    join(import.meta.dirname, '../../dist/infra/embedded/sip/main.js'),
    ...(network === undefined ? ['--trusted', '127.0.0.1'] : ['--peers', peers]),
    ...['--admin', '127.0.0.1:0', '--secret', 'bench', '--log-level', 'error'],
    ...['--contact', `sip:${own}:0;transport=udp`, '--contact', 'sip:127.0.0.1:0;transport=ws'],
  ]);
  const ready = JSON.parse(server.line) as { admin: { port: number }; listeners: { protocol: string; port: number }[] };
  const app = await startChild([
    '--import',
    'tsx',
    join(import.meta.dirname, 'sip-app-support.ts'),
    String(ready.admin.port),
    role,
    target,
  ]);
  const portOf = (protocol: string): number => ready.listeners.find((listener) => listener.protocol === protocol)?.port ?? 0;
  return {
    serverPid: server.child.pid ?? 0,
    udpPort: portOf('udp'),
    wsPort: portOf('ws'),
    stop: async () => {
      for (const { child } of [app, server]) {
        child.kill('SIGKILL');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface LoadResult {
  readonly calls: number;
  readonly failed: number;
  readonly retransmissions: number;
}

/** Runs sipp's own `uac` scenario: calls of 500 ms at a rate, from the loopback or from the carrier of a second network. */
export async function sippCalls(port: number, ratePerS: number, calls: number, network?: SecondNetwork): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sipp-'));
  try {
    const own = await freePort();
    const from = network?.carrier ?? '127.0.0.1';
    const args = ['-sn', 'uac', `${network?.own ?? '127.0.0.1'}:${String(port)}`, '-i', from, '-p', String(own)].concat(
      ['-r', String(ratePerS), '-m', String(calls), '-d', '500', '-nostdin', '-trace_stat', '-stf', 'stat.csv', '-fd', '1'],
      ['-timeout', String(Math.ceil(calls / ratePerS) + 40)],
    );
    const sipp = spawn(...withArguments(network, args), { cwd: folder, stdio: 'ignore' });
    await once(sipp, 'exit');
    const rows = (await readFile(join(folder, 'stat.csv'), 'utf8')).trim().split('\n');
    const names = (rows[0] ?? '').split(';');
    const values = (rows.at(-1) ?? '').split(';');
    const value = (name: string): number => Number(values[names.indexOf(name)] ?? Number.NaN);
    return { calls: value('TotalCallCreated'), failed: value('FailedCall(C)'), retransmissions: value('Retransmissions(C)') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** sipp's own `uas` scenario on a free port, as the far end of a B2BUA. */
export async function sippCallee(network?: SecondNetwork): Promise<{ readonly uri: string; stop(): void }> {
  const port = await freePort();
  const host = network?.carrier ?? '127.0.0.1';
  const sipp = spawn(...withArguments(network, ['-sn', 'uas', '-i', host, '-p', String(port), '-nostdin']), { stdio: 'ignore' });
  return { uri: `sip:far@${host}:${String(port)}`, stop: () => sipp.kill('SIGKILL') };
}

function withArguments(network: SecondNetwork | undefined, args: readonly string[]): [program: string, args: string[]] {
  const [program, all] = network?.command('sipp', args) ?? (['sipp', args] as const);
  return [program, [...all]];
}
