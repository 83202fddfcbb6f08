// The body of the thread that brings ended calls in: what services/main puts together for a process, this does for the thread.
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readProcessConfig } from '../../shared/platform/config.js';
import { createLogger } from '../../shared/platform/logger.js';
import { connectMongo } from '../../shared/platform/mongo.js';
import { createObjectClient } from '../../shared/platform/objects.js';
import { remembered } from '../../shared/platform/remembered.js';
import { createValkeyBus } from '../../shared/platform/valkey-bus.js';
import { createAesSealer } from '../archive/adapters/aes-sealer.js';
import { createPieceShelf, createSealedShelf } from '../archive/adapters/call-folder.js';
import { createMongoCallIndex } from '../archive/adapters/mongo-call-index.js';
import { createMongoRetention } from '../archive/adapters/mongo-keeping.js';
import { createMongoRecordings } from '../archive/adapters/mongo-recordings.js';
import { createOpusEncoder } from '../archive/adapters/opus-encoder.js';
import { createPcapFolder } from '../archive/adapters/pcap-folder.js';
import { createS3Archive } from '../archive/adapters/s3-archive.js';
import { DistantSpool, type FromThread, type ToThread } from '../archive/adapters/spool-link.js';
import { Archiver } from '../archive/archiver.js';
import { FinishingQueue } from '../archive/finishing.js';
import { callFolder } from '../capture/adapters/spool-folders.js';
import { createMongoLedger } from '../ledger/adapters/mongo-ledger.js';
import { masterKeys } from './keeping.js';

/** A recording is kept for as long as was set so long ago at most. */
const RETENTION_MEMORY_MS = 5_000;

const port = parentPort;
if (port === null) throw new Error('This is the body of a thread.');
// Of this thread alone, on Linux: calls that go on, and sound that is arriving, come before recordings of calls that have ended.
setPriority(0, constants.priority.PRIORITY_LOW);

const config = readProcessConfig();
const log = createLogger(config.LOG_LEVEL, { roles: 'recorder', thread: 'archive', pid: process.pid });
const mongo = await connectMongo(config);
const bus = createValkeyBus({ url: config.VALKEY_URL, log });
const retention = createMongoRetention(mongo);
const now = (): Date => new Date();
const tell = (message: FromThread): void => port.postMessage(message);

const spoolFolder = join(config.PROOFLINE_HOME, 'spool', 'recordings');
const spool = new DistantSpool(port, (callId) => callFolder(spoolFolder, callId));
const queue = new FinishingQueue({
  spool,
  captures: createPcapFolder(config.RTPENGINE_PCAP_DIR),
  bus,
  log,
  now,
  encoder: createOpusEncoder(),
  pieces: createPieceShelf,
  sealed: (callId) => createSealedShelf(spool, callId),
  archiver: new Archiver({
    archive: createS3Archive(createObjectClient(config), config.S3_BUCKET, config.S3_REGION),
    recordings: createMongoRecordings(mongo),
    calls: createMongoCallIndex(mongo),
    sealer: createAesSealer(masterKeys(config)),
    retention: remembered(RETENTION_MEMORY_MS, () => retention.get()),
    ledger: createMongoLedger(mongo),
    bus,
    log,
    now,
  }),
  done: (callId) => tell({ kind: 'done', callId }),
  failing: (count) => tell({ kind: 'failing', count }),
});

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'finish':
      queue.finish(message.callId);
      return;
    case 'advance':
      queue.advance(message.calls);
      return;
    case 'answer':
      spool.answered(message);
      return;
    case 'stop':
      void stop();
  }
});

async function stop(): Promise<void> {
  await queue.stop();
  await bus.close();
  await mongo.close();
  process.exit(0);
}
