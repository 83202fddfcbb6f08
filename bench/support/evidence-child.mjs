// What the evidence benchmark measures in a process of its own, bundled as the product is: its memory is nobody else's.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { verifyPack, createEvidenceWorker } from '../../services/evidence/index.ts';
import { createWorkdayReader } from '../../services/complaints/index.ts';
import { createAttachedBodies } from '../../services/main/attached-bodies.ts';
import { createAllReads } from '../../services/main/reads.ts';
import { createLedgerReader } from '../../services/recording/index.ts';
import { createAttachmentBodies, createLicenceFile, seedRegistryDemo } from '../../services/registry/index.ts';
import { readConfig } from '../../services/shared/platform/settings/config.ts';
import { silentLogger } from '../../services/shared/platform/processes/logger.ts';
import { createObjectClient } from '../../services/shared/platform/stores/objects.ts';
import { createValkeyBus } from '../../services/shared/platform/events/valkey-bus.ts';
import { createValkeyCommands } from '../../services/shared/platform/events/valkey-commands.ts';

const [task, argument = ''] = process.argv.slice(2);
await (task === 'pack' ? makePack(JSON.parse(argument)) : verify(argument));
process.disconnect();

async function verify(path) {
  const began = performance.now();
  const verdict = await verifyPack(path);
  // The pack has only bytes and a signature: nothing is asked about rows and figures.
  if (verdict.problems.length > 0 || verdict.signature !== 'valid') throw new Error('The pack of the benchmark does not verify.');
  answer(began);
}

/** Orders a pack as the page does and waits for its seal: probes, reading, documents, archive, upload. */
async function makePack({ settings, kind, from, to }) {
  const config = readConfig(settings);
  const mongo = await mongoose.createConnection(config.MONGODB_URI, { dbName: 'proofline' }).asPromise();
  const client = createObjectClient(config);
  if (!(await client.bucketExists(config.S3_BUCKET))) await client.makeBucket(config.S3_BUCKET);
  const live = new Redis(config.VALKEY_URL);
  const bus = createValkeyBus({ url: config.VALKEY_URL, log: silentLogger });
  const commands = createValkeyCommands({ url: config.VALKEY_URL, log: silentLogger });
  const audit = async () => undefined;
  const needs = {
    ...{ config, mongo, objects: client, audit, commands },
    reads: createAllReads(mongo),
    licenceFile: createLicenceFile({ config, mongo, audit }),
    attachment: createAttachmentBodies({ config, mongo, objects: client }),
    workdays: createWorkdayReader(mongo),
    registerChanged: async () => undefined,
    messages: { canSend: () => false, queue: async () => undefined, states: async () => [] },
  };
  await seedRegistryDemo(needs);
  const worker = createEvidenceWorker({
    ...needs,
    storedFigures: async () => [],
    sheets: async () => [],
    ledger: createLedgerReader(mongo),
    attached: createAttachedBodies({ config, mongo, objects: client }),
    recorded: async () => ({}),
    bus,
    valkey: live,
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

function answer(beganMs) {
  // Not from `process.resourceUsage()`: a child's peak there begins with what its parent held.
  const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  process.send({ seconds: (performance.now() - beganMs) / 1_000, peakMb: peakKb / 1_024 });
}

/** With STEPS=yes: where the time and the memory go. */
function showStep({ done, step }, beganMs) {
  const { rss, heapUsed, external } = process.memoryUsage();
  const mb = (bytes) => Math.round(bytes / 2 ** 20);
  console.error(
    `${((performance.now() - beganMs) / 1_000).toFixed(1)} s  rss ${mb(rss)} heap ${mb(heapUsed)} external ${mb(external)} MB  ${done} % ${step}`,
  );
}
