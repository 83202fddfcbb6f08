import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { openSecondNetwork, type SecondNetwork } from '../../support/phones/second-network.js';
import { SDP, connectApp, portOf, startServer, type App } from './sip-support.js';

// A carrier at a hundred calls a second from a network of its own, and a stranger beside it, both with sipp.
const SECONDS = 3;
const CARRIER_RATE = 100;
const STRANGER_RATE = 50;
// The limit for any address but a trunk's: so low that the stranger meets it however slowly this machine sends.
const [BURST, PER_SECOND] = [20, 1];

let folder: string;
let network: SecondNetwork;
let server: SipServer;
let app: App;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sip-second-'));
  network = openSecondNetwork();
  const peersFile = join(folder, 'peers.json');
  writeFileSync(peersFile, JSON.stringify({ peers: [] }));
  server = await startServer({
    contacts: [`sip:${network.own}:0;transport=udp`],
    timing: {},
    limits: { burst: BURST, requestsPerSecond: PER_SECOND },
    peersFile,
    metrics: { host: '127.0.0.1', port: 0 },
  });
  app = await connectApp(server);
  // The trunk is configured while the server runs, as telephony does it.
  writeFileSync(`${peersFile}.new`, JSON.stringify({ peers: [{ addresses: [network.carrier] }] }));
  renameSync(`${peersFile}.new`, peersFile);
});

afterEach(async () => {
  app.disconnect();
  await server.close();
  network.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly created: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** sipp's own scenario of a caller: calls of 100 ms at a rate, for SECONDS. */
async function calls(from: string, ratePerS: number, more: readonly string[] = []): Promise<Outcome> {
  const stats = join(folder, `${from}.csv`);
  const own = ['-sn', 'uac', `${network.own}:${String(portOf(server, 'udp'))}`, '-i', from, '-r', String(ratePerS)];
  const bounded = ['-m', String(ratePerS * SECONDS), '-d', '100', '-timeout', '120', '-nostdin', '-trace_stat', '-stf', stats, '-fd', '1'];
  const [program, args] = network.command('sipp', [...own, ...bounded, ...more]);
  const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  await once(child, 'exit');
  const rows = readFileSync(stats, 'utf8').trim().split('\n');
  const [names, values] = [(rows[0] ?? '').split(';'), (rows.at(-1) ?? '').split(';')];
  const value = (name: string): number => Number(values[names.indexOf(name)]);
  return { created: value('TotalCallCreated'), succeeded: value('SuccessfulCall(C)'), failed: value('FailedCall(C)') };
}

async function dropped(): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${String(server.metrics?.port ?? 0)}/metrics`)).text();
  return Number(/^sip_dropped_total\{reason="flood"\} (\d+)$/m.exec(page)?.[1] ?? 0);
}

test(`a trunk makes ${String(CARRIER_RATE)} calls a second and none is dropped; a stranger beside it is limited`, async () => {
  const offered = new Map<string, number>();
  app.invite((request, response) => {
    offered.set(request.source_address, (offered.get(request.source_address) ?? 0) + 1);
    app.createUAS(request, response, { localSdp: SDP }).catch(() => undefined);
  });
  const alone = await calls(network.carrier, CARRIER_RATE);
  expect(alone).toEqual({ created: CARRIER_RATE * SECONDS, succeeded: CARRIER_RATE * SECONDS, failed: 0 });
  expect(await dropped()).toBe(0);

  const startedMs = performance.now();
  // With no retransmissions each of the stranger's INVITEs counts once; one without an answer is given up after 4 s.
  const impatient = ['-nr', '-recv_timeout', '4000'];
  const [beside, stranger] = await Promise.all([calls(network.carrier, CARRIER_RATE), calls(network.stranger, STRANGER_RATE, impatient)]);
  const allowed = BURST + PER_SECOND * ((performance.now() - startedMs) / 1_000);
  expect(beside).toEqual(alone);
  expect(offered.get(network.carrier)).toBe(2 * CARRIER_RATE * SECONDS);
  expect(offered.get(network.stranger)).toBeLessThanOrEqual(allowed);
  const refused = await dropped();
  expect(refused).toBeGreaterThan(0);
  expect(refused + (offered.get(network.stranger) ?? 0)).toBeLessThanOrEqual(stranger.created);
}, 300_000);
