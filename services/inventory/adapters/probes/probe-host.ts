import { readFile, readdir, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Probe } from '../../probes/probe.js';
import type { Reading } from '../../../shared/domain/licence/probe-row.js';
import { workOfThread } from '../../../shared/platform/threads/thread.js';
import { parseProcNet, type SocketLine } from '../../probes/proc-net.js';

/** The machine: processor, memory, disks, addresses, system. Read in a thread, because some of it comes from commands that are waited for. */
export const hostProbe = (): Probe => ({
  name: 'host',
  read: () => workOfThread<Reading[]>(import.meta.url, 'host-thread'),
});

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly program: string;
  readonly residentBytes: number;
}

async function runningProcesses(): Promise<Running[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid): Promise<Running | undefined> => {
      try {
        const [stat, command] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
        const after = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [first = '', ...rest] = command.split('\0');
        // Only the program and its script, because other arguments may be confidential.
        const script = rest.find((argument) => /\.(m?js|ts)$/.test(argument));
        return {
          pid: Number(pid),
          parent: Number(after[1]),
          name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
          program: [first, script].filter((part) => part !== undefined && part !== '').join(' '),
          residentBytes: Number(after[21]) * 4_096,
        };
      } catch {
        // The process has ended in the meantime.
        return undefined;
      }
    }),
  );
  return found.filter((running) => running !== undefined);
}

/** The processes below `root` in the tree of the machine, `root` included. */
function family(all: readonly Running[], root: number): Running[] {
  const members = new Set([root]);
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of all) if (members.has(parent) && !members.has(pid)) grew = members.add(pid).size > 0;
  }
  return all.filter(({ pid }) => members.has(pid));
}

/** The processes of this site: the supervisor and its children, with the data that the supervisor wrote about them. */
export const processProbe = (home: string, supervisorPid: number, version: string): Probe => ({
  name: 'processes',
  async read() {
    // A process with several roles is listed once for each, because the equipment list names roles.
    return (await ownProcesses(home, supervisorPid)).flatMap((running) =>
      (running.roles.length === 0 ? [running.name] : running.roles).map((name): Reading => ({
        subject: `process:${name}`,
        kind: 'process',
        facts: { name, process: running.name, pid: running.pid, program: running.program, residentBytes: running.residentBytes, version },
        raw: JSON.stringify(running),
      })),
    );
  },
});

const ReadyFile = z.object({
  processes: z.array(z.object({ name: z.string(), pid: z.int().optional(), roles: z.array(z.string()).default([]) })).default([]),
});

/** The supervisor and its children, each with the name and the roles from `run/ready.json`. */
async function ownProcesses(home: string, supervisorPid: number): Promise<(Running & { readonly roles: readonly string[] })[]> {
  const text = await readFile(join(home, 'run', 'ready.json'), 'utf8').catch(() => '{}');
  const written = ReadyFile.safeParse(JSON.parse(text));
  const named = new Map((written.success ? written.data.processes : []).map((process) => [process.pid, process]));
  return family(await runningProcesses(), supervisorPid).map((running) => {
    const known = named.get(running.pid);
    return { ...running, name: known?.name ?? (running.pid === supervisorPid ? 'supervisor' : running.name), roles: known?.roles ?? [] };
  });
}

/** Listening ports and live connections of the site's processes, from the kernel's tables. */
export const socketProbe = (home: string, supervisorPid: number): Probe => ({
  name: 'sockets',
  async read() {
    const members = await ownProcesses(home, supervisorPid);
    const owner = new Map<string, Running>();
    await Promise.all(
      members.map(async (running) => {
        const descriptors = await readdir(`/proc/${running.pid}/fd`).catch(() => []);
        for (const descriptor of descriptors) {
          const target = await readlink(`/proc/${running.pid}/fd/${descriptor}`).catch(() => '');
          const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
          if (inode !== undefined) owner.set(inode, running);
        }
      }),
    );
    const tables = await Promise.all(
      (['tcp', 'tcp6', 'udp', 'udp6'] as const).map(async (table) =>
        parseProcNet(await readFile(`/proc/net/${table}`, 'utf8').catch(() => ''), table.startsWith('tcp') ? 'tcp' : 'udp'),
      ),
    );
    return groupSockets(
      tables.flat().flatMap((line) => {
        const running = owner.get(line.inode);
        return running === undefined ? [] : [{ line, running }];
      }),
    );
  },
});

/** Hundreds of media ports and sockets between the same two addresses become one row each, with their number. */
function groupSockets(owned: readonly { readonly line: SocketLine; readonly running: Running }[]): Reading[] {
  const groups = new Map<string, { reading: Reading; count: number }>();
  const listening = new Set(
    owned.filter(({ line }) => line.state === 'listening').map(({ line }) => `${line.protocol}:${line.local.port}`),
  );
  for (const { line, running } of owned) {
    if (line.state === 'other') continue;
    const media = line.protocol === 'udp' && line.local.port >= 30_000;
    const incoming = line.state === 'connected' && listening.has(`${line.protocol}:${line.local.port}`);
    const kind = line.state === 'listening' ? 'listener' : 'connection';
    const subject =
      kind === 'listener'
        ? `listener:${running.name}:${line.protocol}:${media ? 'media' : `${line.local.address}:${line.local.port}`}`
        : `connection:${running.name}:${incoming ? `in:${line.local.port}:${line.remote.address}` : `out:${line.remote.address}:${line.remote.port}`}`;
    const before = groups.get(subject);
    const count = (before?.count ?? 0) + 1;
    groups.set(subject, {
      count,
      reading: {
        subject,
        kind,
        facts: {
          process: running.name,
          protocol: line.protocol,
          count,
          localAddress: line.local.address,
          ...(media ? { media } : { localPort: line.local.port }),
          ...(kind === 'connection' ? { remoteAddress: line.remote.address, incoming } : {}),
          ...(kind === 'connection' && !incoming ? { remotePort: line.remote.port } : {}),
        },
        raw: JSON.stringify(line),
      },
    });
  }
  return [...groups.values()].map(({ reading }) => reading);
}

const LogsFile = z.object({
  keepDays: z.number(),
  diskBytes: z.number(),
  bytes: z.number(),
  files: z.number(),
  oldestAt: z.string().optional(),
  lostUntil: z.string().optional(),
});

/** The logs of this machine's processes, from the supervisor's notes about the logs that it keeps. */
export const logsProbe = (home: string): Probe => ({
  name: 'logs',
  async read() {
    const raw = await readFile(join(home, 'run', 'logs.json'), 'utf8').catch(() => undefined);
    // Without this file the container engine keeps the logs; no supervisor of ours runs.
    if (raw === undefined) return [];
    const { oldestAt = '', lostUntil = '', ...sizes } = LogsFile.parse(JSON.parse(raw));
    return [{ subject: `logs:${hostname()}`, kind: 'logs', facts: { ...sizes, oldestAt, lostUntil }, raw }];
  },
});
