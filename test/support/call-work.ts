import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { connectMongo } from '../../services/shared/platform/stores/mongo.js';
import { createNgClient } from '../../services/shared/platform/network/rtpengine-ng.js';
import { childrenOf } from './processes.js';
import { ValkeyMonitor, type Asked } from './servers/valkey-monitor.js';
import type { Stack } from './stack.js';

/** How often each thing was done, by a readable name: `valkey telephony set`, `event call.offered`. */
export type Work = ReadonlyMap<string, number>;

/** The name of a bus command alone: each process has an inbox of its own. */
const channelOf = (channel: string): string => channel.replace(/^proofline:(command:)?/, '').replace(/^reply:.*/, '(reply)');

/** What a product needs to be counted: Valkey names its clients by their ports, and those on a Unix socket have none. */
export const countable = { VALKEY_SOCKET: 'no' } as const;

/**
 * Counts what the product does from outside it: by what Valkey's MONITOR shows, the document store's `top`, the relay's statistics, and
 * what the kernel counts of each process.
 */
export class WorkCounter {
  readonly #counts = new Map<string, number>();
  readonly #names = new Map<string, string>();
  #before: Work = new Map();

  private constructor(
    private readonly stack: Stack,
    private readonly valkey: Redis,
    private readonly documents: Connection,
    private readonly monitor: ValkeyMonitor,
  ) {}

  static async start(stack: Stack): Promise<WorkCounter> {
    const { config } = stack;
    const monitor = await ValkeyMonitor.start(config.VALKEY_URL);
    const counter = new WorkCounter(stack, new Redis(config.VALKEY_URL), await connectMongo(config), monitor);
    counter.#nameProcesses();
    counter.#before = await counter.#read();
    monitor.on('asked', (asked) => counter.#asked(asked));
    return counter;
  }

  /** What was done since the start. */
  async stop(): Promise<Work> {
    // MONITOR shows everything asked earlier before this command.
    const last = `counted ${process.pid}`;
    const seen = new Promise<void>((resolve) => {
      this.monitor.on('asked', ({ words }) => words[1] === last && resolve());
    });
    await this.valkey.echo(last);
    await seen;
    const after = await this.#read();
    this.monitor.stop();
    this.valkey.disconnect();
    await this.documents.close();
    for (const [name, count] of after) this.#add(name, count - (this.#before.get(name) ?? 0));
    return new Map([...this.#counts].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a));
  }

  #add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  #asked({ words, source }: Asked): void {
    const command = (words[0] ?? '').toLowerCase();
    // A connection that was opened later is looked up once.
    if (source !== 'lua' && !this.#names.has(source)) this.#nameProcesses();
    const from = source === 'lua' ? 'script' : (this.#names.get(source) ?? 'outside');
    this.#names.set(source, from);
    if (from === 'outside') return;
    this.#add(`valkey ${from} ${command}`);
    if (command === 'xadd') this.#add(`event ${words[words.indexOf('name') + 1] ?? ''}`);
    else if (command === 'eval' && words[2] === '1' && words[3] === 'proofline:events') this.#add(`publication ${from}`);
    else if (command === 'publish') this.#add(`bus ${channelOf(words[1] ?? '')}`);
  }

  /** Finds the process of each connection to Valkey, by the sockets of the processes. */
  #nameProcesses(): void {
    const inodes = new Map<string, number>(
      readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .slice(1)
        .flatMap((line) => {
          const [, local = '', , , , , , , , inode = ''] = line.trim().split(/\s+/);
          return inode === '' ? [] : [[`socket:[${inode}]`, Number.parseInt(local.split(':')[1] ?? '', 16)] as const];
        }),
    );
    for (const { name, pid } of this.stack.ready.processes)
      for (const each of withChildren(pid))
        for (const link of linksOf(each)) {
          const port = inodes.get(link);
          if (port !== undefined) this.#names.set(`127.0.0.1:${port}`, name);
        }
  }

  async #read(): Promise<Work> {
    const read = new Map<string, number>();
    const add = (name: string, count: number): void => void read.set(name, (read.get(name) ?? 0) + count);
    const { totals } = (await this.documents.getClient().db('admin').command({ top: 1 })) as {
      totals: Record<string, Record<string, { count: number }>>;
    };
    for (const [namespace, kinds] of Object.entries(totals))
      for (const [kind, { count }] of Object.entries(kinds)) add(`documents ${namespace.replace(/^[^.]*\./, '')} ${kind}`, count);
    for (const [command, count] of await relayCommands(this.stack)) add(`relay ${command}`, count);
    for (const { name, pid } of this.stack.ready.processes)
      for (const each of withChildren(pid)) {
        add(`wakes ${name}`, wakesOf(each));
        for (const [what, count] of callsOf(each)) add(`${what} ${name}`, count);
      }
    return read;
  }
}

/** Its counts have names such as `totaloffercount`. */
const RelayStatistics = z.object({ statistics: z.object({ controlstatistics: z.record(z.string(), z.unknown()) }) });

const withChildren = (pid: number): readonly number[] => [pid, ...childrenOf(pid).flatMap(withChildren)];

function linksOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  // A socket is closed, and a short-lived child ends, between being listed and being read.
  return orGone(() => readdirSync(folder), []).flatMap((fd) => orGone<readonly string[]>(() => [readlinkSync(`${folder}/${fd}`)], []));
}

function orGone<T>(read: () => T, gone: T): T {
  try {
    return read();
  } catch {
    return gone;
  }
}

/** How often the main thread of a process went to sleep and was woken. */
const wakesOf = (pid: number): number =>
  Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(orGone(() => readFileSync(`/proc/${pid}/status`, 'utf8'), ''))?.[1] ?? 0);

/** Reads and writes that the kernel counts: TCP and files. */
function callsOf(pid: number): readonly (readonly [string, number])[] {
  const io = orGone(() => readFileSync(`/proc/${pid}/io`, 'utf8'), '');
  const of = (field: string): number => Number(new RegExp(`^${field}: (\\d+)`, 'm').exec(io)?.[1] ?? 0);
  return [
    ['reads', of('syscr')],
    ['writes', of('syscw')],
  ];
}

async function relayCommands(stack: Stack): Promise<readonly (readonly [string, number])[]> {
  const ng = createNgClient(stack.config.RTPENGINE_URLS[0] ?? '');
  try {
    const { statistics } = RelayStatistics.parse(await ng.send({ command: 'statistics' }));
    return Object.entries(statistics.controlstatistics).flatMap(([name, count]) => {
      const command = /^total(.+)count$/.exec(name)?.[1];
      return command === undefined ? [] : [[command, Number(count)] as const];
    });
  } finally {
    ng.close();
  }
}
