// npm run bench -- --only recording-search: the searches of the recordings page over a hundred thousand and a million stored recordings.
// Alone: npx tsx bench/recording-search.ts --size 1000000 [--folder DIR] [--store-only]. Rows that the folder has already are not stored again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { startDocumentStore } from '../infra/embedded/documents/index.js';
import { createMongoRecordings } from '../services/recording/archive/adapters/mongo-recordings.js';
import type { RecordingSearch } from '../services/recording/archive/ports.js';
import { WHOLE_CENTRE } from '../services/shared/platform/reach/reach.js';
import { percentile, report } from './support/report.js';

const given = (name: string): string | undefined =>
  process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined;
const SIZES = given('--size') === undefined ? [100_000, 1_000_000] : [Number(given('--size'))];
const FOLDER = given('--folder');
const BATCH = 5_000;
const ROUNDS = 20;
const LIMIT = 20;
const FIRST_MS = Date.UTC(2026, 0, 1);
/** Twenty thousand calls a day. */
const APART_MS = 86_400_000 / 20_000;
const AGENTS = 200;
const QUEUES = 20;
const CALLERS = 300_000;

/** Every nth recording has what one search asks for; all other values are spread evenly. */
function row(i: number): object {
  const startedAt = new Date(FIRST_MS + i * APART_MS).toISOString();
  return {
    _id: `call-${i}`,
    ledgerNumber: i + 1,
    startedAt,
    endedAt: startedAt,
    durationMs: 10_000 + ((i * 7_919) % 900_000),
    keepUntil: startedAt,
    sha256: '',
    notes: i % 500 === 0 ? [{ id: 'n', atMs: 0, text: i % 5_000 === 0 ? 'asked for a refund' : 'friendly', by: 'u', at: startedAt }] : [],
    noteCount: i % 500 === 0 ? 1 : 0,
    holds: i % 2_000 === 0 ? [{ id: `hold-${i}`, reason: 'complaint', by: 'u', at: startedAt }] : [],
    result: `result-${i % 50}`,
    ...(i % 1_000 === 0 ? { complained: true } : {}),
    facets: {
      direction: 'inbound',
      callerMasked: '138****0000',
      callerHash: `hash-${(i * 104_729) % CALLERS}`,
      called: `400100${i % 10}`,
      agentIds: [`agent-${(i * 31) % AGENTS}`],
      queueId: `queue-${(i * 17) % QUEUES}`,
      disposition: ['question', `result-${i % 50}`],
      ...(i % 3 === 0 ? { score: 1 + ((i / 3) % 5) } : {}),
      ...(i % 1_000 === 0 ? { complaintIds: [`complaint-${i}`] } : {}),
    },
  };
}

const dayOf = (i: number, days: number): { from: Date; to: Date } => ({
  from: new Date(FIRST_MS + i * APART_MS - days * 86_400_000),
  to: new Date(FIRST_MS + i * APART_MS),
});

const searches: readonly (readonly [name: string, query: (round: number, size: number) => Partial<RecordingSearch>])[] = [
  ['nothing asked', () => ({})],
  ['caller', (round) => ({ callerHash: `hash-${round * 97}` })],
  ['agent', (round) => ({ agentId: `agent-${round}` })],
  ['queue', (round) => ({ queueId: `queue-${round % QUEUES}` })],
  ['a day', (round, size) => dayOf(size - round * 1_000, 1)],
  ['agent and length', (round) => ({ agentId: `agent-${round}`, minMs: 600_000 })],
  ['length alone, rare', () => ({ minMs: 909_000 })],
  ['length alone, rare, within 30 days', (round, size) => ({ minMs: 909_000, ...dayOf(size - round * 1_000, 30) })],
  ['length alone, common', () => ({ minMs: 300_000 })],
  ['length alone, common, none in these days', () => ({ minMs: 300_000, to: new Date(FIRST_MS - 1) })],
  ['result', (round) => ({ disposition: `result-${round}` })],
  ['low score', () => ({ maxScore: 2 })],
  ['low score in a queue', (round) => ({ maxScore: 2, queueId: `queue-${round % QUEUES}` })],
  ['complaint', () => ({ complaint: true })],
  ['complaint of an agent', (round) => ({ complaint: true, agentId: `agent-${round * 10}` })],
  ['legal hold', () => ({ held: true })],
  ['word in a note', () => ({ note: 'refund' })],
  ['word in no note', () => ({ note: 'no such word' })],
];

const folder = FOLDER ?? (await mkdtemp(join(tmpdir(), 'recording-search-')));
const documents = await startDocumentStore({ folder: join(folder, 'documents') });
try {
  for (const size of SIZES) await searchAmong(size);
} finally {
  await documents.close();
  if (FOLDER === undefined) await rm(folder, { recursive: true, force: true });
}

async function searchAmong(size: number): Promise<void> {
  const mongo = await mongoose.createConnection(`${documents.uri}bench-${size}`, { autoIndex: false }).asPromise();
  const store = createMongoRecordings(mongo);
  for (let stored = await mongo.collection('recordings').estimatedDocumentCount(); stored < size; stored += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, i) => row(stored + i));
    await mongo.collection('recordings').insertMany(rows);
  }
  // Rows first: inserting a million under thirteen indexes would take most of the benchmark.
  for (const model of Object.values(mongo.models)) await model.createIndexes();
  if (process.argv.includes('--store-only')) return mongo.close();
  const many = `${size.toLocaleString('en')} recordings`;
  let worst = { name: '', ms: 0 };
  for (const [name, query] of searches) {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedAt = performance.now();
      await store.search({ limit: LIMIT, reach: WHOLE_CENTRE, ...query(round, size) });
      took.push(performance.now() - startedAt);
    }
    const ms = percentile(took, 0.95);
    if (ms > worst.ms) worst = { name, ms };
    report({ what: `search by ${name}, p50, ${many}`, value: percentile(took, 0.5), unit: 'ms' });
    report({ what: `search by ${name}, p95, ${many}`, value: ms, unit: 'ms' });
  }
  report({ what: `slowest search (${worst.name}), ${many}`, value: worst.ms, unit: 'ms', target: '<= 300 ms' });
  await mongo.close();
}
