import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { BASE_SPAN, CLAIM_OFFSET, variableOf, type Binding } from './ports.js';
import { StartFailure } from '../start-failure.js';

type Refusal = 'EADDRINUSE' | 'EACCES' | 'EADDRNOTAVAIL' | (string & {});

/** @returns why the system would not give the port; undefined when it is free */
export async function refusalOf({ host, port, transport }: Binding): Promise<Refusal | undefined> {
  return new Promise((resolve) => {
    if (transport === 'udp') {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      socket.once('error', (error: NodeJS.ErrnoException) => {
        socket.close();
        resolve(error.code ?? 'unknown');
      });
      socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(undefined)));
    } else {
      const server = createServer();
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
    }
  });
}

/** Throws a StartFailure that names the first port that is not free and the variable that moves it. */
export async function checkFree(bindings: readonly Binding[]): Promise<void> {
  for (const binding of bindings) {
    const refusal = await refusalOf(binding);
    if (refusal === undefined) continue;
    throw new StartFailure(refusal === 'EADDRINUSE' ? 'port-taken' : 'no-right-to-port', {
      port: binding.port,
      host: binding.host,
      transport: binding.transport,
      variable: variableOf(binding),
      code: refusal,
    });
  }
}

/** Below the system's range of client ports, so that an outgoing connection never takes one of ours. */
const LOWEST_BASE = 10_000;
const HIGHEST_BASE = 31_000;

/** Holds a base for as long as this process lives. */
export interface Claim {
  readonly base: number;
  release(): void;
}

/**
 * A base with which every port that `bindingsFor` names is free, claimed so that others choosing at the same time cannot take it. No base
 * moves a port that the site set by itself: when such a port is taken, the failure names it.
 */
export async function claimBase(bindingsFor: (base: number) => readonly Binding[], attempts = 50): Promise<Claim> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const base = LOWEST_BASE + BASE_SPAN * randomInt((HIGHEST_BASE - LOWEST_BASE) / BASE_SPAN);
    const guard = await listen(base + CLAIM_OFFSET);
    if (guard === undefined) continue;
    const release = (): void => void guard.close();
    const bindings = bindingsFor(base);
    const moves = ({ port }: Binding): boolean => port >= base && port < base + BASE_SPAN;
    try {
      await checkFree(bindings.filter((binding) => !moves(binding)));
    } catch (error) {
      release();
      throw error;
    }
    const refusals = await Promise.all(bindings.filter(moves).map(refusalOf));
    if (refusals.every((refusal) => refusal === undefined)) return { base, release };
    release();
  }
  throw new StartFailure('no-free-ports');
}

async function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}
