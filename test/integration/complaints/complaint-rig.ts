import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { createExpressApp } from '../../../services/api/adapters/express-app.js';
import { createComplaintReach, createComplaintRoutes, createComplaintWorker } from '../../../services/complaints/index.js';
import { createSatisfactionRoutes } from '../../../services/satisfaction/index.js';
import type { Principal, Role, Scope } from '../../../services/shared/domain/people/rights.js';
import { readConfig } from '../../../services/shared/platform/settings/config.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import { createReach } from '../../../services/shared/platform/reach/reach.js';
import type { AuditEntry, Route } from '../../../services/shared/platform/http/route.js';
import { reachesAll } from '../../support/reaches.js';
import { complaintNeeds } from './complaint-needs.js';
import { BUCKET, startRecordingStores, type RecordingStores } from '../recording/recording-stores.js';

// The routes of complaints and satisfaction behind the real gateway, on the embedded stores; the watch runs when it is started.

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly bytes: Buffer;
}

const person = (userId: string, role: Role, scope: Partial<Scope> = {}): Principal => ({
  userId,
  name: userId,
  sessionId: `session-${userId}`,
  roles: [role],
  scope: { queues: [], sites: [], clientUnits: [], ...scope },
});

export class ComplaintRig {
  readonly audited: AuditEntry[] = [];
  readonly held: string[] = [];
  readonly people = new Map<string, Principal>();

  private constructor(
    readonly stores: RecordingStores,
    private readonly valkey: Redis,
  ) {}
  /** The numbers of the centre, each with its client unit. */
  serviceNumbers: readonly { readonly number: string; readonly clientUnit: string }[] = [];
  /** The routes of both slices, as the gateway serves them. */
  routes: readonly Route[] = [];
  readonly #listeners = new Set<(name: string, event: object) => void>();
  #server: Server | undefined;
  #base = '';

  static async start(people: readonly (readonly [name: string, role: Role, scope?: Partial<Scope>])[]): Promise<ComplaintRig> {
    // Only the public form needs the live state, and nothing here sends it.
    const rig = new ComplaintRig(await startRecordingStores(), new Redis({ lazyConnect: true }));
    for (const [name, role, scope] of people) rig.people.set(name, person(name, role, scope));
    await rig.stores.objects.makeBucket(BUCKET);
    await rig.#open();
    return rig;
  }

  get config() {
    return readConfig(this.env);
  }
  /** What a process of its own needs to work on the same stores. */
  get env(): Record<string, string> {
    return {
      PROOFLINE_HOME: this.stores.folder,
      MONGODB_URI: this.stores.uri,
      VALKEY_URL: 'redis://127.0.0.1:1',
      S3_ENDPOINT: this.stores.endpoint,
      S3_ACCESS_KEY: 'keeper',
      S3_SECRET_KEY: 'keeper-secret',
      S3_BUCKET: BUCKET,
      DRACHTIO_URL: 'tcp://127.0.0.1:1',
      DRACHTIO_SECRET: 'unused unused',
      MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
      TOKEN_KEY: 'unused unused unused unused unused',
      SEAT_KEY: Buffer.alloc(32, 2).toString('base64'),
      ADMIN_PASSWORD: 'unused unused unused',
    };
  }

  #needs() {
    const { env, stores, audited, held } = this;
    return complaintNeeds(
      { env, mongo: stores.mongo, objects: stores.objects },
      {
        audited,
        held,
        told: (name, event) => {
          for (const listener of this.#listeners) listener(name, event);
        },
        serviceNumbers: () => this.serviceNumbers,
      },
    );
  }

  /** Hears what the slices tell others. */
  onTold(listener: (name: string, event: object) => void): void {
    this.#listeners.add(listener);
  }

  hashNumber(number: string): string {
    return numberHasher(this.config.MASTER_KEY)(number) ?? '';
  }

  worker() {
    return createComplaintWorker(this.#needs());
  }

  async #open(): Promise<void> {
    const needs = this.#needs();
    this.routes = [
      ...createComplaintRoutes({ ...needs, valkey: this.valkey, reachesCall: reachesAll(true).call }),
      ...createSatisfactionRoutes({ ...needs, reachOf: createReach(needs.serviceNumbers) }),
    ];
    const app = createExpressApp({
      lookUps: { take: async () => true },
      routes: this.routes,
      whoIs: async (token) => this.people.get(token),
      reaches: { ...reachesAll(true), complaint: createComplaintReach(needs) },
      audit: needs.audit,
      log: needs.log,
      proxies: [],
      pages: this.stores.folder,
      overTls: false,
      checksAnswers: true,
    });
    this.#server = app.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api`;
  }

  async ask(who: string, method: string, path: string, body?: unknown): Promise<Answer> {
    const raw = body instanceof Uint8Array || typeof body === 'string';
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${who}`,
        ...(body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: raw ? Buffer.from(body as Uint8Array) : JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, bytes, body: isJson ? (JSON.parse(bytes.toString()) as unknown) : undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const server = this.#server;
    if (server !== undefined) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
    this.valkey.disconnect();
    await this.stores.stop();
  }
}
