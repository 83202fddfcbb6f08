import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLOCK_TICKS_PER_S = 100;

/** A child with a first line of output that says it is ready. */
async function startChild(script: string, args: readonly string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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

/** A SIP server and its application, each in a process of its own, on free ports of the loopback. */
export async function startBench(role: 'uas' | 'b2bua', target = ''): Promise<Bench> {
  const contacts = ['--contact', 'sip:127.0.0.1:0;transport=udp', '--contact', 'sip:127.0.0.1:0;transport=ws'];
  const server = await startChild('../infra/embedded/sip/main.ts', [
    ...['--trusted', '127.0.0.1'],
    '--admin',
    '127.0.0.1:0',
    '--secret',
    'bench',
    '--log-level',
    'error',
    ...contacts,
  ]);
  const ready = JSON.parse(server.line) as { admin: { port: number }; listeners: { protocol: string; port: number }[] };
  const app = await startChild('sip-app-support.ts', [String(ready.admin.port), role, target]);
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
    },
  };
}

export interface LoadResult {
  readonly calls: number;
  readonly failed: number;
  readonly retransmissions: number;
}

/** Runs sipp's own `uac` scenario: calls of 500 ms at a rate. `everySecond` is called while it runs with the calls made so far. */
export async function sippCalls(port: number, ratePerS: number, calls: number): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sipp-'));
  try {
    const own = await freePort();
    const sipp = spawn(
      'sipp',
      ['-sn', 'uac', `127.0.0.1:${String(port)}`, '-i', '127.0.0.1', '-p', String(own), '-r', String(ratePerS), '-m', String(calls)].concat(
        ['-d', '500', '-nostdin', '-trace_stat', '-stf', 'stat.csv', '-fd', '1', '-timeout', String(Math.ceil(calls / ratePerS) + 40)],
      ),
      { cwd: folder, stdio: 'ignore' },
    );
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
export async function sippCallee(): Promise<{ readonly port: number; stop(): void }> {
  const port = await freePort();
  const sipp = spawn('sipp', ['-sn', 'uas', '-i', '127.0.0.1', '-p', String(port), '-nostdin'], { stdio: 'ignore' });
  return { port, stop: () => sipp.kill('SIGKILL') };
}
