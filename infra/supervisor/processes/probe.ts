import { readFileSync } from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { createNgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import type { Readiness } from '../plan/plan.js';

const PROBE_MS = 2_000;

/** Asks a process without a channel to the supervisor whether it works; the others report their health themselves. */
export async function probe(readiness: Readiness): Promise<boolean> {
  switch (readiness.kind) {
    case 'valkey':
      return pingValkey(readiness.at, readiness.passwordFile);
    case 'rtpengine':
      return pingRtpengine(readiness.url);
    case 'json-line':
    case 'role':
      return true;
  }
}

async function pingValkey(at: NetConnectOpts, passwordFile: string): Promise<boolean> {
  const password = readFileSync(passwordFile, 'utf8').trim();
  let answer = '';
  return new Promise((resolve) => {
    const socket = connect(at);
    const end = (works: boolean): void => {
      socket.destroy();
      resolve(works);
    };
    socket.setTimeout(PROBE_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    // While it loads its file it answers with an error: not ready yet.
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.includes('+PONG')) end(true);
      else if (/^-/m.test(answer)) end(false);
    });
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
