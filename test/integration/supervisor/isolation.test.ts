import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isolate, tableOf, type Isolation } from '../../../infra/supervisor/processes/isolation.js';
import type { Binding } from '../../../infra/supervisor/plan/ports.js';

const HOST = '127.0.0.1';
const INNER = '127.0.0.2';
/** nobody */
const STRANGER_UID = 65_534;
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
const home = `/isolation-test-${process.pid}`;

let store: Server;
let open: Server;
let isolation: Isolation;
const datagrams: string[] = [];
const relay = createSocket('udp4');
const copies = createSocket('udp4');
const listening = async (): Promise<Server> => {
  const server = createServer((socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  return server;
};
const portOf = (server: Server): number => (server.address() as { port: number }).port;

beforeAll(async () => {
  [store, open] = [await listening(), await listening()];
  for (const [socket, address] of [
    [relay, HOST],
    [copies, INNER],
  ] as const) {
    socket.on('message', (message) => datagrams.push(message.toString()));
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  }
  const bindings: Binding[] = [
    { name: 'valkey', host: HOST, port: portOf(store), transport: 'tcp' },
    { name: 'web', host: HOST, port: portOf(open), transport: 'tcp' },
    { name: 'rtpengineNg', host: HOST, port: relay.address().port, transport: 'udp' },
  ];
  isolation = await isolate({ mode: 'yes', home, bindings, innerAddress: INNER });
});
afterAll(async () => {
  await isolation.lift();
  for (const server of [store, open]) server.close();
  for (const socket of [relay, copies]) socket.close();
});

const script = `
const [kind, host, port, text] = process.argv.slice(1);
if (kind === 'tcp') {
  const socket = require('node:net').connect(Number(port), host);
  socket.on('data', (data) => { process.stdout.write(String(data)); process.exit(0); });
  socket.on('error', (error) => { process.stdout.write(error.code); process.exit(1); });
} else {
  const socket = require('node:dgram').createSocket('udp4');
  socket.send(text, Number(port), host, (error) => { process.stdout.write(error ? error.code : 'sent'); process.exit(0); });
}`;

/** What a process of that user gets. */
async function as(uid: number, ...args: string[]): Promise<string> {
  const child = spawn('setpriv', [`--reuid=${uid}`, '--clear-groups', process.execPath, '-e', script, ...args], { cwd: '/' });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await new Promise((resolve) => child.once('close', resolve));
  return output;
}

test('another user of this machine reaches the pages, and neither a store nor the relay nor the recorder', async () => {
  expect(isolation.state).toBe('on');
  expect(await as(STRANGER_UID, 'tcp', HOST, String(portOf(open)))).toBe('hello');
  expect(await as(STRANGER_UID, 'tcp', HOST, String(portOf(store)))).toBe('ECONNREFUSED');
  await as(STRANGER_UID, 'udp', HOST, String(relay.address().port), 'stranger');
  await as(STRANGER_UID, 'udp', INNER, String(copies.address().port), 'stranger');
  expect(await as(process.getuid?.() ?? 0, 'tcp', HOST, String(portOf(store)))).toBe('hello');
  await as(process.getuid?.() ?? 0, 'udp', HOST, String(relay.address().port), 'own');
  await as(process.getuid?.() ?? 0, 'udp', INNER, String(copies.address().port), 'own');
  // The product's own datagrams come after the stranger's, so the stranger's would have arrived by then.
  expect(datagrams).toEqual(['own', 'own']);
});

test('a start replaces what an earlier one left, and a stop leaves nothing', async () => {
  const list = (): string => spawnSync('nft', ['list', 'tables'], { encoding: 'utf8', env: { PATH: '/usr/sbin:/usr/bin' } }).stdout;
  expect(list()).toContain(tableOf(home));
  const again = await isolate({ mode: 'auto', home, bindings: [], innerAddress: INNER });
  expect(again.state).toBe('on');
  expect(await as(STRANGER_UID, 'tcp', HOST, String(portOf(store)))).toBe('hello');
  await again.lift();
  expect(list()).not.toContain(tableOf(home));
});

test('a user who may not set rules is refused in words that the start repeats', () => {
  const asStranger = spawnSync('setpriv', [`--reuid=${STRANGER_UID}`, '--clear-groups', 'nft', '-f', '-'], {
    input: 'add table inet proofline_probe\n',
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin' },
  });
  expect(asStranger.stderr).toMatch(/not permitted/i);
});

test('a start removes the rules of a supervisor that was killed, and those of one that runs stay', async () => {
  const tables = (): string => spawnSync('nft', ['list', 'tables'], { encoding: 'utf8', env: { ...process.env, PATH } }).stdout;
  const killedHome = `${home}-killed`;
  const program = `
    const { isolate } = await import(${JSON.stringify(join(import.meta.dirname, '..', '..', '..', 'infra', 'supervisor', 'processes', 'isolation.ts'))});
    await isolate({ mode: 'yes', home: ${JSON.stringify(killedHome)}, bindings: [], innerAddress: '127.0.0.2' });
    process.kill(process.pid, 'SIGKILL');`;
  const killed = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { stdio: 'ignore' });
  expect(await once(killed, 'exit')).toEqual([null, 'SIGKILL']);
  expect(tables()).toContain(tableOf(killedHome));
  const [running, later] = [`${home}-running`, `${home}-later`];
  const started = [];
  for (const each of [running, later]) started.push(await isolate({ mode: 'yes', home: each, bindings: [], innerAddress: INNER }));
  expect(tables()).not.toContain(tableOf(killedHome));
  for (const each of [running, later]) expect(tables()).toContain(tableOf(each));
  for (const each of started) await each.lift();
});
