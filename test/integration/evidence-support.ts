import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Client } from 'minio';
import mongoose from 'mongoose';
import { startDocumentStore } from '../../infra/embedded/documents/index.js';
import { startObjectStore } from '../../infra/embedded/objects/index.js';
import { createEvidenceRoutes, createEvidenceWorker } from '../../services/evidence/index.js';
import { createLicenceFile, createRegistryRoutes, seedRegistryDemo } from '../../services/registry/index.js';
import type { CommandBus } from '../../services/shared/contracts/commands.js';
import type { EventBus, EventOf } from '../../services/shared/events/catalogue.js';
import { readConfig, type Config } from '../../services/shared/platform/config.js';
import { silentLogger } from '../../services/shared/platform/logger.js';
import { createObjectClient } from '../../services/shared/platform/objects.js';
import type { AuditEntry, Route } from '../../services/shared/platform/route.js';
import type { Service } from '../../services/shared/platform/service.js';
import { createValkeyBus } from '../../services/shared/platform/valkey-bus.js';
import { createValkeyCommands } from '../../services/shared/platform/valkey-commands.js';

const HOST = '127.0.0.1';
export const ZONE = 'Asia/Shanghai';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The evidence worker and routes over the real stores, with the demo licensee. */
export class EvidenceSite implements AsyncDisposable {
  readonly acts: AuditEntry[] = [];
  /** What the worker logged as an error. */
  readonly faults: object[] = [];
  private constructor(
    readonly home: string,
    readonly config: Config,
    readonly mongo: mongoose.Connection,
    readonly objects: Client,
    readonly bus: EventBus,
    readonly commands: CommandBus,
    private readonly valkeyProcess: ChildProcess,
    private readonly closers: (() => Promise<void>)[],
  ) {}

  worker!: Service;
  routes: Route[] = [];

  static async start(): Promise<EvidenceSite> {
    const home = await mkdtemp(join(tmpdir(), 'proofline-evidence-'));
    const documents = await startDocumentStore({ folder: join(home, 'documents') });
    const credential = { accessKey: 'evidence-test', secretKey: 'evidence-test-secret', policy: 'admin' as const };
    const store = await startObjectStore({ dataFolder: join(home, 'objects'), host: HOST, port: 0, credentials: [credential] });
    const valkeyPort = await freePort();
    const valkeyProcess = spawn('valkey-server', ['--port', String(valkeyPort), '--bind', HOST, '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    const valkeyUrl = `redis://${HOST}:${valkeyPort}`;
    const config = readConfig({
      PROOFLINE_HOME: home,
      SITE_TIME_ZONE: ZONE,
      VALKEY_URL: valkeyUrl,
      MONGODB_URI: documents.uri,
      S3_ENDPOINT: store.endpoint,
      S3_ACCESS_KEY: credential.accessKey,
      S3_SECRET_KEY: credential.secretKey,
      DRACHTIO_SECRET: 'evidence-test',
      TOKEN_KEY: 'k'.repeat(40),
      SEAT_KEY: 's'.repeat(16),
      MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
      // Nobody is there: the probes of both must be cut.
      RTPENGINE_URLS: `udp://${HOST}:${await freePort()}`,
      SIP_TRUNK_ADDRESS: `${HOST}:${await freePort()}`,
    });
    const mongo = await mongoose.createConnection(documents.uri, { dbName: 'proofline', serverSelectionTimeoutMS: 5_000 }).asPromise();
    const objects = createObjectClient(config);
    await objects.makeBucket(config.S3_BUCKET);
    const valkey = new Redis(valkeyUrl, { maxRetriesPerRequest: 20 });
    valkey.on('error', () => undefined);
    await valkey.ping();
    const bus = createValkeyBus({ url: valkeyUrl, log: silentLogger });
    const commands = createValkeyCommands({ url: valkeyUrl, log: silentLogger });
    const site = new EvidenceSite(home, config, mongo, objects, bus, commands, valkeyProcess, [
      () => bus.close(),
      () => commands.close(),
      () => mongo.close(),
      async () => valkey.disconnect(),
      () => store.stop(),
      () => documents.close(),
    ]);
    const audit = async (entry: AuditEntry): Promise<void> => void site.acts.push(entry);
    const needs = { config, mongo, objects, audit, commands, licenceFile: createLicenceFile({ config, mongo, audit }) };
    await seedRegistryDemo(needs);
    site.worker = createEvidenceWorker({
      ...needs,
      bus,
      valkey,
      log: { ...silentLogger, error: (fields) => void site.faults.push(fields) },
    });
    site.routes = [...createEvidenceRoutes(needs), ...createRegistryRoutes(needs)];
    await site.worker.start();
    return site;
  }

  /** Orders a pack and waits for its end. */
  async makePack(kind: 'licence' | 'inspection' | 'annual', from: string, to: string): Promise<EventOf<'evidence.progress'>> {
    let end: (event: EventOf<'evidence.progress'>) => void = () => undefined;
    const ended = new Promise<EventOf<'evidence.progress'>>((resolve) => (end = resolve));
    const stop = await this.bus.follow((delivered) => {
      if (delivered.name === 'evidence.progress' && ['sealed', 'failed'].includes(delivered.event.step)) end(delivered.event);
    });
    await this.commands.send('evidence.make-pack', { kind, from, to, requestedBy: 'test' }, { timeoutMs: 10_000 });
    const last = await ended;
    await stop();
    return last;
  }

  /** Calls a route's handler as the web does once it has let the caller in. */
  async ask(method: Route['method'], path: string, input: { params?: object; query?: object; body?: object } = {}): Promise<unknown> {
    const route = this.routes.find((each) => each.method === method && each.path === path);
    if (route === undefined) throw new Error(`no route ${method} ${path}`);
    return route.handle({
      principal: {
        userId: 'inspector',
        name: '检查员',
        sessionId: 's',
        roles: ['inspector'],
        scope: { queues: [], sites: [], clientUnits: [] },
      },
      params: route.params?.parse(input.params ?? {}),
      query: route.query?.parse(input.query ?? {}),
      body: route.body?.parse(input.body ?? {}),
      from: HOST,
      request: undefined as never,
      response: undefined as never,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.stop();
    for (const close of this.closers) await close();
    this.valkeyProcess.kill();
    if (this.valkeyProcess.exitCode === null) await once(this.valkeyProcess, 'exit');
    await rm(this.home, { recursive: true, force: true });
  }
}

/** Calls, recordings, scores, complaints and proof calls of some days, the same for the same count. */
export async function fillCalls(mongo: mongoose.Connection, firstDayMs: number, days: number, perDay: number): Promise<void> {
  let seed = 42;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  const insert = async (name: string, rows: object[]): Promise<void> => {
    for (let i = 0; i < rows.length; i += 5_000) await mongo.collection(name).insertMany(rows.slice(i, i + 5_000));
  };
  // Those that the owners of the collections make.
  await Promise.all([
    mongo.collection('calls').createIndex({ invitedAt: 1 }, {}, {}),
    mongo.collection('recordings').createIndex({ startedAt: -1 }, {}, {}),
    mongo.collection('surveys').createIndex({ at: -1 }, {}, {}),
    mongo.collection('survey_answers').createIndex({ surveyId: 1 }, {}, {}),
    mongo.collection('proof_calls').createIndex({ at: -1 }, {}, {}),
    mongo.collection('complaints').createIndex({ receivedAt: -1 }, {}, {}),
  ]);
  for (let day = 0; day < days; day += 1) {
    const calls: object[] = [];
    const recordings: object[] = [];
    const surveys: object[] = [];
    const answers: object[] = [];
    for (let i = 0; i < perDay; i += 1) {
      const invited = firstDayMs + day * 86_400_000 + Math.round(((8 + (i / perDay) * 12) * 3_600 + random() * 20) * 1_000);
      const answered = invited + 300 + Math.round(random() * 2_000);
      const queued = answered + 4_000 + Math.round(random() * 9_000);
      const wait = Math.round(random() ** 3 * 60_000);
      const abandons = random() < 0.07;
      const talk = 30_000 + Math.round(random() * 400_000);
      const ended = abandons ? queued + Math.min(wait, 40_000) : queued + wait + talk;
      const id = `call-${String(day).padStart(3, '0')}-${String(i).padStart(6, '0')}`;
      const queueId = random() < 0.7 ? 'service' : 'billing';
      const date = (ms: number): Date => new Date(ms);
      calls.push({
        _id: id,
        direction: 'inbound',
        trunkId: 'carrier-1',
        callerNumber: `138${String(Math.floor(random() * 9_000)).padStart(8, '0')}`,
        callerMasked: '138****0000',
        callerHash: `h${Math.floor(random() * perDay * 0.6)}`.padEnd(24, 'x'),
        called: '4001000',
        queueId,
        invitedAt: date(invited),
        answeredAt: date(answered),
        queuedAt: date(queued),
        ...(abandons ? {} : { agentAnsweredAt: date(queued + wait), agentId: `agent${Math.floor(random() * 8)}` }),
        endedAt: date(ended),
        talks: abandons ? [] : [{ agentId: 'agent1', from: date(queued + wait), to: date(ended) }],
        holds: [],
        cause: abandons ? 'abandoned-in-queue' : 'completed',
        by: 'caller',
        media: [
          {
            leg: 'caller',
            packetsReceived: 5_000,
            packetsSent: 5_000,
            packetsLost: Math.floor(random() ** 4 * 300),
            jitterMs: random() * 12,
            roundTripMs: 20 + random() * 120,
          },
        ],
        ledgerNumber: day * perDay + i + 1,
      });
      if (!abandons)
        recordings.push({
          _id: id,
          startedAt: date(answered).toISOString(),
          sha256: id.padEnd(64, '0').slice(0, 64),
          durationMs: ended - answered,
          sizeBytes: Math.round(((ended - answered) / 1_000) * 6_000),
          facets: { queueId, called: '4001000', agentIds: ['agent1'] },
        });
      if (!abandons && random() < 0.5) {
        surveys.push({ _id: `s-${id}`, callId: id, at: date(ended), queueId, agentId: 'agent1', method: 'keys', language: 'zh-CN' });
        if (random() < 0.6)
          answers.push({
            _id: `a-${id}`,
            surveyId: `s-${id}`,
            at: date(ended),
            score: 1 + Math.floor(random() ** 0.4 * 5),
            solved: true,
            by: 'caller',
          });
      }
    }
    await insert('calls', calls);
    await insert('recordings', recordings);
    await insert('surveys', surveys);
    await insert('survey_answers', answers);
    const at = firstDayMs + day * 86_400_000 + 36_000_000;
    await insert(
      'proof_calls',
      Array.from({ length: 96 }, (_, i) => ({
        _id: `p-${day}-${i}`,
        at: new Date(firstDayMs + day * 86_400_000 + i * 900_000),
        ok: !(day === 1 && i === 7),
        totalMs: 21_000 + i,
        stages: [],
        origin: 'canary',
      })),
    );
    await insert('complaints', [
      {
        _id: `c-${day}`,
        number: `TS-${day}`,
        state: 'closed',
        source: 'phone',
        kind: 'waiting-time',
        receivedAt: new Date(at),
        clocks: [
          {
            startedAt: new Date(at),
            dueAt: new Date(at + 15 * 86_400_000),
            stoppedAt: new Date(at + (day % 2 === 0 ? 3 : 16) * 86_400_000),
          },
        ],
        answers: [{ at: new Date(at + (day % 2 === 0 ? 3 : 16) * 86_400_000), how: 'call', by: 'x', text: '' }],
        closedAt: new Date(at + 17 * 86_400_000),
        upheld: day % 3 === 0,
        actions: [],
        satisfaction: { score: 4, at: new Date(at), by: 'x' },
        revision: 1,
      },
    ]);
  }
}
