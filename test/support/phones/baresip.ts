import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import type { SecondNetwork } from './second-network.js';

async function freePort(wanted = 0): Promise<number | undefined> {
  const probe = net.createServer().listen(wanted, '127.0.0.1');
  const free = await once(probe, 'listening').then(
    () => true,
    () => false,
  );
  if (!free) return undefined;
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A port for SIP and the next one, which baresip takes for TLS: both below those that the kernel gives to outgoing connections. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = 6_000 + 2 * Math.floor(Math.random() * 1_900);
    if ((await freePort(port)) !== undefined && (await freePort(port + 1)) !== undefined) return port;
  }
}

/** The control port of a phone in another network, counted from its port for SIP. */
const CONTROL_ABOVE = 3_000;

interface PhoneEvent {
  readonly event?: boolean;
  readonly type?: string;
  readonly ok?: boolean;
}

/** Plays and records nothing of its own, and accepts any server. */
const quietLine = ['audio_player aubridge,a', 'audio_source aubridge,a', 'sip_verify_server no'];

export interface BaresipOptions {
  /** Its configuration and what it writes. */
  readonly folder: string;
  /** A line of its `accounts`. */
  readonly account: string;
  /** Where it is, when not on a free port of this machine: `command` starts it in that network. */
  readonly at?: { readonly host: string; readonly sipPort: number; readonly command: SecondNetwork['command'] };
  /** Beside those that every phone has. */
  readonly modules?: readonly string[];
  /** Lines of its `config`. */
  readonly settings?: readonly string[];
}

/** baresip (a Debian package), a phone that nobody here wrote, commanded by its own control module: netstrings of JSON over TCP. */
export class Baresip {
  private readonly events: PhoneEvent[] = [];
  private wake: (() => void) | undefined;
  private text = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown>,
    private readonly control: net.Socket,
    /** The port for SIP over UDP and TCP; TLS is on the next one. */
    readonly sipPort: number,
  ) {
    control.on('data', (data) => {
      this.text += data.toString();
      for (let match = /^(\d+):/.exec(this.text); match; match = /^(\d+):/.exec(this.text)) {
        const start = match[0].length;
        const end = start + Number(match[1]);
        if (this.text.length < end + 1) return;
        this.events.push(JSON.parse(this.text.slice(start, end)) as PhoneEvent);
        this.text = this.text.slice(end + 1);
        this.wake?.();
      }
    });
  }

  static async start(options: BaresipOptions, attempts = 3): Promise<Baresip> {
    const { folder, account, settings = quietLine, at } = options;
    const host = at?.host ?? '127.0.0.1';
    // In a network of its own every port is free.
    const [control, sip] = at === undefined ? [(await freePort()) ?? 0, await freePair()] : [at.sipPort + CONTROL_ABOVE, at.sipPort];
    const modules = ['account', 'aubridge', 'ctrl_tcp', 'g711', 'menu', ...(options.modules ?? [])];
    const config = [
      `sip_listen ${host}:${String(sip)}`,
      'module_path /usr/lib/baresip/modules',
      ...modules.map((name) => `module${name === 'account' || name === 'menu' || name === 'ctrl_tcp' ? '_app' : ''} ${name}.so`),
      `ctrl_tcp_listen ${host}:${String(control)}`,
      'audio_alert aubridge,b',
      `net_interface ${host}`,
      'rtp_ports 41000-41998',
      ...settings,
      '',
    ];
    await writeFile(join(folder, 'config'), config.join('\n'));
    await writeFile(join(folder, 'accounts'), `${account}\n`);
    const [program, args] = at === undefined ? ['baresip', ['-f', folder]] : at.command('baresip', ['-f', folder]);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise((resolve) => child.once('close', resolve));
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
    child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
    child.on('error', (error) => (said = `${error.message} (Debian package baresip)`));
    for (;;) {
      const socket = net.connect(control, host);
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => {
          resolve(true);
        });
        socket.once('error', () => {
          resolve(false);
        });
      });
      if (connected) return new Baresip(child, exited, socket, sip);
      if (child.exitCode !== null || child.pid === undefined) {
        // Another program may have taken a port between its choice and baresip's start.
        if (attempts > 1) return Baresip.start(options, attempts - 1);
        throw new Error(`baresip ended with ${String(child.exitCode)} before it could be commanded: ${said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  command(command: string, params = ''): void {
    const text = JSON.stringify({ command, params, token: command });
    this.control.write(`${String(text.length)}:${text},`);
  }

  async event(type: string): Promise<PhoneEvent> {
    for (;;) {
      const at = this.events.findIndex((event) => event.type === type);
      const [found] = at >= 0 ? this.events.splice(at, 1) : [];
      if (found) return found;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async stop(): Promise<void> {
    this.control.destroy();
    this.child.kill('SIGKILL');
    await this.exited;
  }
}
