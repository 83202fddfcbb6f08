import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { MongoClient, type Collection, type Db, type Document } from 'mongodb';
import { startDocumentStore, type DocumentStore } from '../../infra/embedded/documents/index.js';
import { temporaryFolder } from '../integration/documents/documents-support.js';

export interface Row extends Document {
  _id: number | string;
}

export interface ContractDatabase {
  readonly client: MongoClient;
  readonly db: Db;
  readonly rows: Collection<Row>;
  /** The embedded store; undefined against a real server. */
  readonly store: DocumentStore | undefined;
  fill(count: number): Promise<void>;
}

/** An empty database before each test: in the embedded store, or in the real MongoDB that MONGODB_TEST_URI names. */
export function contractDatabase(suite: string): ContractDatabase {
  const name = `contract_${suite}_${process.pid}`;
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  const on: { -readonly [K in keyof ContractDatabase]: ContractDatabase[K] } = {
    client: undefined as never,
    db: undefined as never,
    rows: undefined as never,
    store: undefined,
    async fill(count) {
      await on.rows.insertMany(
        Array.from({ length: count }, (_row, at) => ({ _id: at, n: at % 10, s: `s${at}`, tags: [at, at + 1], sub: { k: at } })),
      );
    },
  };
  beforeAll(async () => {
    let uri = process.env['MONGODB_TEST_URI'];
    if (uri === undefined) {
      folder = await temporaryFolder();
      on.store = await startDocumentStore({ folder: folder.path, minFreeBytes: 0 });
      ({ uri } = on.store);
    }
    on.client = await new MongoClient(uri).connect();
    on.db = on.client.db(name);
    on.rows = on.db.collection<Row>('rows');
  });
  beforeEach(async () => {
    await on.db.dropDatabase();
  });
  afterAll(async () => {
    await on.db.dropDatabase();
    await on.client.close();
    await on.store?.close();
    await folder?.[Symbol.asyncDispose]();
  });
  return on;
}
