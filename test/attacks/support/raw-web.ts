import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import type { Stack } from '../../support/stack.js';

/** The head of a request by hand, so that the body can be cut, lie about its length or never come. */
export const headOf = (method: string, path: string, token: string, headers: readonly string[]): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${token}`, ...headers, '', ''].join('\r\n');

/** Sends these bytes over TLS and hangs up when they have left, without waiting for an answer. */
export function sendAndCut(stack: Stack, bytes: string | Uint8Array): Promise<void> {
  const { hostname, port } = new URL(stack.web);
  return new Promise((resolve) => {
    const socket = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false }, () =>
      socket.write(bytes, () => socket.destroy()),
    );
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

/** Asks for something, reads the first bytes of the answer, and hangs up. */
export function takeAndCut(stack: Stack, head: string): Promise<void> {
  const { hostname, port } = new URL(stack.web);
  return new Promise((resolve) => {
    const socket = connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => socket.write(head));
    socket.once('data', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

/** Opens a control socket and signs in nowhere. */
export async function openSocket(stack: Stack, local?: string): Promise<WebSocket> {
  const socket = new WebSocket(`${stack.web.replace('https', 'wss')}/socket.io/?EIO=4&transport=websocket`, {
    rejectUnauthorized: false,
    ...(local === undefined ? {} : { localAddress: local }),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  // The heartbeat is answered as a page would.
  socket.on('message', (data: Buffer) => {
    if (data.toString() === '2') socket.send('3');
  });
  return socket;
}

/** Opens TCP to the web port and says nothing; resolves with the milliseconds until it is cut, or undefined. */
export function untilCut(stack: Stack, local: string, withinMs: number): Promise<number | undefined> {
  const { hostname, port } = new URL(stack.web);
  const since = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: local, family: 4 });
    const timer = setTimeout(() => {
      resolve(undefined);
      socket.destroy();
    }, withinMs);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(performance.now() - since);
    });
  });
}

export interface Health {
  /** Response times in milliseconds, the longest last. A refused request counts as infinite. */
  readonly times: readonly number[];
  /**
   * How much longer the process that answers took than it worked, since it waited for a core: 1 on a machine of its own. What other
   * programs take from the machine is not the product's fault.
   */
  readonly stretch: number;
}

/** Nanoseconds that the main thread of a process has run, and waited for a core; zeros of a process that is gone. */
function ranAndWaited(pid: number): readonly [number, number] {
  const file = `/proc/${pid}/schedstat`;
  const [ran = 0, waited = 0] = existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number) : [];
  return [ran, waited];
}

/** The process that serves the pages. */
const serving = ({ ready: { processes } }: Stack): number =>
  (processes.find(({ name }) => name === 'api') ?? processes.find(({ name }) => name === 'roles'))?.pid ?? 0;

/**
 * Asks for the product's health all the time, from before an attack until after it. The attack is told how many answers there are already.
 * The asking is a thread of its own, so that the work of the attack here is not counted.
 */
export async function healthDuring(stack: Stack, attack: (answered: () => number) => Promise<unknown>): Promise<Health> {
  const answered = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const watch = new Worker(new URL('health-watch.mjs', import.meta.url), { workerData: { url: `${stack.web}/api/health`, answered } });
  const done = new Promise<number[]>((resolve, reject) => {
    watch.once('message', resolve);
    watch.once('error', reject);
  });
  await once(watch, 'online');
  const pid = serving(stack);
  const [ranBefore, waitedBefore] = ranAndWaited(pid);
  try {
    await attack(() => Atomics.load(new Int32Array(answered), 0));
  } finally {
    watch.postMessage('stop');
  }
  const times = (await done).sort((a, b) => a - b);
  const [ran, waited] = ranAndWaited(pid);
  return { times, stretch: ran > ranBefore ? 1 + (waited - waitedBefore) / (ran - ranBefore) : 1 };
}

export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY;

const FRAMES_CUT_MS = 200;

/** Opens a control socket, sends these frames, and cuts the connection at the next message, or a moment later. */
export async function frameAndCut(stack: Stack, frames: readonly (string | Uint8Array)[], local: string): Promise<void> {
  const socket = await openSocket(stack, local);
  const closed = once(socket, 'close');
  for (const frame of frames) socket.send(frame);
  socket.once('message', () => socket.terminate());
  setTimeout(() => socket.terminate(), FRAMES_CUT_MS).unref();
  await closed;
}

const SILENT_MS = 1_000;

/** Opens so many connections of each kind at once, says nothing on them for a moment, and drops them: TCP, TLS, control socket, seat door. */
export async function openedAndSilent(stack: Stack, count: number, local: string): Promise<void> {
  const { hostname, port } = new URL(stack.web);
  const to = { host: hostname, port: Number(port), localAddress: local, family: 4 } as const;
  const upgrade = `GET /sip?ticket=${'A'.repeat(43)} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${stack.web}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;
  const sockets = Array.from({ length: count }, () => {
    const seat = connectTls({ ...to, rejectUnauthorized: false }, () => seat.write(upgrade));
    return [connect(to), connectTls({ ...to, rejectUnauthorized: false }), seat];
  }).flat();
  for (const socket of sockets) socket.on('error', () => undefined);
  const pages = await Promise.allSettled(Array.from({ length: count }, () => openSocket(stack, local)));
  await pause(SILENT_MS);
  for (const socket of sockets) socket.destroy();
  for (const page of pages) if (page.status === 'fulfilled') page.value.terminate();
}
