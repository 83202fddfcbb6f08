import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeAlaw } from '../../../services/shared/domain/sound/g711.js';
import { createNgClient, type NgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import { relayRange } from '../../support/servers/relay-range.js';

const PACKET_MS = 20;
const SAMPLES = 160;

/** Between the ports of started products and those that the kernel gives to outgoing connections; each worker of the tests has its own. */
const [FIRST_PORT, PORTS_OF_WORKER, WORKERS] = [32_200, 140, 4];
let ports = Math.floor(Math.random() * PORTS_OF_WORKER);

/** A TCP port on which nobody listens, and which no other test's connection is given before it is used. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < PORTS_OF_WORKER; attempt += 1) {
    const worker = (Number(process.env['JEST_WORKER_ID'] ?? '1') - 1) % WORKERS;
    const port = FIRST_PORT + worker * PORTS_OF_WORKER + (ports++ % PORTS_OF_WORKER);
    const server = createServer();
    server.listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error('no free port');
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'recording-'));
export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 5 });

export async function stopProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await Promise.race([gone, pause(4_000).then(() => child.kill('SIGKILL'))]);
}

/** A real Valkey that keeps nothing. */
export async function startValkey(): Promise<{ url: string; child: ChildProcess }> {
  const port = await freePort();
  const child = spawn('valkey-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: 'pipe',
  });
  await untilPrinted(child, 'Ready to accept connections');
  return { url: `redis://127.0.0.1:${port}`, child };
}

/** A real rtpengine with ports of its own. */
export async function startRtpengine(folder: string): Promise<{ url: string; ng: NgClient; child: ChildProcess }> {
  const [ng, cli] = [await freePort(), await freePort()];
  const { min, max } = relayRange(1_000);
  const child = spawn(
    'rtpengine',
    [
      ...['--config-file=none', '--table=-1', '--interface=127.0.0.1', `--listen-ng=127.0.0.1:${ng}`, `--listen-cli=127.0.0.1:${cli}`],
      ...[`--port-min=${min}`, `--port-max=${max}`, '--foreground', '--log-stderr', '--log-level=5', '--num-threads=2'],
      ...['--measure-rtp', `--recording-dir=${folder}`, '--recording-method=pcap', '--timeout=3600'],
    ],
    { stdio: 'ignore' },
  );
  const url = `udp://127.0.0.1:${ng}`;
  const client = createNgClient(url);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await client.send({ command: 'ping' }, { timeoutMs: 300 });
      return { url, ng: client, child };
    } catch (error) {
      if (attempt > 30) throw error;
    }
  }
}

async function untilPrinted(child: ChildProcess, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let seen = '';
    const read = (chunk: Buffer): void => {
      seen += chunk.toString();
      if (seen.includes(text)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`${child.spawnfile} ended early`)));
  });
}

/** One side of a call: sends a tone in PCMA and hears what comes. */
export class ToneParty {
  readonly #socket: Socket;
  #timer: NodeJS.Timeout | undefined;
  #sequence = Math.floor(Math.random() * 1_000);
  #timestamp = Math.floor(Math.random() * 1_000_000);
  #sample = 0;
  #sent = 0;
  #startedMs = 0;
  heardPackets = 0;
  silent = false;

  private constructor(
    socket: Socket,
    readonly hertz: number,
    readonly ssrc: number,
  ) {
    this.#socket = socket;
    socket.on('message', () => (this.heardPackets += 1));
  }

  static async open(hertz: number, ssrc: number): Promise<ToneParty> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new ToneParty(socket, hertz, ssrc);
  }

  get sdp(): string {
    const lines = [
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      'c=IN IP4 127.0.0.1',
      't=0 0',
      `m=audio ${this.#socket.address().port} RTP/AVP 8`,
    ];
    return [...lines, 'a=rtpmap:8 PCMA/8000', 'a=sendrecv', 'a=ptime:20', ''].join('\r\n');
  }

  sendTo(port: number): void {
    this.#startedMs = performance.now();
    this.#sent = 0;
    // A timer is late now and then, so everything that is due is sent.
    this.#timer = setInterval(() => {
      const due = Math.floor((performance.now() - this.#startedMs) / PACKET_MS);
      for (; this.#sent < due; this.#sent += 1) this.#send(port);
    }, PACKET_MS / 2);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #send(port: number): void {
    const packet = Buffer.alloc(12 + SAMPLES);
    packet[0] = 0x80;
    packet[1] = 8;
    packet.writeUInt16BE(this.#sequence & 0xffff, 2);
    packet.writeUInt32BE(this.#timestamp >>> 0, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    for (let i = 0; i < SAMPLES; i += 1) {
      packet[12 + i] = encodeAlaw(Math.round(8_000 * Math.sin((2 * Math.PI * this.hertz * this.#sample) / 8_000)));
      this.#sample += 1;
    }
    this.#sequence += 1;
    this.#timestamp += SAMPLES;
    if (!this.silent) this.#socket.send(packet, port, '127.0.0.1');
  }
}

export interface PlainCall {
  readonly mediaCallId: string;
  /** Where the relay receives the two sides. */
  readonly ports: { readonly caller: number; readonly far: number };
  readonly caller: ToneParty;
  readonly agent: ToneParty;
  /** Ends both sides and the relay's call. */
  hangUp(): Promise<void>;
}

/** A proxy in front of a relay that records the orders to it, each once. */
export async function countOrders(relayUrl: string): Promise<{ url: string; orders: () => string[]; close: () => void }> {
  const [front, back] = [createSocket('udp4'), createSocket('udp4')];
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  let client = 0;
  const seen = new Map<string, string>();
  front.on('message', (message, { port }) => {
    client = port;
    const text = message.toString();
    const [, order = ''] = /"command":"([^"]+)"|7:command\d+:(?<bencode>query|delete)/.exec(text)?.filter(Boolean) ?? [];
    // What is sent again, because the answer was slow, has the same cookie.
    seen.set(text.slice(0, text.indexOf(' ')), order);
    back.send(message, Number(new URL(relayUrl).port), '127.0.0.1');
  });
  back.on('message', (message) => front.send(message, client, '127.0.0.1'));
  return {
    url: `udp://127.0.0.1:${front.address().port}`,
    orders: () => [...seen.values()].sort(),
    close() {
      front.close();
      back.close();
    },
  };
}

const portIn = (sdp: string | undefined): number => Number(/m=audio (\d+)/.exec(sdp ?? '')?.[1]);

/** A two-party call through the relay by ng commands alone: the caller under tag `A`, the other side under `far`. */
export async function placeCall(ng: NgClient, mediaCallId: string, tones: { caller: number; agent: number }): Promise<PlainCall> {
  const caller = await ToneParty.open(tones.caller, 0x1111_0000 + Math.floor(Math.random() * 0xffff));
  const agent = await ToneParty.open(tones.agent, 0x2222_0000 + Math.floor(Math.random() * 0xffff));
  const ids = { 'call-id': mediaCallId, 'from-tag': 'A' } as const;
  const offered = await ng.send({ command: 'offer', ...ids, sdp: caller.sdp, flags: ['port latching'], 'record call': 'yes' });
  const answered = await ng.send({ command: 'answer', ...ids, 'to-tag': 'far', sdp: agent.sdp, flags: ['port latching'] });
  const ports = { caller: portIn(answered.sdp), far: portIn(offered.sdp) };
  caller.sendTo(ports.caller);
  agent.sendTo(ports.far);
  return {
    mediaCallId,
    ports,
    caller,
    agent,
    async hangUp() {
      await ng.send({ command: 'delete', 'call-id': mediaCallId, 'delete-delay': 0 });
      caller.close();
      agent.close();
    },
  };
}

/** Strength of a tone in 16-bit samples, 0-1 of its own energy (Goertzel). */
export function toneShare(samples: Int16Array, hertz: number): number {
  const k = 2 * Math.cos((2 * Math.PI * hertz) / 8_000);
  let [one, two, energy] = [0, 0, 0];
  for (const sample of samples) {
    const zero = sample + k * one - two;
    two = one;
    one = zero;
    energy += sample * sample;
  }
  const power = one * one + two * two - k * one * two;
  return energy === 0 ? 0 : (2 * power) / (samples.length * energy);
}

/** The two channels of a WAV of 16-bit stereo at 8 kHz. */
export function channelsOf(wav: Uint8Array): { left: Int16Array; right: Int16Array } {
  const view = new DataView(wav.buffer, wav.byteOffset + 44, wav.byteLength - 44);
  const frames = Math.floor(view.byteLength / 4);
  const left = new Int16Array(frames);
  const right = new Int16Array(frames);
  for (let i = 0; i < frames; i += 1) {
    left[i] = view.getInt16(4 * i, true);
    right[i] = view.getInt16(4 * i + 2, true);
  }
  return { left, right };
}

export const loudness = (samples: Int16Array): number => samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
export const seconds = (samples: Int16Array, from: number, to: number): Int16Array => samples.subarray(from * 8_000, to * 8_000);

/**
 * The share of a window's energy that a tone has when it is there. Not more: where two clocks are joined by one sample a packet (after a
 * recorder was killed: its own and the relay's), a pure tone of 1 kHz is cut into pieces of shifted phase, which leaves 0.67 of it in 50
 * ms. A person hears a pitch that is 0.6 % higher.
 */
const TONE_FROM = 0.6;

/** The share of 50 ms windows that hold the tone, so that a single window in which a loaded machine held up the sender does not decide. */
export function heardShare(samples: Int16Array, hertz: number): number {
  const window = 400;
  let [heard, all] = [0, 0];
  for (let at = 0; at + window <= samples.length; at += window) {
    all += 1;
    if (toneShare(samples.subarray(at, at + window), hertz) > TONE_FROM) heard += 1;
  }
  return all === 0 ? 0 : heard / all;
}

/** The share of 50 ms windows that have any sound: it does not need a busy machine to keep the sender's tone in step. */
export function soundShare(samples: Int16Array): number {
  const window = 400;
  let [loud, all] = [0, 0];
  for (let at = 0; at + window <= samples.length; at += window) {
    all += 1;
    if (loudness(samples.subarray(at, at + window)) > 2_000) loud += 1;
  }
  return all === 0 ? 0 : loud / all;
}
