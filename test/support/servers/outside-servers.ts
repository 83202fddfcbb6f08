import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createNgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import { freePort, stopProcess } from '../../integration/recording/recording-support.js';
import { until } from '../until.js';
import { relayRange } from './relay-range.js';

const root = join(import.meta.dirname, '..', '..', '..');
const HOST = '127.0.0.1';

/** A server that can be killed, and started again on its port with its data. */
export interface Restartable {
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Servers that a site runs beside the product, with the variables that make the product use them; secrets are in files, as a site has them. */
export class OutsideServers implements AsyncDisposable {
  readonly #children: ChildProcess[] = [];
  readonly #env: Record<string, string> = {};

  private constructor(
    readonly folder: string,
    private readonly host: string,
    private readonly liveState: string,
  ) {}

  /** `host`: where they are reached, and the live state at `liveState`; this machine's loopback unless other machines are to reach them. */
  static async create(host = HOST, liveState = host): Promise<OutsideServers> {
    return new OutsideServers(await mkdtemp(join(tmpdir(), 'outside-')), host, liveState);
  }

  get env(): Readonly<Record<string, string>> {
    return this.#env;
  }

  /**
   * A SIP server with the doors of trunks, seats and test calls; `trunk` and `test` are where others reach them, when a proxy stands in
   * front. `strictDialogs`: it hands over no dialogs, like drachtio-server.
   */
  async sip({ testPort, strictDialogs = false }: { readonly testPort?: number; readonly strictDialogs?: boolean } = {}): Promise<{
    readonly trunkPort: number;
    readonly testPort: number;
  }> {
    const [admin, trunk, seats, test] = [await freePort(), await freePort(), await freePort(), testPort ?? (await freePort())];
    const secretFile = await this.#secret('drachtio', 'of the SIP server');
    const child = this.#run(process.execPath, [
      join(root, 'dist', 'infra', 'embedded', 'sip', 'main.js'),
      ...['--admin', `${HOST}:${admin}`, '--secret-file', secretFile, '--log-level', 'warn', '--trusted', HOST],
      ...['--contact', `sip:${HOST}:${trunk};transport=udp,tcp`, '--contact', `sip:${HOST}:${seats};transport=ws;door=seat`],
      ...['--contact', `sip:${HOST}:${test};transport=udp;door=test`],
      ...(strictDialogs ? ['--strict-dialogs'] : []),
    ]);
    await untilLine(child, '"ready":true');
    Object.assign(this.#env, {
      DRACHTIO_URL: `tcp://${HOST}:${admin}`,
      DRACHTIO_SECRET_FILE: secretFile,
      SIP_WEBSOCKET_URL: `ws://${HOST}:${seats}`,
      SIP_TRUNK_ADDRESS: `${HOST}:${trunk}`,
      SIP_TEST_ADDRESS: `${HOST}:${test}`,
    });
    return { trunkPort: trunk, testPort: test };
  }

  /** rtpengine, started by the script of its container. */
  async relay(): Promise<void> {
    const [ng, dtmf] = [await freePort(), await freePort()];
    const { min, max } = relayRange(1_000);
    const pcaps = join(this.folder, 'pcap');
    await mkdir(pcaps);
    this.#run('sh', [join(root, 'infra', 'rtpengine', 'run.sh')], {
      RTPENGINE_NG_PORT: String(ng),
      RTPENGINE_PORT_MIN: String(min),
      RTPENGINE_PORT_MAX: String(max),
      DTMF_LOG: `${HOST}:${dtmf}`,
      RTPENGINE_PCAP_DIR: pcaps,
      ...(this.host === HOST ? {} : { RTPENGINE_INTERFACE: this.host, CONTROL_ADDRESS: this.host, MEDIA_INNER_ADDRESS: this.liveState }),
    });
    const url = `udp://${this.host}:${ng}`;
    const client = createNgClient(url);
    await until(
      () =>
        client.send({ command: 'ping' }, { timeoutMs: 300 }).then(
          () => true,
          () => false,
        ),
      Boolean,
      10_000,
    );
    client.close();
    Object.assign(this.#env, {
      RTPENGINE_URLS: url,
      RTPENGINE_PCAP_DIR: pcaps,
      RTPENGINE_PORT_MIN: String(min),
      RTPENGINE_PORT_MAX: String(max),
      DTMF_LISTEN: `${HOST}:${dtmf}`,
      MEDIA_PEER_NETWORKS: '127.0.0.0/8',
      ...(this.host === HOST ? {} : { MEDIA_INNER_ADDRESS: this.liveState }),
    });
  }

  /** Live state, documents, objects and relay. */
  async all(): Promise<void> {
    await this.valkey();
    await this.documents();
    await this.objects();
    await this.relay();
  }

  async valkey(): Promise<void> {
    const port = await freePort();
    const password = 'of the live state';
    const passwordFile = await this.#secret('valkey', password);
    const file = join(this.folder, 'valkey.conf');
    await writeFile(
      file,
      [
        ...[`port ${port}`, `bind ${this.liveState}`, `dir ${this.folder}`, 'save ""', `requirepass "${password}"`],
        // As relays of a pair need it.
        ...['notify-keyspace-events K$g', ''],
      ].join('\n'),
    );
    this.#run('valkey-server', [file], { LC_ALL: 'C.UTF-8' });
    const client = new Redis({ host: this.liveState, port, password, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.ping();
    client.disconnect();
    Object.assign(this.#env, { VALKEY_URL: `redis://${this.liveState}:${port}`, VALKEY_PASSWORD_FILE: passwordFile });
  }

  /** A document store, which can be killed and started again on its port with its data. */
  async documents(): Promise<Restartable> {
    const port = await freePort();
    const passwordFile = await this.#secret('documents', 'of-the-documents');
    const data = join(this.folder, 'documents');
    const store = await this.#restartable('documents', [
      ...['--listen', `${this.host}:${port}`, '--data', data, '--user', 'site', '--password-file', passwordFile],
    ]);
    Object.assign(this.#env, {
      MONGODB_URI: `mongodb://${this.host}:${port}/proofline?authSource=admin`,
      MONGODB_USER: 'site',
      MONGODB_PASSWORD_FILE: passwordFile,
    });
    return store;
  }

  /** An object store, which can be killed and started again too. */
  async objects(): Promise<Restartable> {
    const port = await freePort();
    const [accessKey, secretKey] = ['site-objects', 'of-the-object-store'];
    const credentials = await this.#secret('objects', JSON.stringify([{ accessKey, secretKey, policy: 'admin' }]));
    const store = await this.#restartable('objects', [
      ...['--listen', `${this.host}:${port}`, '--data', join(this.folder, 'objects'), '--credentials-file', credentials],
    ]);
    Object.assign(this.#env, {
      S3_ENDPOINT: `http://${this.host}:${port}`,
      S3_ACCESS_KEY_FILE: await this.#secret('access-key', accessKey),
      S3_SECRET_KEY_FILE: await this.#secret('secret-key', secretKey),
    });
    return store;
  }

  async #restartable(name: 'documents' | 'objects', args: readonly string[]): Promise<Restartable> {
    let child: ChildProcess | undefined;
    const start = async (): Promise<void> => {
      child = this.#run(process.execPath, [join(root, 'dist', 'infra', 'embedded', name, 'main.js'), ...args]);
      await untilLine(child, '"ready":true');
    };
    await start();
    return {
      start,
      async kill() {
        if (child === undefined) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map((child) => stopProcess(child)));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #secret(name: string, text: string): Promise<string> {
    const file = join(this.folder, `${name}-secret`);
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    return file;
  }

  #run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.on('data', () => undefined);
    this.#children.push(child);
    return child;
  }
}

async function untilLine(child: ChildProcess, text: string): Promise<void> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${child.spawnfile} ended early`);
  });
  ended.catch(() => undefined);
  const printed = new Promise<void>((resolve) => {
    let seen = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(text)) resolve();
    });
  });
  await Promise.race([printed, ended]);
}
