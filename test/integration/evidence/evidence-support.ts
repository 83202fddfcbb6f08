import { createJumpReader, createRestoreReader } from '../../../services/audit/index.js';
import { createWorkdayReader } from '../../../services/complaints/index.js';
import { createAllReads } from '../../../services/main/reads.js';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { startDocumentStore } from '../../../infra/embedded/documents/index.js';
import { startObjectStore } from '../../../infra/embedded/objects/index.js';
import { createProofSheets } from '../../../services/proof-call/index.js';
import { holderOf } from '../../../services/shared/domain/licence/licence-file.js';
import {
  createEvidenceRoutes,
  createEvidenceWorker,
  createSeatReadings,
  createSigner,
  type SheetsFrom,
  type StoredFiguresReader,
} from '../../../services/evidence/index.js';
import { createInventory, createInventoryRoutes, createProbeRound } from '../../../services/inventory/index.js';
import { createNewestWitnessed, createWitnessedSince, createWitnessRoutes } from '../../../services/witness/index.js';
import { createNamedSeed } from '../../../services/drill/index.js';
import { createAttachedBodies } from '../../../services/main/attached-bodies.js';
import {
  createLedgerNumbers,
  createLedgerReader,
  createOpenJumps,
  createRecordingBodies,
  createRecordingLooks,
} from '../../../services/recording/index.js';
import { createAttachmentBodies, createLicenceFile, createRegistryRoutes, seedRegistryDemo } from '../../../services/registry/index.js';
import type { CommandBus } from '../../../services/shared/contracts/calls/commands.js';
import type { EventBus, EventOf } from '../../../services/shared/events/catalogue.js';
import { readConfig, type Config } from '../../../services/shared/platform/settings/config.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createObjectClient, type ObjectClient } from '../../../services/shared/platform/stores/objects.js';
import type { AuditEntry, Route } from '../../../services/shared/platform/http/route.js';
import type { Service } from '../../../services/shared/platform/processes/service.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../../../services/shared/platform/events/valkey-commands.js';
import { freeTcpPort } from '../../support/free-ports.js';

const HOST = '127.0.0.1';
export const ZONE = 'Asia/Shanghai';

/** The evidence worker and routes over the real stores, with the demo licensee. */
export class EvidenceSite implements AsyncDisposable {
  readonly acts: AuditEntry[] = [];
  /** What the worker logged as an error. */
  readonly faults: object[] = [];
  /** The figures that complaints and satisfaction stored, as the worker gets them. */
  stored: StoredFiguresReader = async () => [];
  /** The sealed day sheets. */
  sheets: SheetsFrom = async () => [];
  private constructor(
    readonly home: string,
    /** The environment with which another process finds the same stores. */
    readonly env: Readonly<Record<string, string>>,
    readonly config: Config,
    readonly mongo: mongoose.Connection,
    readonly objects: ObjectClient,
    readonly bus: EventBus,
    readonly commands: CommandBus,
    private readonly valkeyProcess: ChildProcess,
    private readonly closers: (() => Promise<void>)[],
  ) {}

  worker!: Service;
  /** Another worker on the same site, for when the first one is stopped. */
  newWorker!: (now?: () => Date) => Service;
  routes: Route[] = [];

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<EvidenceSite> {
    const home = await mkdtemp(join(tmpdir(), 'proofline-evidence-'));
    const documents = await startDocumentStore({ folder: join(home, 'documents') });
    const credential = { accessKey: 'evidence-test', secretKey: 'evidence-test-secret', policy: 'admin' as const };
    const store = await startObjectStore({ dataFolder: join(home, 'objects'), host: HOST, port: 0, credentials: [credential] });
    const valkeyPort = await freeTcpPort(HOST);
    const valkeyProcess = spawn('valkey-server', ['--port', String(valkeyPort), '--bind', HOST, '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    const valkeyUrl = `redis://${HOST}:${valkeyPort}`;
    const env = {
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
      // Nobody listens there: both probes must be cut off.
      RTPENGINE_URLS: `udp://${HOST}:${await freeTcpPort(HOST)}`,
      SIP_TRUNK_ADDRESS: `${HOST}:${await freeTcpPort(HOST)}`,
      ...settings,
    };
    const config = readConfig(env);
    const mongo = await mongoose.createConnection(documents.uri, { dbName: 'proofline', serverSelectionTimeoutMS: 5_000 }).asPromise();
    const objects = createObjectClient(config);
    await objects.makeBucket(config.S3_BUCKET);
    const valkey = new Redis(valkeyUrl, { maxRetriesPerRequest: 20 });
    valkey.on('error', () => undefined);
    await valkey.ping();
    const bus = createValkeyBus({ url: valkeyUrl, log: silentLogger });
    const commands = createValkeyCommands({ url: valkeyUrl, log: silentLogger });
    const site = new EvidenceSite(home, env, config, mongo, objects, bus, commands, valkeyProcess, [
      () => bus.close(),
      () => commands.close(),
      () => mongo.close(),
      async () => valkey.disconnect(),
      () => store.stop(),
      () => documents.close(),
    ]);
    const audit = async (entry: AuditEntry): Promise<void> => void site.acts.push(entry);
    const needs = {
      config,
      mongo,
      reads: createAllReads(mongo),
      objects,
      audit,
      commands,
      licenceFile: createLicenceFile({ config, mongo, audit }),
      inventory: createInventory({ mongo }),
      attachment: createAttachmentBodies({ config, mongo, objects }),
      workdays: createWorkdayReader(mongo),
      registerChanged: async () => undefined,
    };
    await seedRegistryDemo(needs);
    site.newWorker = (now) =>
      createEvidenceWorker({
        ...needs,
        sheets: (day) => site.sheets(day),
        witnessed: createWitnessedSince(needs),
        openJumps: createOpenJumps(mongo),
        auditedJumps: createJumpReader(mongo),
        ledger: createLedgerReader(mongo),
        ledgerNumbers: createLedgerNumbers(mongo),
        restores: createRestoreReader(mongo),
        attached: createAttachedBodies({ mongo, objects, config }),
        recorded: createRecordingBodies({ ...needs, bus, log: silentLogger }),
        newLooks: createRecordingLooks({ ...needs, bus, log: silentLogger }),
        storedFigures: () => site.stored(),
        bus,
        probe: createProbeRound({
          ...{ ...needs, valkey, seats: createSeatReadings(needs), probeTimeoutMs: 4_000 },
          ...(now === undefined ? {} : { now }),
        }),
        log: { ...silentLogger, error: (fields) => void site.faults.push(fields) },
        ...(now === undefined ? {} : { now }),
      });
    site.worker = site.newWorker();
    site.routes = [
      ...createEvidenceRoutes({
        ...needs,
        namedSeed: createNamedSeed(needs),
        newestWitnessed: createNewestWitnessed({ mongo, messages: { states: async () => [] } }),
      }),
      ...createWitnessRoutes(needs),
      ...createInventoryRoutes(needs),
      ...createRegistryRoutes(needs),
    ];
    await site.worker.start();
    const sheets = createProofSheets({
      ...{ config, mongo, commands, openSigner: createSigner(needs) },
      holder: async (language) => holderOf(await needs.licenceFile.read(language)),
    });
    await sheets.start();
    site.closers.unshift(() => sheets.stop());
    return site;
  }

  /** Orders a pack and waits for its end. */
  async makePack(
    kind: 'licence' | 'inspection' | 'annual',
    from: string,
    to: string,
    language: 'zh-CN' | 'en' = 'zh-CN',
  ): Promise<EventOf<'evidence.progress'>> {
    return this.sealed(() =>
      this.commands.send('evidence.make-pack', { kind, from, to, requestedBy: 'test', language }, { timeoutMs: 10_000 }),
    );
  }

  /** Orders a pack and waits until it is sealed or has failed. */
  async sealed(order: () => Promise<unknown>): Promise<EventOf<'evidence.progress'>> {
    let end: (event: EventOf<'evidence.progress'>) => void = () => undefined;
    const ended = new Promise<EventOf<'evidence.progress'>>((resolve) => (end = resolve));
    const stop = await this.bus.follow((delivered) => {
      if (delivered.name === 'evidence.progress' && ['sealed', 'failed'].includes(delivered.event.step)) end(delivered.event);
    });
    await order();
    const last = await ended;
    await stop();
    return last;
  }

  /** Calls a route's handler as the web does once it has let the caller in. */
  async ask(
    method: Route['method'],
    path: string,
    input: { params?: object; query?: object; body?: object; file?: Buffer; response?: object } = {},
  ): Promise<unknown> {
    const route = this.routes.find((each) => each.method === method && each.path === path);
    if (route === undefined) throw new Error(`no route ${method} ${path}`);
    return route.handle({
      principal: {
        userId: 'inspector',
        name: '检查人员',
        sessionId: 's',
        roles: ['inspector'],
        scope: { queues: [], sites: [], clientUnits: [] },
      },
      params: route.params?.parse(input.params ?? {}),
      query: route.query?.parse(input.query ?? {}),
      body: route.body?.parse(input.body ?? {}),
      from: HOST,
      request: { get: () => 'application/octet-stream' } as never,
      response: input.response as never,
      upload: { file: async () => input.file } as never,
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
