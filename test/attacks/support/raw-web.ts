import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
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

/** The pause after an answer that was not 200. */
const ASK_AGAIN_MS = 100;

/**
 * Asks for the product's health all the time, from before an attack until after it; response times in milliseconds, the longest last. A
 * refused request counts as infinite.
 */
export async function healthDuring(stack: Stack, attack: () => Promise<void>): Promise<readonly number[]> {
  const times: number[] = [];
  let goesOn = true;
  const watching = (async () => {
    while (goesOn) {
      const since = performance.now();
      const status = await stack.http('GET', '/api/health').then(
        (answer) => answer.status,
        () => 0,
      );
      times.push(status === 200 ? performance.now() - since : Number.POSITIVE_INFINITY);
      if (status !== 200) await pause(ASK_AGAIN_MS);
    }
  })();
  try {
    await attack();
  } finally {
    goesOn = false;
    await watching;
  }
  return times.sort((a, b) => a - b);
}

export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.POSITIVE_INFINITY;
