// npm run bench -- --only evidence [--json]: packs, their verification and the drawing, each in a process of its own beside the embedded stores.
import { execFile, fork, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { layOutTopology } from '../services/evidence/adapters/elk-layout.js';
import { verifyPack } from '../services/evidence/adapters/pack-verifier.js';
import { openSigner } from '../services/evidence/adapters/signing-key.js';
import { createZip } from '../services/evidence/adapters/zip-writer.js';
import { speak } from '../services/shared/domain/language.js';
import { createEvidenceWorker } from '../services/evidence/index.js';
import { reconcileEquipment } from '../services/evidence/inventory/equipment.js';
import { topologySvg } from '../services/evidence/inventory/topology-svg.js';
import { drawTopology } from '../services/evidence/inventory/topology.js';
import { MANIFEST, manifestText, SIGNATURE, type PackedFile } from '../services/evidence/pack/manifest.js';
import { createLicenceFile, seedRegistryDemo } from '../services/registry/index.js';
import type { EventOf } from '../services/shared/events/catalogue.js';
import { readConfig, type Config } from '../services/shared/platform/config.js';
import { silentLogger } from '../services/shared/platform/logger.js';
import { createObjectClient } from '../services/shared/platform/objects.js';
import { createValkeyBus } from '../services/shared/platform/valkey-bus.js';
import { createValkeyCommands } from '../services/shared/platform/valkey-commands.js';
import { fillCalls, seatsOf } from './evidence-support.js';
import { report } from './report.js';

const HOST = '127.0.0.1';
const ZONE = 'Asia/Shanghai';
const SECRET = 'bench-evidence-secret';
const MONTH = { from: '2026-10-01', to: '2026-10-31', days: 31, calls: 100_000 };
const YEAR = { from: '2025-10-01', to: '2026-09-30', days: 365, calls: 1_000_000 };
const PACK_BYTES = 500 * 2 ** 20;

interface Stores {
  readonly home: string;
  readonly documents: string;
  readonly objects: string;
  readonly valkey: string;
  readonly relay: string;
  readonly sip: string;
}

/** What a child found: how long it took and how much memory it held at most. */
interface Outcome {
  readonly seconds: number;
  readonly peakMb: number;
}

const [task, argument] = process.argv.slice(2);
switch (task) {
  case 'pack':
    await packInChild(JSON.parse(argument ?? '') as Stores & typeof MONTH);
    break;
  case 'verify':
    await verifyInChild(argument ?? '');
    break;
  default:
    await measure();
}

async function measure(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'proofline-bench-evidence-'));
  const children: ChildProcess[] = [];
  try {
    await drawing();
    await verification(home);
    const stores = await startStores(home, children);
    await pack(stores, MONTH, 'inspection pack of a month of 100,000 calls', '<= 30 s');
    // The year costs minutes to fill: only when it is asked for.
    if (process.argv.includes('--year')) await pack(stores, YEAR, 'annual pack of a year of a million calls', '<= 180 s');
  } finally {
    for (const child of children) {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
    }
    await rm(home, { recursive: true, force: true });
  }
}

async function drawing(): Promise<void> {
  const say = speak('zh-CN');
  const { file, probes } = seatsOf(500, 12);
  const began = performance.now();
  const placed = await layOutTopology(drawTopology(file, reconcileEquipment(file, probes, say), probes, say));
  topologySvg(placed, { company: '示例', licence: '', date: '2026-11-01', version: '0', note: '' }, say);
  report({
    what: 'topology of 500 seats at 12 sites, laid out and drawn',
    value: (performance.now() - began) / 1_000,
    unit: 's',
    target: '<= 5 s',
  });
}

/** A pack of 500 MB that packs as rows do: the baseline only reads and hashes it. */
async function verification(home: string): Promise<void> {
  const path = join(home, 'large.zip');
  const signer = await openSigner(join(home, 'key.pem'));
  const zip = await createZip(path);
  const files: PackedFile[] = [];
  const line = (i: number): string =>
    `call-${i},inbound,${1_790_000_000_000 + i * 977},${createHash('md5').update(String(i)).digest('hex')}\n`;
  for (let part = 0; (await stat(`${path}.part`)).size < PACK_BYTES; part += 1) {
    const rows = Array.from({ length: 200_000 }, (_, i) => line(part * 200_000 + i)).join('');
    files.push(await zip.add(`rows/calls-${part}.csv`, Buffer.from(`id,direction,at,hash\n${rows}`)));
    files.push(await zip.add(`drawings/${part}.png`, randomBytes(24 * 2 ** 20), { stored: true }));
  }
  const words = manifestText({
    format: 'proofline-pack/1',
    number: 1,
    packId: 'JC-BENCH',
    kind: 'inspection',
    period: { from: '2026-10-01', to: '2026-10-31', zone: ZONE },
    madeAt: '2026-11-01T00:00:00.000Z',
    productVersion: '0',
    company: '示例',
    licence: '',
    dataSha256: '',
    previous: null,
    publicKey: signer.publicKey,
    files,
    queries: [],
    openPoints: [],
  });
  await zip.add(MANIFEST, Buffer.from(words));
  await zip.add(SIGNATURE, Buffer.from(JSON.stringify({ algorithm: 'Ed25519', signature: signer.sign(words) })));
  await zip.close();
  const began = performance.now();
  await promisify(execFile)('sha256sum', [path]);
  const baseline = { what: 'sha256sum of the archive', value: (performance.now() - began) / 1_000 };
  const { seconds, peakMb } = await inChild('verify', path);
  report({ what: 'verification of a pack of 500 MB', value: seconds, unit: 's', target: '<= 20 s', baseline });
  report({ what: 'verification of a pack of 500 MB, memory at most', value: peakMb, unit: 'MB' });
  await rm(path);
}

async function verifyInChild(path: string): Promise<void> {
  const began = performance.now();
  const verdict = await verifyPack(path);
  if (!verdict.ok) throw new Error('The pack of the benchmark does not verify.');
  answer(began);
}

async function pack(stores: Stores, period: typeof MONTH, what: string, target: string): Promise<void> {
  const mongo = await mongoose.createConnection(stores.documents, { dbName: 'proofline' }).asPromise();
  await fillCalls(mongo, Date.parse(`${period.from}T00:00:00+08:00`), period.days, Math.ceil(period.calls / period.days));
  const began = performance.now();
  let read = 0;
  for await (const row of mongo.collection('calls').find({}, { batchSize: 2_000, projection: { invitedAt: 1 } }))
    read += row['invitedAt'] === null ? 0 : 1;
  const baseline = { what: `driver reads one field of ${read} calls`, value: (performance.now() - began) / 1_000 };
  await mongo.close();
  const { seconds, peakMb } = await inChild('pack', JSON.stringify({ ...stores, ...period }));
  report({ what, value: seconds, unit: 's', target, baseline });
  report({ what: `${what}, memory at most`, value: peakMb, unit: 'MB', target: '<= 512 MB' });
}

/** Orders a pack as the page does and waits for its seal: probes, reading, documents, archive, upload. */
async function packInChild({ home, documents, objects, valkey, relay, sip, from, to, days }: Stores & typeof MONTH): Promise<void> {
  const config = configOf({ home, documents, objects, valkey, relay, sip });
  const mongo = await mongoose.createConnection(documents, { dbName: 'proofline' }).asPromise();
  const client = createObjectClient(config);
  if (!(await client.bucketExists(config.S3_BUCKET))) await client.makeBucket(config.S3_BUCKET);
  const live = new Redis(valkey);
  const bus = createValkeyBus({ url: valkey, log: silentLogger });
  const commands = createValkeyCommands({ url: valkey, log: silentLogger });
  const audit = async (): Promise<void> => undefined;
  const needs = { config, mongo, objects: client, audit, commands, licenceFile: createLicenceFile({ config, mongo, audit }) };
  await seedRegistryDemo(needs);
  const worker = createEvidenceWorker({ ...needs, bus, valkey: live, log: { ...silentLogger, error: (fields) => console.error(fields) } });
  await worker.start();
  let end: (event: EventOf<'evidence.progress'>) => void = () => undefined;
  const ended = new Promise<EventOf<'evidence.progress'>>((resolve) => (end = resolve));
  const began = performance.now();
  const stop = await bus.follow((delivered) => {
    if (delivered.name !== 'evidence.progress') return;
    if (process.env['STEPS'] === 'yes')
      console.error(
        ((performance.now() - began) / 1_000).toFixed(1),
        Math.round(process.memoryUsage.rss() / 2 ** 20),
        delivered.event.done,
        delivered.event.step,
      );
    if (['sealed', 'failed'].includes(delivered.event.step)) end(delivered.event);
  });
  const kind = days > 100 ? 'annual' : 'inspection';
  await commands.send('evidence.make-pack', { kind, from, to, requestedBy: 'bench' }, { timeoutMs: 10_000 });
  if ((await ended).step !== 'sealed') throw new Error('The pack was not sealed.');
  answer(began);
  await stop();
  await worker.stop();
  await bus.close();
  await commands.close();
  live.disconnect();
  await mongo.close();
}

function answer(beganMs: number): void {
  // Not the usage of resources: that of a child begins with what its parent held.
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? Number.NaN);
  process.send?.({ seconds: (performance.now() - beganMs) / 1_000, peakMb: peakKb / 1_024 } satisfies Outcome);
}

async function inChild(what: string, input: string): Promise<Outcome> {
  // Programs from the compiler's output, as the product runs them, would need a build first; tsx costs memory, which counts against us.
  const child = fork(import.meta.filename, [what, input], { execArgv: ['--import', 'tsx'] });
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The child of the benchmark ended with ${String(code)}.`))),
  ])) as [Outcome];
  if (child.exitCode === null) await once(child, 'exit');
  return message;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function startStores(home: string, children: ChildProcess[]): Promise<Stores> {
  const ready = async (program: string, options: readonly string[]): Promise<Record<string, string>> => {
    const child = spawn(process.execPath, ['--import', 'tsx', program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes('"ready"')) return JSON.parse(line) as Record<string, string>;
    throw new Error(`${program} did not start.`);
  };
  const documents = await ready(join(import.meta.dirname, '..', 'infra', 'embedded', 'documents', 'main.ts'), [
    '--data',
    join(home, 'documents'),
    '--listen',
    `${HOST}:${await freePort()}`,
  ]);
  const objects = await startObjects(home, ready);
  const valkeyPort = await freePort();
  children.push(
    spawn('valkey-server', ['--port', String(valkeyPort), '--bind', HOST, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' }),
  );
  return {
    home,
    documents: documents['uri'] ?? '',
    objects,
    valkey: `redis://${HOST}:${valkeyPort}`,
    relay: `udp://${HOST}:${await answering((message) => Buffer.concat([message.subarray(0, message.indexOf(0x20) + 1), Buffer.from('d6:result2:oke')]))}`,
    sip: `${HOST}:${await answering(() => Buffer.from('SIP/2.0 200 OK\r\nServer: bench\r\n\r\n'))}`,
  };
}

/** Something that answers a probe, so that the benchmark waits for nobody. */
async function answering(reply: (message: Buffer) => Buffer): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => socket.send(reply(message), from.port, from.address));
  socket.unref();
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket.address().port;
}

async function startObjects(
  home: string,
  ready: (program: string, options: readonly string[]) => Promise<Record<string, string>>,
): Promise<string> {
  const file = join(home, 'credentials.json');
  await writeFile(file, JSON.stringify([{ accessKey: 'bench-evidence', secretKey: SECRET, policy: 'admin' }]), { mode: 0o600 });
  const program = join(import.meta.dirname, '..', 'infra', 'embedded', 'objects', 'main.ts');
  const { endpoint = '' } = await ready(program, [
    '--data',
    join(home, 'objects'),
    '--credentials-file',
    file,
    '--listen',
    `${HOST}:${await freePort()}`,
  ]);
  return endpoint;
}

function configOf({ home, documents, objects, valkey, relay, sip }: Stores): Config {
  return readConfig({
    PROOFLINE_HOME: home,
    SITE_TIME_ZONE: ZONE,
    VALKEY_URL: valkey,
    MONGODB_URI: documents,
    S3_ENDPOINT: objects,
    S3_ACCESS_KEY: 'bench-evidence',
    S3_SECRET_KEY: SECRET,
    DRACHTIO_SECRET: 'bench-evidence',
    TOKEN_KEY: 'k'.repeat(40),
    SEAT_KEY: 's'.repeat(16),
    MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
    RTPENGINE_URLS: relay,
    SIP_TRUNK_ADDRESS: sip,
  });
}
