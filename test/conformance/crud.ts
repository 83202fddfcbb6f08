import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startDocumentStore } from '../../infra/embedded/documents/index.js';
import { runUnified, type Outcome } from './unified.js';

/** The files of the CRUD specification in `folder`, run against the embedded document store, or against the server that `uri` names. */
export async function runCrud(folder: string, uri?: string): Promise<Outcome[]> {
  const home = await mkdtemp(join(tmpdir(), 'conformance-'));
  const store = uri === undefined ? await startDocumentStore({ folder: home, minFreeBytes: 0 }) : undefined;
  try {
    const target = await describe(uri ?? store?.uri ?? '');
    const outcomes: Outcome[] = [];
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json')).sort())
      outcomes.push(...(await runUnified(await readFile(join(folder, file), 'utf8'), target)));
    return outcomes;
  } finally {
    await store?.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function describe(uri: string): Promise<{ readonly uri: string; readonly version: string; readonly topology: string }> {
  const client = await new MongoClient(uri).connect();
  try {
    const admin = client.db('admin');
    const [{ version }, { setName }] = await Promise.all([admin.command({ buildInfo: 1 }), admin.command({ hello: 1 })]);
    return { uri, version: String(version), topology: setName === undefined ? 'single' : 'replicaset' };
  } finally {
    await client.close();
  }
}
