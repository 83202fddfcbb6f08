import { connect } from 'node:net';
import { createNgClient } from '../../services/shared/platform/rtpengine-ng.js';
import type { Readiness } from './plan.js';

const PROBE_MS = 2_000;

/** Asks a process that has no channel to us whether it works. Processes that tell by themselves are taken at their word. */
export async function probe(readiness: Readiness): Promise<boolean> {
  switch (readiness.kind) {
    case 'valkey':
      return pingValkey(readiness.port);
    case 'rtpengine':
      return pingRtpengine(readiness.url);
    case 'json-line':
    case 'role':
      return true;
  }
}

async function pingValkey(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PROBE_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    // While it loads its file it answers with an error: not ready yet.
    socket.once('data', (data) => end(data.toString('latin1').startsWith('+PONG')));
  });
}

async function pingRtpengine(url: string): Promise<boolean> {
  const client = createNgClient(url);
  try {
    const reply = await client.send({ command: 'ping' }, { timeoutMs: PROBE_MS });
    return reply.result === 'pong';
  } catch {
    return false;
  } finally {
    client.close();
  }
}
