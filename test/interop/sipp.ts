import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecondNetwork } from '../support/phones/second-network.js';
import { until } from '../support/until.js';

const ENDS_WITHIN_MS = 6_000;

export interface SippOptions {
  readonly network: Pick<SecondNetwork, 'command'> & { readonly carrier: string };
  readonly folder: string;
  readonly name: string;
  readonly xml: string;
  readonly port: number;
  readonly mediaPort: number;
  /** The address that it calls; undefined: it is called. */
  readonly remote?: { readonly address: string; readonly port: number };
  readonly transport?: 'udp' | 'tcp';
  /** Sound is sent back to where it comes from. */
  readonly echoes: boolean;
}

/** One sipp with one scenario, as a carrier in the other network. */
export class Sipp {
  #output = '';
  private constructor(
    private readonly child: ChildProcess,
    private readonly options: SippOptions,
    private readonly files: { readonly log: string; readonly errors: string },
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => (this.#output += bytes.toString()));
  }

  static async start(options: SippOptions): Promise<Sipp> {
    const { network, folder, name, xml, port, mediaPort, remote, transport = 'udp', echoes } = options;
    const [file, log, errors] = [`${name}.xml`, `${name}.log`, `${name}.errors`].map((each) => join(folder, each)) as [
      string,
      string,
      string,
    ];
    writeFileSync(file, xml);
    const place = ['-i', network.carrier, '-p', String(port), '-mi', network.carrier, '-mp', String(mediaPort)];
    const once = remote === undefined ? [] : [`${remote.address}:${String(remote.port)}`, '-m', '1'];
    const bounds = ['-timeout', '40s', '-timeout_error', '-recv_timeout', '20000', '-nostdin', '-deadcall_wait', '0'];
    const traces = ['-trace_logs', '-log_file', log, '-trace_err', '-error_file', errors];
    const more = [...(transport === 'tcp' ? ['-t', 't1'] : []), ...(echoes ? ['-rtp_echo'] : [])];
    const [program, args] = network.command('sipp', [...once, '-sf', file, ...place, ...bounds, ...traces, ...more]);
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const sipp = new Sipp(child, options, { log, errors });
    if (remote === undefined) await until(() => sipp.#listens() || sipp.#hasEnded, Boolean, ENDS_WITHIN_MS);
    return sipp;
  }

  get #hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Whether its port is bound, according to the kernel of its own network. */
  #listens(): boolean {
    const { transport = 'udp' } = this.options;
    const file = `/proc/${String(this.child.pid)}/net/${transport}`;
    return existsSync(file) && readFileSync(file, 'utf8').includes(`:${this.options.port.toString(16).toUpperCase().padStart(4, '0')} `);
  }

  /** Resolves with the Call-ID when the scenario has come to the mark. */
  async reached(mark: string): Promise<string> {
    const line = (): string | undefined => {
      const log = existsSync(this.files.log) ? readFileSync(this.files.log, 'utf8') : '';
      return log.split('\n').find((each) => each.startsWith(`${mark} `));
    };
    const found = await until(line, (each) => each !== undefined || this.#hasEnded, 10_000);
    if (found === undefined) throw new Error(`the carrier did not come to "${mark}": ${this.errors}`);
    return found.slice(mark.length + 1).trim();
  }

  /** Lets a scenario go on that waits at the mark. */
  async go(mark: string): Promise<void> {
    const callId = await this.reached(mark);
    const socket = createSocket('udp4');
    const lines = [
      `NOTIFY sip:${this.options.network.carrier} SIP/2.0`,
      'Via: SIP/2.0/UDP 198.18.255.255;branch=z9hG4bKgo',
      'From: <sip:test@test>;tag=test',
      'To: <sip:carrier@test>;tag=carrier',
      `Call-ID: ${callId}`,
      'CSeq: 1 NOTIFY',
      'Content-Length: 0',
      '',
      '',
    ];
    await new Promise((sent) => socket.send(lines.join('\r\n'), this.options.port, this.options.network.carrier, sent));
    socket.close();
  }

  /** Resolves with the reason if it exits before the end of its scenario; otherwise never. */
  async failed(): Promise<string> {
    if (!this.#hasEnded) await once(this.child, 'exit');
    if (this.child.exitCode === 0) return new Promise<never>(() => undefined);
    return `the carrier's scenario failed: ${this.errors}`;
  }

  get errors(): string {
    const file = this.files.errors;
    const written = existsSync(file) ? readFileSync(file, 'utf8') : this.#output.slice(-2_000);
    return written.replaceAll(/\s+/g, ' ').slice(0, 600);
  }

  /** Resolves when its calls are over; fails when one did not go as the scenario says. */
  async finished(): Promise<void> {
    if (!this.#hasEnded) {
      const exit = once(this.child, 'exit');
      // A sipp that is called exits once its calls have ended.
      if (this.options.remote === undefined) this.child.kill('SIGUSR1');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), ENDS_WITHIN_MS);
      await exit;
      clearTimeout(timer);
    }
    if (this.child.exitCode !== 0) throw new Error(`the carrier's scenario failed (${String(this.child.exitCode)}): ${this.errors}`);
  }

  close(): void {
    if (!this.#hasEnded) this.child.kill('SIGKILL');
  }
}
