import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, stopProcess } from '../../integration/recording/recording-support.js';
import { until } from '../until.js';

const NAME = 'proofline';
const HOST = '127.0.0.1';
/** The passwords of the servers and of the sentinels: an address needs both. */
const PASSWORD = 'of the group';
const SENTINEL_PASSWORD = 'of the sentinels';
/** A primary that is silent for this long is replaced. */
const DOWN_AFTER_MS = 1_000;

interface Server {
  readonly port: number;
  readonly child: ChildProcess;
}

/** A primary with two replicas, and three sentinels that promote one of these when it is gone: Debian's valkey-server, six times. */
export class ValkeyGroup implements AsyncDisposable {
  private constructor(
    private readonly folder: string,
    private readonly servers: readonly Server[],
    private readonly sentinels: readonly Server[],
  ) {}

  static async start(): Promise<ValkeyGroup> {
    const folder = await mkdtemp(join(tmpdir(), 'valkey-group-'));
    const servers: Server[] = [];
    for (const name of ['one', 'two', 'three'])
      servers.push(
        await startServer(folder, name, [
          ...['save ""', 'appendonly no', `requirepass "${PASSWORD}"`, `masterauth "${PASSWORD}"`],
          // A primary that is cut off accepts no write that no replica has.
          ...['min-replicas-to-write 1', 'min-replicas-max-lag 10', 'repl-diskless-sync-delay 0'],
          ...(servers[0] === undefined ? [] : [`replicaof ${HOST} ${servers[0].port}`]),
        ]),
      );
    const sentinels: Server[] = [];
    for (const name of ['sentinel-one', 'sentinel-two', 'sentinel-three'])
      sentinels.push(
        await startServer(
          folder,
          name,
          [
            ...[`requirepass "${SENTINEL_PASSWORD}"`, `sentinel sentinel-pass "${SENTINEL_PASSWORD}"`],
            ...[`sentinel monitor ${NAME} ${HOST} ${servers[0]?.port ?? 0} 2`, `sentinel auth-pass ${NAME} "${PASSWORD}"`],
            ...[`sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`, `sentinel failover-timeout ${NAME} 10000`],
          ],
          ['--sentinel'],
        ),
      );
    const group = new ValkeyGroup(folder, servers, sentinels);
    await group.#untilWhole();
    return group;
  }

  /** The address for a product or a client, passwords included. */
  get url(): string {
    return `sentinel://:${encodeURIComponent(PASSWORD)}@${this.#hosts}/${NAME}?password=${encodeURIComponent(SENTINEL_PASSWORD)}`;
  }
  /** The settings as a site has them, with the passwords in variables of their own. */
  get settings(): Readonly<Record<'VALKEY_URL' | 'VALKEY_PASSWORD' | 'VALKEY_SENTINEL_PASSWORD', string>> {
    return {
      VALKEY_URL: `sentinel://${this.#hosts}/${NAME}`,
      VALKEY_PASSWORD: PASSWORD,
      VALKEY_SENTINEL_PASSWORD: SENTINEL_PASSWORD,
    };
  }
  get #hosts(): string {
    return this.sentinels.map(({ port }) => `${HOST}:${port}`).join(',');
  }

  /** The process of the server that the sentinels call the primary. */
  async primary(): Promise<ChildProcess> {
    const port = await this.primaryPort();
    const found = this.servers.find((server) => server.port === port);
    if (found === undefined) throw new Error('the sentinels name a server that is not of this group');
    return found.child;
  }
  async primaryPort(): Promise<number> {
    return this.#ask(async (sentinel) => Number(((await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)) as string[])[1]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A suspended process hears no order to end.
    await Promise.all([...this.sentinels, ...this.servers].map(({ child }) => stopProcess(child, 'SIGKILL')));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Waits until the sentinels know each other and both replicas. */
  async #untilWhole(): Promise<void> {
    await until(
      async () =>
        this.#ask(async (sentinel) => {
          const replicas = (await sentinel.call('SENTINEL', 'REPLICAS', NAME)) as string[][];
          const others = (await sentinel.call('SENTINEL', 'SENTINELS', NAME)) as string[][];
          const up = replicas.filter((each) => each[each.indexOf('master-link-status') + 1] === 'ok');
          return up.length === 2 && others.length === 2;
        }),
      Boolean,
      30_000,
    );
  }

  async #ask<T>(question: (sentinel: Redis) => Promise<T>): Promise<T> {
    const sentinel = new Redis({ host: HOST, port: this.sentinels[0]?.port ?? 0, password: SENTINEL_PASSWORD });
    try {
      return await question(sentinel);
    } finally {
      sentinel.disconnect();
    }
  }
}

async function startServer(folder: string, name: string, lines: readonly string[], args: readonly string[] = []): Promise<Server> {
  const port = await freePort();
  const file = join(folder, `${name}.conf`);
  await writeFile(file, [`port ${port}`, `bind ${HOST}`, `dir ${folder}`, `dbfilename ${name}.rdb`, ...lines, ''].join('\n'));
  const child = spawn('valkey-server', [file, ...args], { stdio: 'ignore', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const ended = new Promise<never>((_resolve, reject) => child.once('exit', () => reject(new Error(`${name} ended early`))));
  ended.catch(() => undefined);
  const client = new Redis({ host: HOST, port, password: args.length > 0 ? SENTINEL_PASSWORD : PASSWORD, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  try {
    await Promise.race([client.ping(), ended]);
  } finally {
    client.disconnect();
  }
  return { port, child };
}
