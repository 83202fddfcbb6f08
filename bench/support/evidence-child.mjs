// What the evidence benchmark measures in a process of its own, bundled as the product is: its memory is nobody else's.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createDayFacts, createEvidenceWorker, createSeatReadings, verifyPack } from '../../services/evidence/index.ts';
import { createInventory, createProbeRound } from '../../services/inventory/index.ts';
import { createWorkdayReader } from '../../services/complaints/index.ts';
import { createAttachedBodies } from '../../services/main/attached-bodies.ts';
import { createAllReads } from '../../services/main/reads.ts';
import { createJumpReader, createRestoreReader } from '../../services/audit/index.ts';
import { createLedgerNumbers, createLedgerReader, createOpenJumps, createRecordingLooks } from '../../services/recording/index.ts';
import { createMongoLedger } from '../../services/recording/ledger/adapters/mongo-ledger.ts';
import { FIRST_PREVIOUS, SheetBuilder } from '../../services/recording/ledger/sheet.ts';
import { createAttachmentBodies, createLicenceFile, seedRegistryDemo } from '../../services/registry/index.ts';
import { readConfig } from '../../services/shared/platform/settings/config.ts';
import { silentLogger } from '../../services/shared/platform/processes/logger.ts';
import { createObjectClient } from '../../services/shared/platform/stores/objects.ts';
import { createValkeyBus } from '../../services/shared/platform/events/valkey-bus.ts';
import { createValkeyCommands } from '../../services/shared/platform/events/valkey-commands.ts';
import { soundOf } from './evidence-sound.ts';
import { DRAW, FILLED_OBJECT } from './evidence-support.ts';

const DAY_MS = 86_400_000;
const [task, argument = ''] = process.argv.slice(2);
await { pack: makePack, seal: sealDays, verify }[task](JSON.parse(argument));
process.disconnect();

async function verify({ path, of, drawn }) {
  const began = performance.now();
  const verdict = await verifyPack(path, drawn ? { toldSeed: DRAW.seed, toldCount: DRAW.asked } : {});
  if (of === 'content' && verdict.colour === 'red')
    throw new Error(`The pack of the benchmark is red: ${verdict.findings.map(({ code, subject }) => `${code} ${subject}`).join(', ')}`);
  // A pack of bytes has only a signature: nothing is asked about rows and figures.
  if (verdict.problems.length > 0 || verdict.signature !== 'valid') throw new Error('The pack of the benchmark does not verify.');
  answer(began);
}

function sheetsPath(config) {
  return join(config.PROOFLINE_HOME, 'sheets.json');
}

/** Seals the days of the period from what the stores have, as the product does each night. */
async function sealDays({ settings, from, to }) {
  const began = performance.now();
  const config = readConfig(settings);
  const mongo = await mongoose.createConnection(config.MONGODB_URI, { dbName: 'proofline' }).asPromise();
  const objects = createObjectClient(config);
  if (!(await objects.bucketExists(config.S3_BUCKET))) await objects.makeBucket(config.S3_BUCKET);
  const dayFacts = createDayFacts({ config, mongo, reads: createAllReads(mongo), objects });
  const ledger = createMongoLedger(mongo);
  const sha256 = (text) => createHash('sha256').update(text).digest('hex');
  const sheets = [];
  for (let at = Date.parse(`${from}T00:00:00+08:00`); at <= Date.parse(`${to}T00:00:00+08:00`); at += DAY_MS) {
    const builder = new SheetBuilder(sha256);
    for await (const row of ledger.between(new Date(at).toISOString(), new Date(at + DAY_MS).toISOString())) builder.push(row);
    const day = new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
    const facts = await dayFacts.of({ fromMs: at, untilMs: at + DAY_MS });
    const previousHash = sheets.at(-1)?.hash ?? FIRST_PREVIOUS;
    const sealedAt = new Date(at + DAY_MS + 1_000_000).toISOString();
    sheets.push(builder.seal({ day, timeZone: config.SITE_TIME_ZONE, previousHash, amendments: [], facts, sealedAt }));
  }
  await writeFile(sheetsPath(config), JSON.stringify(sheets));
  await mongo.close();
  answer(began);
}

/** Orders a pack as the page does and waits for its seal: probes, reading, documents, archive, upload. */
async function makePack({ settings, kind, from, to }) {
  const config = readConfig(settings);
  const mongo = await mongoose.createConnection(config.MONGODB_URI, { dbName: 'proofline' }).asPromise();
  const client = createObjectClient(config);
  if (!(await client.bucketExists(config.S3_BUCKET))) await client.makeBucket(config.S3_BUCKET);
  await client.putObject(config.S3_BUCKET, FILLED_OBJECT.key, Buffer.alloc(FILLED_OBJECT.bytes));
  const live = new Redis(config.VALKEY_URL);
  const bus = createValkeyBus({ url: config.VALKEY_URL, log: silentLogger });
  const commands = createValkeyCommands({ url: config.VALKEY_URL, log: silentLogger });
  const audit = async () => undefined;
  const needs = {
    ...{ config, mongo, objects: client, audit, commands },
    reads: createAllReads(mongo),
    licenceFile: createLicenceFile({ config, mongo, audit }),
    attachment: createAttachmentBodies({ config, mongo, objects: client }),
    inventory: createInventory({ mongo }),
    workdays: createWorkdayReader(mongo),
    registerChanged: async () => undefined,
    witnessed: async () => [],
  };
  await seedRegistryDemo(needs);
  const looksOf = createRecordingLooks({ ...needs, bus, log: silentLogger });
  const worker = createEvidenceWorker({
    ...needs,
    storedFigures: async () => [],
    sheets: async () => JSON.parse(await readFile(sheetsPath(config), 'utf8').catch(() => '[]')),
    openJumps: createOpenJumps(mongo),
    auditedJumps: createJumpReader(mongo),
    ledger: createLedgerReader(mongo),
    ledgerNumbers: createLedgerNumbers(mongo),
    restores: createRestoreReader(mongo),
    attached: createAttachedBodies({ config, mongo, objects: client }),
    recorded: async (callId) => {
      const [row, { _id: ledgerNumber } = {}] = await Promise.all([
        mongo.collection('recordings').findOne({ _id: callId }),
        mongo.collection('ledger').findOne({ callId }),
      ]);
      return { body: soundOf(callId, row.sizeBytes), ledgerNumber };
    },
    // The last bytes are read from the store. The drawn recordings are made up by `recorded`: none lies there to be opened.
    newLooks: () => ({ ...looksOf(), whole: async () => undefined }),
    bus,
    probe: createProbeRound({ ...needs, valkey: live, seats: createSeatReadings(needs) }),
    log: { ...silentLogger, error: (fields) => console.error(fields) },
  });
  await worker.start();
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  const began = performance.now();
  const stop = await bus.follow(({ name, event }) => {
    if (name !== 'evidence.progress') return;
    if (process.env['STEPS'] === 'yes') showStep(event, began);
    if (['sealed', 'failed'].includes(event.step)) end(event);
  });
  const drawn = kind === 'inspection' ? { drawn: { ...DRAW, reason: 'bench' } } : {};
  await commands.send('evidence.make-pack', { kind, from, to, requestedBy: 'bench', ...drawn }, { timeoutMs: 10_000 });
  if ((await ended).step !== 'sealed') throw new Error('The pack was not sealed.');
  const folder = join(config.PROOFLINE_HOME, 'evidence', 'packs');
  answer(
    began,
    join(
      folder,
      (await readdir(folder))
        .filter((name) => name.includes(kind === 'annual' ? '-NB-' : '-JC-'))
        .sort()
        .at(-1),
    ),
  );
  await stop();
  await worker.stop();
  await bus.close();
  await commands.close();
  live.disconnect();
  await mongo.close();
}

function answer(beganMs, path) {
  // Not from `process.resourceUsage()`: a child's peak there begins with what its parent held.
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  process.send({ seconds: (performance.now() - beganMs) / 1_000, peakMb: peakKb / 1_024, path });
}

/** With STEPS=yes: where the time and the memory go. */
function showStep({ done, step }, beganMs) {
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  const mb = (bytes) => Math.round(bytes / 2 ** 20);
  console.error(
    `${((performance.now() - beganMs) / 1_000).toFixed(1)} s  rss ${mb(rss)} heap ${mb(heapUsed)} of ${mb(heapTotal)} external ${mb(external)} MB  ${done} % ${step}`,
  );
}
