import { once } from 'node:events';
import { connect } from 'node:net';
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

/**
 * Asks for the product's health all the time, from before an attack until after it; response times in milliseconds, the longest last. A
 * refused request counts as infinite. The asking is a thread of its own, so that the work of the attack here is not counted.
 */
export async function healthDuring(stack: Stack, attack: () => Promise<void>): Promise<readonly number[]> {
  const watch = new Worker(new URL('health-watch.mjs', import.meta.url), { workerData: { url: `${stack.web}/api/health` } });
  const done = new Promise<number[]>((resolve, reject) => {
    watch.once('message', resolve);
    watch.once('error', reject);
  });
  await once(watch, 'online');
  try {
    await attack();
  } finally {
    watch.postMessage('stop');
  }
  return (await done).sort((a, b) => a - b);
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
