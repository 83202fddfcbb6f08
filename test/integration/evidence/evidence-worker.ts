import { createWorkdayReader } from '../../../services/complaints/index.js';
import { createAllReads } from '../../../services/main/reads.js';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createInventory, createProbeRound } from '../../../services/inventory/index.js';
import { createEvidenceWorker, createSeatReadings } from '../../../services/evidence/index.js';
import { createAttachmentBodies, createLicenceFile } from '../../../services/registry/index.js';
import { createAttachedBodies } from '../../../services/main/attached-bodies.js';
import { createLedgerNumbers, createLedgerReader, createOpenJumps } from '../../../services/recording/index.js';
import { readConfig } from '../../../services/shared/platform/settings/config.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createObjectClient } from '../../../services/shared/platform/stores/objects.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../../../services/shared/platform/events/valkey-commands.js';

// The evidence worker in a process of its own, beside the stores of a test, for what cannot be done to the test's own process. Prints a
// line of JSON for each step of a pack, with what its outbox holds then.

const config = readConfig(JSON.parse(process.argv[2] ?? '{}') as Record<string, string>);
const mongo = await mongoose.createConnection(config.MONGODB_URI, { dbName: 'proofline' }).asPromise();
const valkey = new Redis(config.VALKEY_URL);
const bus = createValkeyBus({ url: config.VALKEY_URL, log: silentLogger });
const commands = createValkeyCommands({ url: config.VALKEY_URL, log: silentLogger });
const audit = async (): Promise<void> => undefined;
const outbox = async (): Promise<string[]> => readdir(join(config.PROOFLINE_HOME, 'evidence', 'packs')).catch(() => []);
// The test that read this has ended.
process.stdout.on('error', () => process.exit(0));
const say = (fields: object): void => void process.stdout.write(`${JSON.stringify(fields)}\n`);
await bus.follow((delivered) => {
  if (delivered.name !== 'evidence.progress') return;
  const { step, failed } = delivered.event;
  void outbox().then((files) => say({ step, failed, files }));
});
const stores = { config, mongo, reads: createAllReads(mongo), objects: createObjectClient(config), commands };
const worker = createEvidenceWorker({
  ...{ ...stores, audit, bus, log: silentLogger },
  inventory: createInventory({ mongo }),
  probe: createProbeRound({ ...stores, valkey, seats: createSeatReadings(stores), probeTimeoutMs: 4_000 }),
  licenceFile: createLicenceFile({ config, mongo, audit }),
  attachment: createAttachmentBodies({ config, mongo, objects: createObjectClient(config) }),
  workdays: createWorkdayReader(mongo),
  sheets: async () => [],
  openJumps: createOpenJumps(mongo),
  auditedJumps: async () => [],
  ledger: createLedgerReader(mongo),
  ledgerNumbers: createLedgerNumbers(mongo),
  restores: async () => [],
  attached: createAttachedBodies({ mongo, objects: createObjectClient(config), config }),
  recorded: async () => ({}),
  newLooks: () => ({ whole: async () => undefined, end: async () => ({ at: new Date() }) }),
  witnessed: async () => [],
  storedFigures: async () => [],
});
await worker.start();
say({ step: 'ready', files: await outbox() });
