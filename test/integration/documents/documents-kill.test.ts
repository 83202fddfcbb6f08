import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { MongoClient, type Collection } from 'mongodb';
import { checkFolder } from '../../../infra/embedded/documents/maintenance/check.js';
import { spawnStore, temporaryFolder } from './documents-support.js';

interface Row {
  readonly _id: string;
  readonly lane: number;
  readonly version: number;
  readonly check: string;
  readonly tags: readonly string[];
}

const rounds = 50;
const lanes = 12;
const acknowledgedPerRound = 60;

/** A document whose parts follow from each other, so that half of one cannot look whole. */
function rowOf(_id: string, lane: number, version: number): Row {
  return { _id, lane, version, check: `${_id}/${version}`.repeat(20), tags: [`${_id}-${version}`, `lane-${lane}`] };
}

interface Tally {
  /** The version last acknowledged of each document; 0 for one that was removed. */
  readonly acknowledged: Map<string, number>;
  /** Versions asked for and not answered: they may be there or not. */
  readonly unanswered: Map<string, number>;
}

/** Inserts, updates and removes until the connection breaks, and notes what was acknowledged. */
async function work(rows: Collection<Row>, round: number, lane: number, tally: Tally, onAcknowledged: () => void): Promise<void> {
  for (let at = 0; ; at += 1) {
    const id = `${round}-${lane}-${at}`;
    const steps: (readonly [version: number, run: () => Promise<unknown>])[] = [
      [1, () => rows.insertOne(rowOf(id, lane, 1))],
      [2, () => rows.replaceOne({ _id: id }, rowOf(id, lane, 2))],
    ];
    if (at % 3 === 0) steps.push([0, () => rows.deleteOne({ _id: id })]);
    for (const [version, run] of steps) {
      tally.unanswered.set(id, version);
      try {
        await run();
      } catch {
        return;
      }
      tally.unanswered.delete(id);
      tally.acknowledged.set(id, version);
      onAcknowledged();
    }
  }
}

test(`nothing acknowledged is lost and nothing half-written is served over ${rounds} kills`, async () => {
  await using folder = await temporaryFolder();
  const tally: Tally = { acknowledged: new Map(), unanswered: new Map() };
  for (let round = 0; round < rounds; round += 1) {
    const store = await spawnStore(folder.path);
    const client = new MongoClient(store.uri, { retryWrites: false, serverSelectionTimeoutMS: 2000 });
    const rows = client.db('test').collection<Row>('rows');
    if (round === 0)
      await rows.createIndexes([
        { key: { lane: 1, version: -1 } },
        { key: { tags: 1 }, unique: false },
        { key: { check: 1 }, unique: true },
      ]);
    let left = acknowledgedPerRound + ((round * 37) % 100);
    const killed = once(store.process, 'exit');
    const onAcknowledged = (): void => {
      left -= 1;
      if (left === 0) store.process.kill('SIGKILL');
    };
    await Promise.all(Array.from({ length: lanes }, (_lane, lane) => work(rows, round, lane, tally, onAcknowledged)));
    await killed;
    await client.close();
  }

  // Everything is compared: the engine's own check, then every document and every index entry through the protocol.
  const report = await checkFolder(folder.path, () => undefined);
  expect(report.problems).toEqual([]);
  const store = await spawnStore(folder.path);
  const client = new MongoClient(store.uri);
  const served = new Map((await client.db('test').collection<Row>('rows').find().toArray()).map((row) => [row._id, row]));
  await client.close();
  store.process.kill('SIGTERM');
  await once(store.process, 'exit');
  const lost: string[] = [];
  for (const [id, version] of tally.acknowledged) {
    const found = served.get(id)?.version ?? 0;
    if (found !== version && tally.unanswered.get(id) !== found) lost.push(id);
  }
  const half = [...served.values()].filter((row) => JSON.stringify(row) !== JSON.stringify(rowOf(row._id, row.lane, row.version)));
  const unknown = [...served.keys()].filter((id) => !tally.acknowledged.has(id) && !tally.unanswered.has(id));
  process.stdout.write(
    `${rounds} kills, ${tally.acknowledged.size} documents acknowledged, ${tally.unanswered.size} writes unanswered, ${served.size} documents served\n`,
  );
  expect({ lost, half, unknown }).toEqual({ lost: [], half: [], unknown: [] });
}, 600_000);
