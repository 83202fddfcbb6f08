import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { SignedIn } from '../../services/shared/contracts/session.js';
import { readConfig, type Config } from '../../services/shared/platform/settings/config.js';
import { until } from './until.js';

const root = join(import.meta.dirname, '..', '..');
const READY_WITHIN_MS = 90_000;
/**
 * Idle connections are closed long before the server closes them (5 s): a request on a connection that is just being closed fails. A
 * connection may take long: three hundred at once on a machine without a free core are not all made within undici's 10 s.
 */
const CONNECTING = {
  keepAliveTimeout: 1_000,
  keepAliveMaxTimeout: 1_000,
  connect: { rejectUnauthorized: false, timeout: 60_000 },
} as const;

export interface StackOptions {
  readonly layout?: 'roles' | 'one';
  readonly env?: Readonly<Record<string, string>>;
  /** Starts again on the data of an earlier stack. */
  readonly home?: string;
  /** The folder of another build. */
  readonly from?: string;
}

interface ReadyFile {
  readonly urls: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, number>>;
  readonly processes: readonly { readonly name: string; readonly pid: number }[];
  readonly env: Readonly<Record<string, string>>;
}

/** The running product of a test: everything that `npm start` starts, on ports and in a folder of its own. */
export class Stack implements AsyncDisposable {
  readonly #insecure = new Agent(CONNECTING);
  readonly #agents = new Map<string, Agent>();

  private constructor(
    readonly home: string,
    private readonly supervisor: ChildProcess | undefined,
    private readonly keepsHome: boolean,
    /** What the supervisor printed, for the message of a test that fails. */
    readonly printed: () => string,
    /** What the site set, including secrets: the ready file names those but does not hold them. */
    private readonly given: Readonly<Record<string, string>> = {},
  ) {}

  static async start({ layout = 'one', env = {}, home, from = root }: StackOptions = {}): Promise<Stack> {
    const folder = home ?? mkdtempSync(join(tmpdir(), 'proofline-'));
    let printed = '';
    const supervisor = spawn(process.execPath, [join(from, 'dist', 'infra', 'supervisor', 'main.js')], {
      cwd: from,
      env: {
        ...process.env,
        PROOFLINE_HOME: folder,
        PROOFLINE_PORT_BASE: 'auto',
        PROOFLINE_LAYOUT: layout,
        LANG: 'C.UTF-8',
        STOP_DRAIN_S: '0',
        NODE_OPTIONS: '',
        API_CHECKS_ANSWERS: 'yes',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [supervisor.stdout, supervisor.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const stack = new Stack(folder, supervisor, home !== undefined, () => printed, env);
    await stack.#untilReady();
    return stack;
  }

  /** A product that somebody else starts and stops. */
  static attach(home: string): Stack {
    return new Stack(home, undefined, true, () => '');
  }

  /** As it stands now: process ids change when something was restarted. */
  get ready(): ReadyFile {
    return JSON.parse(readFileSync(join(this.home, 'run', 'ready.json'), 'utf8')) as ReadyFile;
  }
  get web(): string {
    return this.ready.urls['web'] ?? '';
  }
  /** Host and port of the SIP trunk side. */
  get sip(): { readonly address: string; readonly port: number } {
    return { address: '127.0.0.1', port: this.ready.ports['sip'] ?? 0 };
  }
  get config(): Config {
    return readConfig({ ...this.given, ...this.ready.env });
  }
  get password(): string {
    return readFileSync(join(this.home, 'secrets', 'admin-password'), 'utf8').trim();
  }
  pidOf(name: string): number {
    const found = this.ready.processes.find((process) => process.name === name)?.pid;
    if (found === undefined) throw new Error(`there is no process ${name}`);
    return found;
  }
  logOf(name: string): string {
    const file = join(this.home, 'logs', `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** One HTTP request, bytes sent as they are; the status and the parsed body. */
  async http(
    method: string,
    path: string,
    {
      token,
      body,
      headers = {},
      from,
    }: {
      readonly token?: string;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      /** Another address of this machine (`127.0.0.9`) that the request comes from. */
      readonly from?: string;
    } = {},
  ): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Record<string, string | string[] | undefined> }> {
    const answer = await request(`${this.web}${path}`, {
      method: method as 'GET',
      dispatcher: from === undefined ? this.#insecure : this.#agentAt(from),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': ArrayBuffer.isView(body) ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : ArrayBuffer.isView(body) ? Buffer.from(body.buffer) : JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type'] ?? '').includes('json');
    return { status: answer.statusCode, body: isJson ? (JSON.parse(text) as unknown) : text, headers: answer.headers };
  }

  /** The bytes of a file; fails when the answer is not 200. */
  async bytes(path: string, token: string): Promise<Uint8Array> {
    const answer = await request(`${this.web}${path}`, { dispatcher: this.#insecure, headers: { authorization: `Bearer ${token}` } });
    const bytes = new Uint8Array(await answer.body.arrayBuffer());
    if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}`);
    return bytes;
  }

  #agentAt(localAddress: string): Agent {
    const known = this.#agents.get(localAddress);
    if (known !== undefined) return known;
    const agent = new Agent({ ...CONNECTING, localAddress });
    this.#agents.set(localAddress, agent);
    return agent;
  }

  async signIn(name: string): Promise<string> {
    const { status, body } = await this.http('POST', '/api/session', { body: { name, password: this.password } });
    if (status !== 200) throw new Error(`signing in answered ${status}`);
    return (body as SignedIn).accessToken;
  }

  /** Sends the signal to the supervisor. */
  signal(name: NodeJS.Signals): void {
    this.supervisor?.kill(name);
  }

  /** May be called twice. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }
  #stopped: Promise<void> | undefined;

  async #stop(): Promise<void> {
    const { supervisor } = this;
    if (supervisor !== undefined && supervisor.exitCode === null && supervisor.signalCode === null) {
      const ended = new Promise((resolve) => supervisor.once('exit', resolve));
      supervisor.kill('SIGTERM');
      await ended;
    }
    for (const agent of [this.#insecure, ...this.#agents.values()]) await agent.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    if (!this.keepsHome) rmSync(this.home, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    const file = join(this.home, 'run', 'ready.json');
    const hasEnded = (): boolean => this.supervisor !== undefined && this.supervisor.exitCode !== null;
    try {
      await until(() => existsSync(file) || hasEnded(), Boolean, READY_WITHIN_MS);
    } catch (error) {
      this.supervisor?.kill('SIGTERM');
      throw new Error(`the product was not ready in time:\n${this.printed()}`, { cause: error });
    }
    if (hasEnded()) throw new Error(`the product did not start:\n${this.printed()}`);
  }
}
